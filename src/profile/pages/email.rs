//! The account's address: adding one, and confirming it by the mailed link or code.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::accounts::confirmation::{self, CODE_DIGITS, Confirmation, ConfirmationPurpose};
use crate::accounts::identifiers::email::{EMAIL_MAX_CHARS, Email};
use crate::base::{Purpose, Token, hours};
use crate::credentials::hashing::Hashers;
use crate::credentials::reauthentication::prove;
use crate::credentials::signed_in::{occasion, write_for_db};
use crate::limits::{self, Limit, Spent};
use crate::one_time_code::read_code;
use crate::profile::email_change::Confirmed;
use crate::web::{Cx, Form, Nothing, Problem, Refusal, Shown, SignedIn, Visit, page, see_other, shown_again};

/// Mails an account may ask for.
const MAILS: Limit = Limit { most: 10, within: hours(24) };

#[derive(Template)]
#[template(path = "profile/email.html")]
struct EmailPage {
    cx: Cx,
    form: Shown,
    current: Option<Email>,
    pending: Option<String>,
    ask_password: bool,
}

#[derive(Template)]
#[template(path = "profile/email_code.html")]
struct EmailCodePage {
    cx: Cx,
    form: Shown,
    address: String,
    left: u32,
}

#[derive(Template)]
#[template(path = "profile/email_link.html")]
struct ConfirmationPage {
    cx: Cx,
    state: &'static str,
    address: String,
    number: String,
    path: String,
}

#[derive(Template)]
#[template(path = "profile/email_confirmed.html")]
struct ConfirmedPage {
    cx: Cx,
    address: String,
}

crate::pages!(EmailPage, EmailCodePage, ConfirmationPage, ConfirmedPage);

#[derive(Deserialize)]
pub struct EmailForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: Zeroizing<String>,
}

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

async fn email_page(cx: Cx, visit: &Visit, form: Shown) -> Result<(EmailPage, Account), Refusal> {
    let (id, now) = (visit.account_id, cx.now());
    let found = cx.state.store.read(move |db| {
        let pending = Confirmation::open_of(db, id, now)?.map(|open| open.masked_email());
        Ok(Account::find(db, id)?.map(|account| (account, pending)))
    });
    let (account, pending) = found.await?.ok_or(Refusal::SignIn)?;
    let ask_password = !visit.is_fresh(now);
    Ok((EmailPage { current: account.email.clone(), pending, ask_password, form, cx }, account))
}

/// GET /email
pub async fn new(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let (shown, _account) = email_page(cx, &who.0, Shown::empty()).await?;
    Ok(page(StatusCode::OK, &shown))
}

/// POST /email
pub async fn set(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<EmailForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(EmailForm { email, password }) = form;
    let (mut shown, account) = email_page(cx, &who.0, Shown::empty().with("email", &email)).await?;
    let email = match Email::parse(&email) {
        Ok(email) => email,
        Err(problem) => {
            shown.form = shown.form.problem(Problem::new("email", problem.key()).arg("max", EMAIL_MAX_CHARS));
            return Ok(shown_again(&shown));
        }
    };
    if let Some(problem) = prove(&shown.cx, &session, &who.0, &hashers, &account, &password).await? {
        shown.form = shown.form.problem(problem);
        return Ok(shown_again(&shown));
    }
    let cx = shown.cx;
    let (state, now, locale, id) = (cx.state.clone(), cx.now(), cx.locale, account.id.as_i64());
    let asked = write_for_db(&cx, &who.0, move |db| {
        let counter = format!("mail:{}", state.keys.name(Purpose::Counters, &[b"mail", &id.to_be_bytes()]));
        if let Spent::Wait { until } = limits::spend(db, &counter, MAILS, now)? {
            return Ok(Some(until));
        }
        Ok(
            match confirmation::ask(db, &state.keys, now, &account, &email, locale, &|path| {
                state.settings.link(path)
            })? {
                Spent::Wait { until } => Some(until),
                Spent::Allowed => None,
            },
        )
    });
    if let Some(until) = asked.await? {
        return Err(Refusal::TooMany { until });
    }
    cx.state.wake_worker();
    Ok(see_other("/email/code"))
}

