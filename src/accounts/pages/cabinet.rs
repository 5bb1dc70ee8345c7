//! GET /cabinet

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use crate::accounts::account::{Account, AccountId};
use crate::accounts::confirmation::Confirmation;
use crate::accounts::gift::{self, Gift};
use crate::web::{Cx, Refusal, SignedIn, page};

#[derive(Template)]
#[template(path = "accounts/cabinet.html")]
struct CabinetPage {
    cx: Cx,
    number: String,
    name: Option<String>,
    gift: Option<Gift>,
    email_missing: bool,
    email_pending: Option<String>,
}

crate::pages!(CabinetPage);

/// What is on the account, as its first page tells.
pub(super) struct Overview {
    pub account: Account,
    pub gift: Option<Gift>,
    /// Masked.
    pub email_pending: Option<String>,
}

pub(super) async fn overview(cx: &Cx, account_id: AccountId) -> Result<Overview, Refusal> {
    let now = cx.now();
    let found = cx.state.store.read(move |db| {
        let Some(account) = Account::find(db, account_id)? else { return Ok(None) };
        let gift = gift::unspent(db, account_id, now)?;
        let email_pending = match account.email {
            Some(_) => None,
            None => Confirmation::open_of(db, account_id, now)?.map(|open| open.masked_email()),
        };
        Ok(Some(Overview { account, gift, email_pending }))
    });
    found.await?.ok_or(Refusal::SignIn)
}

pub async fn show(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let Overview { account, gift, email_pending } = overview(&cx, AccountId::from_i64(who.0.account_id)).await?;
    let (number, email_missing) = (account.grouped_number(), account.email.is_none());
    let shown = CabinetPage { number, name: account.name, gift, email_missing, email_pending, cx };
    Ok(page(StatusCode::OK, &shown))
}
