//! GET and POST /unlock/{token}

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::access::sign_in::unlock;
use crate::accounts::account::Account;
use crate::accounts::mailed_link::LinkState;
use crate::base::Token;
use crate::credentials::trusted_browser;
use crate::web::{Cx, DEVICE, Form, Nothing, Refusal, page, see_other};

#[derive(Template)]
#[template(path = "access/sign_in/unlock.html")]
struct UnlockPage {
    cx: Cx,
    open: bool,
    number: String,
    path: String,
}

crate::pages!(UnlockPage);

/// GET: one button, and nothing changes.
pub async fn show(cx: Cx, token: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    let wanted = token.clone();
    let found = cx.state.store.read(move |db| {
        let Some(found) = unlock::find(db, &wanted)? else { return Ok(None) };
        Ok(Account::find(db, found.account_id)?.map(|account| (found, account)))
    });
    let (found, account) = found.await?.ok_or(Refusal::NotFound)?;
    let open = found.state(cx.now()) == LinkState::Open;
    let shown =
        UnlockPage { open, number: account.masked_number(), path: format!("/unlock/{}", token.as_str()), cx };
    Ok(page(StatusCode::OK, &shown))
}

/// POST: this browser is known from now on; the password comes next.
pub async fn follow(
    cx: Cx,
    req: HttpRequest,
    token: web::Path<String>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    let held = cx.state.cookies.token(&req, DEVICE);
    let (now, used) = (cx.now(), token.clone());
    let Some(browser) = cx.state.store.write(move |db| unlock::follow(db, &used, held.as_ref(), now)).await?
    else {
        return Ok(see_other(&format!("/unlock/{}", token.as_str())));
    };
    let mut response = see_other("/sign-in");
    let _ =
        response.add_cookie(&cx.state.cookies.make(DEVICE, browser.as_str(), Some(trusted_browser::DAYS)));
    Ok(response)
}