async fn code_page(
    cx: Cx,
    visit: &Visit,
    form: Shown,
) -> Result<Result<EmailCodePage, HttpResponse>, Refusal> {
    let (id, now) = (visit.account_id, cx.now());
    let open = cx.state.store.read(move |db| Confirmation::open_of(db, id, now)).await?;
    Ok(match open {
        Some(open) => Ok(EmailCodePage {
            address: open.masked_email(),
            left: u32::try_from(open.tries_left).unwrap_or(0),
            form,
            cx,
        }),
        None => Err(see_other("/email")),
    })
}

/// GET /email/code
pub async fn code(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    Ok(match code_page(cx, &who.0, Shown::empty()).await? {
        Ok(shown) => page(StatusCode::OK, &shown),
        Err(elsewhere) => elsewhere,
    })
}

/// POST /email/code
pub async fn enter_code(cx: Cx, who: SignedIn, form: Form<CodeForm>) -> Result<HttpResponse, Refusal> {
    let typed = match read_code(&form.0.code, CODE_DIGITS) {
        Ok(typed) => typed,
        Err(problem) => {
            return again(cx, &who.0, Shown::empty().with("code", &form.0.code).problem(problem)).await;
        }
    };
    let (keys, on, id) = (cx.state.keys.clone(), occasion(&cx), who.0.account_id);
    let outcome =
        write_for_db(&cx, &who.0, move |db| Confirmation::use_code(db, &keys, id, &typed, &on)).await?;
    let problem = match outcome {
        Confirmed::Address(_) => {
            cx.state.wake_worker();
            return Ok(see_other("/email/confirmed"));
        }
        // Whoever has the code reads the mailbox: they may know.
        Confirmed::Taken => {
            let (shown, _account) =
                email_page(cx, &who.0, Shown::empty().problem(Problem::new("email", "email-taken"))).await?;
            return Ok(shown_again(&shown));
        }
        Confirmed::Unknown | Confirmed::Dead(_) => return Ok(see_other("/email")),
        Confirmed::Missed { left } => Problem::new("code", "code-wrong").arg("left", left),
        Confirmed::Spent => Problem::new("code", "code-spent"),
    };
    again(cx, &who.0, Shown::empty().problem(problem)).await
}

/// GET /email/confirmed
pub async fn confirmed(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let id = who.0.account_id;
    let account = cx.state.store.read(move |db| Account::find(db, id)).await?.ok_or(Refusal::SignIn)?;
    Ok(match account.email {
        Some(email) => page(StatusCode::OK, &ConfirmedPage { address: email.masked(), cx }),
        None => see_other("/email"),
    })
}

async fn again(cx: Cx, visit: &Visit, form: Shown) -> Result<HttpResponse, Refusal> {
    Ok(match code_page(cx, visit, form).await? {
        Ok(shown) => shown_again(&shown),
        Err(elsewhere) => elsewhere,
    })
}

/// GET /confirmations/{token}: shows the button and changes nothing, so that scanners cannot use a link up.
pub async fn confirmation(cx: Cx, token: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    show_link(cx, &token).await
}

async fn show_link(cx: Cx, token: &Token) -> Result<HttpResponse, Refusal> {
    let wanted = token.clone();
    let found = cx.state.store.read(move |db| {
        let Some(found) = Confirmation::of_link(db, &wanted, ConfirmationPurpose::Email)? else {
            return Ok(None);
        };
        Ok(Account::find(db, found.account_id)?.map(|account| (found, account)))
    });
    let (found, account) = found.await?.ok_or(Refusal::NotFound)?;
    let shown = ConfirmationPage {
        state: found.state_for(&account, cx.now()),
        address: found.masked_email(),
        number: account.masked_number(),
        path: format!("/confirmations/{}", token.as_str()),
        cx,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// POST /confirmations/{token}: the button.
pub async fn confirm(
    cx: Cx,
    token: web::Path<String>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    let (keys, on, used) = (cx.state.keys.clone(), occasion(&cx), token.clone());
    match cx.state.store.write(move |db| Confirmation::use_link(db, &keys, &used, &on)).await? {
        Confirmed::Unknown => Err(Refusal::NotFound),
        // Done, or dead for one of several reasons: the link's own page says which.
        _ => {
            cx.state.wake_worker();
            Ok(see_other(&format!("/confirmations/{}", token.as_str())))
        }
    }
}
