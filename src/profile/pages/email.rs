//! The account's address: adding one, and confirming it by the mailed link or code.

use actix_session::Session as SessionCookie;
use actix_web::http::StatusCode;
use actix_web::{Error, HttpResponse, web};
use serde::Deserialize;
use validator::Validate;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::accounts::identifiers::email::Email;
use crate::accounts::mailed_link::{EMAIL_CODE, LinkPurpose, MailedLink};
use crate::base::Token;
use crate::credentials::current_session::{account_of, write_for};
use crate::one_time_code::{CodeForm, OneTimeCode};
use crate::profile::email_change::{self, ConfirmOutcome};
use crate::profile::pages::reauthentication::Reauthentication;
use crate::web::{
    ButtonForm, CurrentSession, Cx, Flash, Form, FormState, Problem, Refusal, Session, instead, page,
    problems, see_other, too_many, unprocessable,
};

const EMAIL_PATH: &str = "/email";
const CODE_PATH: &str = "/email/code";
const CONFIRMED_PATH: &str = "/email/confirmed";

crate::pages! {
    "profile/email/address.html" => struct EmailPage {
        form: FormState,
        current: Option<Email>,
        pending: Option<String>,
        ask_password: bool,
    }
    "profile/email/code.html" => struct EmailCodePage { form: FormState, email: String, left: u32 }
    "profile/email/link.html" => struct ConfirmationPage {
        state: &'static str,
        email: String,
        number: String,
        path: String,
        is_owner: bool,
    }
    "profile/email/confirmed.html" => struct ConfirmedPage { email: String }
}

#[derive(Deserialize, Validate, Default)]
#[serde(default)]
pub struct EmailForm {
    #[validate(custom(function = Email::validate))]
    email: String,
    password: Zeroizing<String>,
}

crate::shown_again!(EmailForm: ["email"]);

async fn email_page(cx: Cx, session: &Session, form: FormState) -> Result<(EmailPage, Account), Refusal> {
    let id = session.account_id;
    let found = cx.read(move |tx| {
        let pending = MailedLink::pending_email(tx.db, id, tx.now)?;
        Ok(Account::find(tx.db, id)?.map(|account| (account, pending)))
    });
    let (account, pending) = found.await?.ok_or(Refusal::SignIn)?;
    let ask_password = !session.is_fresh(cx.now());
    Ok((EmailPage { current: account.email.clone(), pending, ask_password, form, cx }, account))
}

/// GET /email
pub async fn new(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let (shown, _account) = email_page(cx, &session, FormState::empty()).await?;
    Ok(page(StatusCode::OK, &shown))
}

/// POST /email
pub async fn set(cx: Cx, owner: Reauthentication, form: Form<EmailForm>) -> Result<HttpResponse, Refusal> {
    let Form(form) = form;
    let (mut shown, account) =
        email_page(cx, &owner.session, FormState::empty().with("email", &form.email)).await?;
    let Ok(email) = Email::parse(&form.email) else {
        shown.form = shown.form.all(problems(form.validate(), &["email"]));
        return Ok(unprocessable(&shown));
    };
    if let Some(problem) = owner.problem(&shown.cx, &account, &form.password).await? {
        shown.form = shown.form.problem(problem);
        return Ok(unprocessable(&shown));
    }
    let locale = shown.cx.locale;
    let waits = shown.pending.as_deref().and_then(|pending| Email::parse(pending).ok());
    let waits = waits.is_some_and(|pending| pending.key() == email.key());
    let asked =
        write_for(&shown.cx, &owner.session, move |tx| email_change::ask(tx, &account, &email, locale));
    if let Err(email_change::Denied { until, key }) = asked.await? {
        let time = shown.cx.when(&until);
        // Whoever asks for the same too often is led to where the code is typed that was sent already.
        if waits {
            return Ok(shown.cx.leads_on(CODE_PATH, Flash::new(key).arg("time", time)));
        }
        shown.form = shown.form.problem(Problem::new("email", key).arg("time", time));
        return Ok(too_many(&shown, until));
    }
    shown.cx.state.wake_worker();
    Ok(see_other(CODE_PATH))
}

/// The code's page; where nothing waits for a code, the way to the form that asks for one.
async fn code_page(cx: Cx, session: &Session, form: FormState) -> Result<EmailCodePage, Error> {
    let id = session.account_id;
    let found = cx.read(move |tx| {
        let open = MailedLink::open_of(tx.db, id, LinkPurpose::Email, tx.now)?;
        let Some(MailedLink { email: Some(email), code_id: Some(code), .. }) = open else { return Ok(None) };
        Ok(Some((email.as_str().to_owned(), EMAIL_CODE.find(tx.db, code)?)))
    });
    let Some((email, code)) = found.await? else { return Err(instead(gone_on(&cx, session).await?)) };
    Ok(EmailCodePage { email, left: OneTimeCode::left(code.as_ref()), form, cx })
}

