//! GET and POST /profile/password

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::sign_in::pages::begin_visit;
use crate::accounts::account::Account;
use crate::credentials::hashing::Hashers;
use crate::credentials::new_password::{self, NewPasswordForm};
use crate::credentials::password as rules;
use crate::credentials::reauthentication::prove_now;
use crate::credentials::signed_in::{account_of, write_for};
use crate::db::Tx;
use crate::profile::password_change::{self, PasswordOutcome};
use crate::web::{Cx, DEVICE, Form, Problem, Refusal, Shown, SignedIn, page, see_other, shown_again};

#[derive(Template)]
#[template(path = "profile/password.html")]
struct PasswordPage {
    cx: Cx,
    form: Shown,
}

#[derive(Template)]
#[template(path = "profile/done.html")]
pub(crate) struct DonePage {
    pub cx: Cx,
    pub title: &'static str,
    pub text: &'static str,
}

crate::pages!(PasswordPage, DonePage);

#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    current: Zeroizing<String>,
    #[serde(default)]
    password: Zeroizing<String>,
    #[serde(default)]
    again: Zeroizing<String>,
}

/// GET /profile/password
pub async fn new(cx: Cx, _who: SignedIn) -> HttpResponse {
    page(StatusCode::OK, &PasswordPage { form: Shown::empty(), cx })
}

/// POST /profile/password: every other session ends; this browser goes on in a new one.
pub async fn change(
    cx: Cx,
    req: HttpRequest,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<PasswordForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(form) = form;
    let mut account = account_of(&cx, &who.0).await?;
    let problems = mistakes(&cx, &account, &form).await?;
    if !problems.is_empty() {
        return Ok(shown_again(&PasswordPage { form: Shown::empty().all(problems), cx }));
    }
    if let Some(problem) = prove_now(&cx, &session, &hashers, &account, "current", &form.current).await? {
        return Ok(shown_again(&PasswordPage { form: Shown::empty().problem(problem), cx }));
    }
    let password_hash = hashers.hash(rules::normal(&form.password)).await?;
    let (held, asker) = (cx.state.cookies.token(&req, DEVICE), account.clone());
    let change = move |tx: &mut Tx| password_change::change(tx, &asker, &password_hash, held.as_ref());
    match write_for(&cx, &who.0, change).await? {
        PasswordOutcome::Wait { until } => Err(Refusal::TooMany { until }),
        PasswordOutcome::Ended => Err(Refusal::SignIn),
        PasswordOutcome::Changed { epoch } => {
            cx.state.wake_worker();
            account.epoch = epoch;
            begin_visit(&cx, &session, &account)?;
            Ok(see_other("/profile/password/changed"))
        }
    }
}

async fn mistakes(cx: &Cx, account: &Account, form: &PasswordForm) -> Result<Vec<Problem>, Refusal> {
    let new = NewPasswordForm { password: form.password.clone(), again: form.again.clone() };
    let broken = new_password::mistakes(cx, &new, account, account.email.clone()).await?;
    let current = form.current.is_empty().then(|| Problem::new("current", "password-empty"));
    let mut problems: Vec<Problem> = current.into_iter().chain(broken).collect();
    if problems.is_empty() && rules::normal(&form.current) == rules::normal(&form.password) {
        problems.push(Problem::new("password", "password-same"));
    }
    Ok(problems)
}

/// GET /profile/password/changed
pub async fn changed(cx: Cx, _who: SignedIn) -> HttpResponse {
    page(StatusCode::OK, &DonePage { title: "password-changed-title", text: "password-changed-text", cx })
}
