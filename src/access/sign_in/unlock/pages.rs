//! GET and POST /unlock/{token}

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::access::sign_in::pages::to_known_browser;
use crate::access::sign_in::unlock;
use crate::accounts::account::Account;
use crate::accounts::mailed_link::LinkState;
use crate::base::Token;
use crate::web::{ButtonForm, Cx, Form, Refusal, TRUSTED_BROWSER, page, see_other};

crate::pages! {
    "access/sign_in/unlock.html" => struct UnlockPage { open: bool, number: String, path: String }
}

/// GET: one button, and nothing changes.
pub async fn show(cx: Cx, token: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let token = Token::read_brief(&token).ok_or(Refusal::NotFound)?;
    let wanted = token.clone();
    let found = cx.read(move |tx| {
        let Some(found) = unlock::find(tx.db, &wanted)? else { return Ok(None) };
        Ok(Account::find(tx.db, found.account_id)?.map(|account| (found, account)))
    });
    let (found, account) = found.await?.ok_or(Refusal::NotFound)?;
    let open = found.state(cx.now()) == LinkState::Open;
    let is_owner = cx.session.as_ref().is_some_and(|session| session.account_id == account.id);
    let number = if is_owner { account.grouped_number() } else { account.masked_number() };
    let shown = UnlockPage { open, number, path: format!("/unlock/{}", token.as_str()), cx };
    Ok(page(StatusCode::OK, &shown))
}

/// POST: this browser is known from now on; the password comes next.
pub async fn follow(
    cx: Cx,
    req: HttpRequest,
    token: web::Path<String>,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Refusal> {
    let token = Token::read_brief(&token).ok_or(Refusal::NotFound)?;
    let held = cx.state.cookies.token(&req, TRUSTED_BROWSER);
    let used = token.clone();
    let Some(browser) = cx.write(move |tx| unlock::follow(tx, &used, held.as_ref())).await? else {
        return Ok(see_other(&format!("/unlock/{}", token.as_str())));
    };
    Ok(to_known_browser(&cx, "/sign-in", &browser))
}
