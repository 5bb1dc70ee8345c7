//! GET and POST /profile/email/removal, /profile/phone/removal

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::accounts::identifiers::email::Email;
use crate::accounts::identifiers::phone::Phone;
use crate::credentials::hashing::Hashers;
use crate::credentials::reauthentication::prove;
use crate::credentials::signed_in::{account_of, write_for};
use crate::profile::details::{self, Removed};
use crate::web::{Cx, Form, Refusal, Shown, SignedIn, Visit, page, see_other, shown_again};

#[derive(Template)]
#[template(path = "profile/removal.html")]
struct RemovalPage {
    cx: Cx,
    form: Shown,
    of: Removed,
    /// Masked; None when there is nothing to remove.
    value: Option<String>,
    /// Whether the other one stays.
    allowed: bool,
    ask_password: bool,
}

crate::pages!(RemovalPage);

#[derive(Deserialize)]
pub struct RemovalForm {
    #[serde(default)]
    password: Zeroizing<String>,
}

async fn removal_page(cx: Cx, visit: &Visit, of: Removed) -> Result<(RemovalPage, Account), Refusal> {
    let account = account_of(&cx, visit).await?;
    let email = account.email.as_ref().map(Email::masked);
    let phone = account.phone.as_ref().map(Phone::masked);
    let allowed = email.is_some() && phone.is_some();
    let value = if of == Removed::Email { email } else { phone };
    let ask_password = !visit.is_fresh(cx.now());
    Ok((RemovalPage { form: Shown::empty(), of, value, allowed, ask_password, cx }, account))
}

async fn show(cx: Cx, who: SignedIn, of: Removed) -> Result<HttpResponse, Refusal> {
    let (shown, _account) = removal_page(cx, &who.0, of).await?;
    Ok(page(StatusCode::OK, &shown))
}

async fn remove(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: &Hashers,
    form: RemovalForm,
    of: Removed,
) -> Result<HttpResponse, Refusal> {
    let (mut shown, account) = removal_page(cx, &who.0, of).await?;
    if !shown.allowed {
        return Ok(shown_again(&shown));
    }
    if let Some(problem) = prove(&shown.cx, &session, &who.0, hashers, &account, &form.password).await? {
        shown.form = shown.form.problem(problem);
        return Ok(shown_again(&shown));
    }
    let cx = shown.cx;
    if write_for(&cx, &who.0, move |tx| details::remove(tx, account.id, of)).await? {
        cx.state.wake_worker();
    }
    Ok(see_other("/profile"))
}

/// GET /profile/email/removal
pub async fn email(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    show(cx, who, Removed::Email).await
}

/// GET /profile/phone/removal
pub async fn phone(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    show(cx, who, Removed::Phone).await
}

/// POST /profile/email/removal
pub async fn remove_email(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<RemovalForm>,
) -> Result<HttpResponse, Refusal> {
    remove(cx, who, session, &hashers, form.0, Removed::Email).await
}

/// POST /profile/phone/removal
pub async fn remove_phone(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<RemovalForm>,
) -> Result<HttpResponse, Refusal> {
    remove(cx, who, session, &hashers, form.0, Removed::Phone).await
}
