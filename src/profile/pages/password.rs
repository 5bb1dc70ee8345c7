//! GET and POST /profile/password

use actix_session::Session as SessionCookie;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::sign_in::pages::begin_session;
use crate::accounts::account::Account;
use crate::credentials::current_session::{account_of, write_for};
use crate::credentials::hashing::Hashers;
use crate::credentials::new_password::{self, NewPasswordForm};
use crate::credentials::password as rules;
use crate::credentials::reauthentication::verify_password_now;
use crate::db::Tx;
use crate::profile::password_change::{self, PasswordOutcome};
use crate::web::{
    CurrentSession, Cx, Form, FormState, Problem, Refusal, TRUSTED_BROWSER, page, see_other, unprocessable,
};

crate::pages! {
    "profile/password.html" => struct PasswordPage { form: FormState }
    "profile/done.html" => pub(crate) struct DonePage { title: &'static str, text: &'static str }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PasswordForm {
    current: Zeroizing<String>,
    password: Zeroizing<String>,
    again: Zeroizing<String>,
}

crate::shown_again!(PasswordForm: []);

/// GET /profile/password
pub async fn new(cx: Cx, _session: CurrentSession) -> HttpResponse {
    page(StatusCode::OK, &PasswordPage { form: FormState::empty(), cx })
}

/// GET /p, as messages lead there.
pub async fn brief(cx: Cx) -> HttpResponse {
    cx.redirect_to("/profile/password")
}

/// POST /profile/password: every other session ends; this browser goes on in a new one.
pub async fn change(
    cx: Cx,
    req: HttpRequest,
    CurrentSession(session): CurrentSession,
    cookie: SessionCookie,
    hashers: web::Data<Hashers>,
    form: Form<PasswordForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(form) = form;
    let mut account = account_of(&cx, &session).await?;
    let problems = mistakes(&cx, &account, &form).await?;
    if !problems.is_empty() {
        return Ok(unprocessable(&PasswordPage { form: FormState::empty().all(problems), cx }));
    }
    if let Some(problem) =
        verify_password_now(&cx, &cookie, &hashers, &account, "current", &form.current).await?
    {
        return Ok(unprocessable(&PasswordPage { form: FormState::empty().problem(problem), cx }));
    }
    let password_hash = hashers.hash(rules::normal(&form.password)).await?;
    let (held, asker) = (cx.state.cookies.token(&req, TRUSTED_BROWSER), account.clone());
    let change = move |tx: &mut Tx| password_change::change(tx, &asker, &password_hash, held.as_ref());
    match write_for(&cx, &session, change).await? {
        PasswordOutcome::Wait { until } => Err(Refusal::TooMany { until }),
        PasswordOutcome::Ended => Err(Refusal::SignIn),
        PasswordOutcome::Changed { epoch } => {
            cx.state.wake_worker();
            account.epoch = epoch;
            begin_session(&cx, &cookie, &account, &session.login)?;
            Ok(see_other("/profile/password/changed"))
        }
    }
}

async fn mistakes(cx: &Cx, account: &Account, form: &PasswordForm) -> Result<Vec<Problem>, Refusal> {
    let new = NewPasswordForm { password: form.password.clone(), again: form.again.clone() };
    let broken = new_password::mistakes(cx, &new, account, account.email.clone()).await?;
    let current = form.current.is_empty().then(|| Problem::new("current", "current-password-empty"));
    let mut problems: Vec<Problem> = current.into_iter().chain(broken).collect();
    if problems.is_empty() && rules::normal(&form.current) == rules::normal(&form.password) {
        problems.push(Problem::new("password", "password-same"));
    }
    Ok(problems)
}

/// GET /profile/password/changed
pub async fn changed(cx: Cx, _session: CurrentSession) -> HttpResponse {
    page(StatusCode::OK, &DonePage { title: "password-changed-title", text: "password-changed-text", cx })
}
