//! GET /cabinet

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use diesel::result::QueryResult;

use crate::access::events::SIGNED_IN;
use crate::accounts::activity::{self, ActivityEntry};
use crate::accounts::promo_gift::PromoGift;
use crate::cards::pages::list::{Row, rows};
use crate::credentials::overview::Overview;
use crate::credentials::sessions;
use crate::db::Tx;
use crate::web::{CurrentSession, Cx, Refusal, Session, page};

const A_MOMENT: Duration = Duration::from_secs(5);

#[derive(Template)]
#[template(path = "cabinet/index.html")]
struct CabinetPage {
    cx: Cx,
    number: String,
    name: Option<String>,
    /// The sign-in before this one.
    last_sign_in: Option<ActivityEntry>,
    gift: Option<PromoGift>,
    email_missing: bool,
    email_pending: Option<String>,
    /// Whether a forgotten password could be replaced.
    can_restore: bool,
    /// Those that matter now.
    cards: Vec<Row>,
}

crate::pages!(CabinetPage);

pub async fn show(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    // One read of one state.
    let read = cx.read(move |tx| {
        let Some(overview) = Overview::read(tx, session.account_id)? else { return Ok(None) };
        Ok(Some((overview, rows(tx, session.account_id)?, last_sign_in(tx, &session)?)))
    });
    let (overview, cards, last_sign_in) = read.await?.ok_or(Refusal::SignIn)?;
    let Overview { account, gift, email_pending, can_restore } = overview;
    let (number, email_missing) = (account.grouped_number(), account.email.is_none());
    let cards = cards.into_iter().filter(Row::is_of_interest).collect();
    let shown = CabinetPage {
        number,
        name: account.name,
        last_sign_in,
        gift,
        email_missing,
        email_pending,
        can_restore,
        cards,
        cx,
    };
    Ok(page(StatusCode::OK, &shown))
}

fn last_sign_in(tx: &mut Tx, session: &Session) -> QueryResult<Option<ActivityEntry>> {
    let Some(begun_at) = sessions::begun_at(tx.db, session.account_id, &session.handle)? else {
        return Ok(None);
    };
    // Its own line stands a moment before it.
    activity::latest(tx.db, session.account_id, &SIGNED_IN, begun_at.before(A_MOMENT))
}
