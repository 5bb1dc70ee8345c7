//! The account's address: adding one, and confirming it by the mailed link or code.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::accounts::identifiers::email::{EMAIL_MAX_CHARS, Email};
use crate::accounts::mailed_link::{EMAIL_CODE, LinkPurpose, MailedLink};
use crate::base::Token;
use crate::credentials::hashing::Hashers;
use crate::credentials::reauthentication::prove;
use crate::credentials::signed_in::{account_of, write_for};
use crate::limits::Spent;
use crate::one_time_code::{CodeCheck, read_code};
use crate::profile::email_change::{self, ConfirmOutcome};
use crate::web::{Cx, Form, Nothing, Problem, Refusal, Shown, SignedIn, Visit, page, see_other, shown_again};

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
    let id = visit.account_id;
    let found = cx.read(move |tx| {
        let pending = MailedLink::pending_email(tx.db, id, tx.now)?;
        Ok(Account::find(tx.db, id)?.map(|account| (account, pending)))
    });
    let (account, pending) = found.await?.ok_or(Refusal::SignIn)?;
    let ask_password = !visit.is_fresh(cx.now());
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
    let locale = cx.locale;
    let asked = write_for(&cx, &who.0, move |tx| email_change::ask(tx, &account, &email, locale));
    if let Spent::Wait { until } = asked.await? {
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
    let id = visit.account_id;
    let found = cx.read(move |tx| {
        let open = MailedLink::open_of(tx.db, id, LinkPurpose::Email, tx.now)?;
        let Some(MailedLink { email: Some(email), code_id: Some(code), .. }) = open else { return Ok(None) };
        Ok(EMAIL_CODE.find(tx.db, code)?.map(|code| (email.masked(), code.tries_left)))
    });
    Ok(match found.await? {
        Some((address, left)) => {
            Ok(EmailCodePage { address, left: u32::try_from(left).unwrap_or(0), form, cx })
        }
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
    let typed = match read_code(&form.0.code, EMAIL_CODE.digits) {
        Ok(typed) => typed,
        Err(problem) => {
            return again(cx, &who.0, Shown::empty().with("code", &form.0.code).problem(problem)).await;
        }
    };
    let id = who.0.account_id;
    let used = write_for(&cx, &who.0, move |tx| email_change::use_code(tx, id, &typed));
    let problem = match used.await? {
        Ok(ConfirmOutcome::Confirmed) => {
            cx.state.wake_worker();
            return Ok(see_other("/email/confirmed"));
        }
        // Whoever has the code reads the mailbox: they may know.
        Ok(ConfirmOutcome::Taken) => {
            let (shown, _account) =
                email_page(cx, &who.0, Shown::empty().problem(Problem::new("email", "email-taken"))).await?;
            return Ok(shown_again(&shown));
        }
        Err(CodeCheck::Wrong { left }) => Problem::new("code", "code-wrong").arg("left", left),
        Err(CodeCheck::NoTriesLeft) => Problem::new("code", "code-spent"),
        Ok(ConfirmOutcome::Dead(_)) | Err(_) => return Ok(see_other("/email")),
    };
    again(cx, &who.0, Shown::empty().problem(problem)).await
}

/// GET /email/confirmed
pub async fn confirmed(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    Ok(match account_of(&cx, &who.0).await?.email {
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
    let wanted = token.clone();
    let found = cx.read(move |tx| {
        let Some(link) = MailedLink::find(tx.db, &wanted, LinkPurpose::Email)? else { return Ok(None) };
        Ok(Account::find(tx.db, link.account_id)?.map(|account| (link, account)))
    });
    let (link, account) = found.await?.ok_or(Refusal::NotFound)?;
    let shown = ConfirmationPage {
        state: link.state_for(&account, cx.now()).word(),
        address: link.email.as_ref().map_or_else(String::new, Email::masked),
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
    let used = token.clone();
    cx.write(move |tx| email_change::use_link(tx, &used)).await?.ok_or(Refusal::NotFound)?;
    // Done, or dead for one of several reasons: the link's own page says which.
    cx.state.wake_worker();
    Ok(see_other(&format!("/confirmations/{}", token.as_str())))
}