/// GET /email/code
pub async fn code(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Error> {
    Ok(page(StatusCode::OK, &code_page(cx, &session, FormState::empty()).await?))
}

/// POST /email/code
pub async fn enter_code(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    cookie: SessionCookie,
    form: Form<CodeForm>,
) -> Result<HttpResponse, Error> {
    let typed = match form.0.read(EMAIL_CODE.digits) {
        Ok(typed) => typed,
        Err(form) => return Ok(unprocessable(&code_page(cx, &session, form).await?)),
    };
    let id = session.account_id;
    match write_for(&cx, &session, move |tx| email_change::use_code(tx, id, &typed)).await? {
        Ok(ConfirmOutcome::Confirmed) => {
            cx.state.wake_worker();
            session.login_changed(&cookie, true);
            Ok(see_other(CONFIRMED_PATH))
        }
        // Whoever has the code reads the mailbox: they may know.
        Ok(ConfirmOutcome::Taken) => {
            let taken = FormState::empty().problem(Problem::new("email", "email-taken"));
            Ok(unprocessable(&email_page(cx, &session, taken).await?.0))
        }
        Ok(ConfirmOutcome::Dead(_)) => Ok(gone_on(&cx, &session).await?),
        Err(check) => match check.problem() {
            Some(problem) => {
                cx.code_refused("a new address");
                Ok(unprocessable(&code_page(cx, &session, FormState::empty().problem(problem)).await?))
            }
            None => Ok(gone_on(&cx, &session).await?),
        },
    }
}

/// Nothing waits for a code any more. Whoever has pressed the mailed link elsewhere reads that the address is confirmed.
async fn gone_on(cx: &Cx, session: &Session) -> Result<HttpResponse, Refusal> {
    let id = session.account_id;
    let is_confirmed = cx.read(move |tx| MailedLink::newest_is_used(tx.db, id, LinkPurpose::Email)).await?;
    Ok(if is_confirmed { see_other(CONFIRMED_PATH) } else { cx.leads_on(EMAIL_PATH, Flash::STEP_ELSEWHERE) })
}

/// GET /email/confirmed
pub async fn confirmed(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let account = account_of(&cx, &session).await?;
    let Some(email) = account.email.clone() else {
        return Ok(cx.leads_on(EMAIL_PATH, Flash::STEP_ELSEWHERE));
    };
    Ok(page(StatusCode::OK, &ConfirmedPage { email: email.as_str().to_owned(), cx }))
}

/// GET /confirmations/{token}: shows the button and changes nothing, so that scanners cannot use a link up.
pub async fn confirmation(cx: Cx, token: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    let wanted = token.clone();
    let found = cx.read(move |tx| {
        let Some(link) = MailedLink::find(tx.db, &wanted, LinkPurpose::Email)? else { return Ok(None) };
        let Some(account) = Account::find(tx.db, link.account_id)? else { return Ok(None) };
        Ok(Some((link, account)))
    });
    let (link, account) = found.await?.ok_or(Refusal::NotFound)?;
    // Whoever is signed in to it sees what is theirs; a mail may have been forwarded to anybody.
    let is_owner = cx.session.as_ref().is_some_and(|session| session.account_id == account.id);
    let whole = |email: &Email| if is_owner { email.as_str().to_owned() } else { email.masked() };
    let shown = ConfirmationPage {
        state: link.state_for(&account, cx.now()).word(),
        email: link.email.as_ref().map_or_else(String::new, whole),
        number: if is_owner { account.grouped_number() } else { account.masked_number() },
        path: format!("/confirmations/{}", token.as_str()),
        is_owner,
        cx,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// POST /confirmations/{token}: the button.
pub async fn confirm(
    cx: Cx,
    token: web::Path<String>,
    cookie: SessionCookie,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    let used = token.clone();
    let became = cx.write(move |tx| email_change::use_link(tx, &used)).await?.ok_or(Refusal::NotFound)?;
    if let (ConfirmOutcome::Confirmed, Some(session)) = (became, &cx.session) {
        session.login_changed(&cookie, true);
    }
    // Done, or dead for one of several reasons: the link's own page says which.
    cx.state.wake_worker();
    Ok(see_other(&format!("/confirmations/{}", token.as_str())))
}
