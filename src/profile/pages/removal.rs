//! GET and POST /profile/email/removal, /profile/phone/removal

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::accounts::identifiers::phone::Phone;
use crate::credentials::current_session::{account_of, write_for};
use crate::profile::details::{self, Contact};
use crate::profile::pages::reauthentication::Reauthentication;
use crate::web::{
    CurrentSession, Cx, Flash, Form, FormState, Refusal, Session, page, see_other, unprocessable,
};

crate::pages! {
    "profile/removal.html" => struct RemovalPage {
        form: FormState,
        of: Contact,
        /// Masked; None when there is nothing to remove.
        value: Option<String>,
        /// Whether the other one stays.
        allowed: bool,
        ask_password: bool,
    }
}

#[derive(Deserialize)]
pub struct RemovalForm {
    #[serde(default)]
    password: Zeroizing<String>,
}

crate::shown_again!(RemovalForm: []);

async fn removal_page(cx: Cx, session: &Session, of: Contact) -> Result<(RemovalPage, Account), Refusal> {
    let account = account_of(&cx, session).await?;
    let email = account.email.as_ref().map(|email| email.as_str().to_owned());
    let phone = account.phone.as_ref().map(Phone::spaced);
    let allowed = email.is_some() && phone.is_some();
    let value = if of == Contact::Email { email } else { phone };
    let ask_password = !session.is_fresh(cx.now());
    Ok((RemovalPage { form: FormState::empty(), of, value, allowed, ask_password, cx }, account))
}

async fn show(cx: Cx, session: Session, of: Contact) -> Result<HttpResponse, Refusal> {
    let (shown, _account) = removal_page(cx, &session, of).await?;
    Ok(page(StatusCode::OK, &shown))
}

async fn remove(
    cx: Cx,
    owner: Reauthentication,
    form: RemovalForm,
    of: Contact,
) -> Result<HttpResponse, Refusal> {
    let (mut shown, account) = removal_page(cx, &owner.session, of).await?;
    if !shown.allowed {
        return Ok(unprocessable(&shown));
    }
    if let Some(problem) = owner.problem(&shown.cx, &account, &form.password).await? {
        shown.form = shown.form.problem(problem);
        return Ok(unprocessable(&shown));
    }
    let cx = shown.cx;
    if !write_for(&cx, &owner.session, move |tx| details::remove(tx, account.id, of)).await? {
        return Ok(see_other("/profile"));
    }
    cx.state.wake_worker();
    owner.session.login_changed(&owner.cookie, of == Contact::Email);
    let removed = if of == Contact::Email { "flash-email-removed" } else { "flash-phone-removed" };
    Ok(cx.leads_on("/profile", Flash::good(removed)))
}

/// GET /profile/email/removal
pub async fn email(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    show(cx, session, Contact::Email).await
}

/// GET /profile/phone/removal
pub async fn phone(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    show(cx, session, Contact::Phone).await
}

/// POST /profile/email/removal
pub async fn remove_email(
    cx: Cx,
    owner: Reauthentication,
    form: Form<RemovalForm>,
) -> Result<HttpResponse, Refusal> {
    remove(cx, owner, form.0, Contact::Email).await
}

/// POST /profile/phone/removal
pub async fn remove_phone(
    cx: Cx,
    owner: Reauthentication,
    form: Form<RemovalForm>,
) -> Result<HttpResponse, Refusal> {
    remove(cx, owner, form.0, Contact::Phone).await
}
