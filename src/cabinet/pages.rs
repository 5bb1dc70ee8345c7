//! GET /cabinet

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::accounts::promo_gift::PromoGift;
use crate::cards::pages::list::{Row, rows};
use crate::credentials::overview::{Overview, overview};
use crate::web::{CurrentSession, Cx, Refusal, page};

#[derive(Template)]
#[template(path = "cabinet/index.html")]
struct CabinetPage {
    cx: Cx,
    number: String,
    name: Option<String>,
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
    let id = session.account_id;
    let (overview, cards) = futures_util::future::join(overview(&cx, id), rows(&cx, id)).await;
    let Overview { account, gift, email_pending, can_restore } = overview?;
    let (number, email_missing) = (account.grouped_number(), account.email.is_none());
    let cards = cards?.into_iter().filter(Row::is_of_interest).collect();
    let shown = CabinetPage {
        number,
        name: account.name,
        gift,
        email_missing,
        email_pending,
        can_restore,
        cards,
        cx,
    };
    Ok(page(StatusCode::OK, &shown))
}
