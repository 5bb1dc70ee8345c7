//! The steps of a registration after its first: code, Agree, Yes, password.

use actix_session::Session as SessionCookie;
use actix_web::http::StatusCode;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::events::{SIGNED_IN, SIGNED_OUT};
use crate::access::registration::pages::{Progress, at, elsewhere, progress, show_progress};
use crate::access::registration::status::RegistrationStep;
use crate::access::registration::{CODE, FinishOutcome, FinishRequest, Registration};
use crate::access::sign_in::pages::to_known_browser;
use crate::access::sign_in::{Entered, begin_session};
use crate::accounts::account::Account;
use crate::accounts::activity;
use crate::accounts::consent::{CONSENT_VERSION, ConsentKind};
use crate::accounts::identifiers::email::{EMAIL_MAX_CHARS, Email};
use crate::base::{Moment, Token, minutes};
use crate::credentials::hashing::{Hashers, Verdict};
use crate::credentials::new_password::{NewPasswordForm, broken_rules};
use crate::credentials::standing::Standing;
use crate::credentials::{password as rules, totp, trusted_browser};
use crate::one_time_code::{CodeCheck, CodeForm, OneTimeCode};
use crate::web::{
    ButtonForm, Cx, Flash, Form, FormState, Page, Problem, Refusal, Session, TRUSTED_BROWSER, page,
    see_other, too_many, unprocessable,
};

crate::pages! {
    "access/registration/code.html" => struct CodePage {
        form: FormState,
        phone: String,
        resend_at: Option<Moment>,
        left: u32,
    }
    "access/registration/no_code.html" => struct NoCodePage { phone: String, resend_at: Option<Moment> }
    "access/registration/agree.html" => struct AgreePage { form: FormState, version: &'static str }
    "access/registration/version.html" => struct VersionPage {}
    "access/registration/password.html" => struct PasswordPage { form: FormState, login: String }
}

#[derive(Deserialize)]
pub struct AgreeForm {
    #[serde(default)]
    pub(crate) agree: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PasswordForm {
    password: Zeroizing<String>,
    again: Zeroizing<String>,
    email: String,
}

crate::shown_again!(AgreeForm: [], PasswordForm: ["email"]);

fn code_page(cx: Cx, form: FormState, found: &Registration) -> impl Page {
    let (phone, resend_at) = waiting(&cx, found);
    CodePage { phone, resend_at, left: OneTimeCode::left(found.code.as_ref()), form, cx }
}

/// GET /registration/code
pub async fn code(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, _token, found) = at(cx, &req, RegistrationStep::Code).await?;
    Ok(page(StatusCode::OK, &code_page(cx, FormState::empty(), &found)))
}

/// POST /registration/code
pub async fn enter_code(cx: Cx, req: HttpRequest, form: Form<CodeForm>) -> Result<HttpResponse, Error> {
    let (cx, token, found) = at(cx, &req, RegistrationStep::Code).await?;
    let typed = match form.0.read(CODE.digits) {
        Ok(typed) => typed,
        Err(form) => return Ok(unprocessable(&code_page(cx, form, &found))),
    };
    let checked = cx.write(move |tx| Registration::check(tx, &token, &typed)).await?;
    let Some(problem) = checked.problem() else {
        return match checked {
            CodeCheck::Right => Ok(see_other(RegistrationStep::Privacy.path())),
            _ => elsewhere(cx, &req).await,
        };
    };
    cx.state.metrics.count_event("code_missed");
    cx.code_refused("registration");
    let (cx, _token, found) = at(cx, &req, RegistrationStep::Code).await?;
    Ok(unprocessable(&code_page(cx, FormState::empty().problem(problem), &found)))
}

/// POST /registration/messages
pub async fn send_again(cx: Cx, req: HttpRequest, _form: Form<ButtonForm>) -> Result<HttpResponse, Error> {
    let (cx, token, _found) = at(cx, &req, RegistrationStep::Code).await?;
    let locale = cx.locale;
    match cx.write(move |tx| Registration::send_again(tx, &token, locale)).await? {
        Some(Err(denied)) => {
            let problem = denied.problem(&cx, "code");
            let (cx, _token, found) = at(cx, &req, RegistrationStep::Code).await?;
            Ok(too_many(&code_page(cx, FormState::empty().problem(problem), &found), denied.until()))
        }
        Some(Ok(())) => {
            cx.state.wake_worker();
            Ok(cx.leads_on(RegistrationStep::Code.path(), Flash::good("flash-code-again")))
        }
        None => Ok(see_other(RegistrationStep::Code.path())),
    }
}

/// GET /registration/no-code
pub async fn no_code(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, _token, found) = at(cx, &req, RegistrationStep::Code).await?;
    let (phone, resend_at) = waiting(&cx, &found);
    Ok(page(StatusCode::OK, &NoCodePage { phone, resend_at, cx }))
}

/// The phone as it was typed a moment ago (whole: a slip of the finger must show), and until when nothing more is sent.
fn waiting(cx: &Cx, found: &Registration) -> (String, Option<Moment>) {
    let phone = found.phone().map_or_else(String::new, |phone| phone.spaced());
    (phone, found.code.as_ref().and_then(|code| code.waits_until(cx.now())))
}

async fn agreed(cx: Cx, req: &HttpRequest, token: Token, kind: ConsentKind) -> Result<HttpResponse, Error> {
    let locale = cx.locale;
    cx.write(move |tx| Registration::agree(tx, &token, kind, locale)).await?;
    // Whether this form or another tab's was first: what counts is where the registration is now.
    elsewhere(cx, req).await
}

/// GET /registration/privacy
pub async fn privacy(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, ..) = at(cx, &req, RegistrationStep::Privacy).await?;
    Ok(page(StatusCode::OK, &AgreePage { cx, form: FormState::empty(), version: CONSENT_VERSION }))
}

/// POST /registration/privacy
pub async fn agree(cx: Cx, req: HttpRequest, form: Form<AgreeForm>) -> Result<HttpResponse, Error> {
    let (cx, token, _found) = at(cx, &req, RegistrationStep::Privacy).await?;
    if form.0.agree != "yes" {
        let form = FormState::empty().problem(Problem::new("agree", "agree-unticked"));
        return Ok(unprocessable(&AgreePage { cx, form, version: CONSENT_VERSION }));
    }
    agreed(cx, &req, token, ConsentKind::Privacy).await
}

/// GET /registration/version
pub async fn version(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, ..) = at(cx, &req, RegistrationStep::Version).await?;
    Ok(page(StatusCode::OK, &VersionPage { cx }))
}

/// POST /registration/version
pub async fn choose_version(
    cx: Cx,
    req: HttpRequest,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Error> {
    let (cx, token, _found) = at(cx, &req, RegistrationStep::Version).await?;
    agreed(cx, &req, token, ConsentKind::International).await
}

/// By what the account can be entered once it stands.
fn login_of(found: &Registration) -> String {
    found.phone().as_ref().map_or_else(String::new, |phone| phone.spaced())
}

/// GET /registration/password
pub async fn password(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, _token, found) = at(cx, &req, RegistrationStep::Password).await?;
    Ok(page(StatusCode::OK, &PasswordPage { login: login_of(&found), form: FormState::empty(), cx }))
}

/// POST /registration/password
pub async fn choose_password(
    cx: Cx,
    req: HttpRequest,
    cookie: SessionCookie,
    hashers: web::Data<Hashers>,
    form: Form<PasswordForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(form) = form;
    let (token, found) = match progress(&cx, &req).await? {
        Progress::At(token, found) if found.step == RegistrationStep::Password => (token, found),
        elsewhere => return sent_twice(cx, &req, &cookie, &hashers, elsewhere, &form).await,
    };
    let shown = FormState::empty().with("email", &form.email);
    let (email, problems) = mistakes(&cx, &found, &form).await?;
    if !problems.is_empty() {
        return Ok(unprocessable(&PasswordPage { login: login_of(&found), form: shown.all(problems), cx }));
    }
    let (password_hash, locale) = (hashers.hash(rules::normal(&form.password)).await?, cx.locale);
    let finished = cx.write(move |tx| {
        let request = FinishRequest { password_hash: &password_hash, email: email.as_ref(), locale };
        Registration::finish(tx, &token, &request)
    });
    match finished.await? {
        FinishOutcome::Account(account) => {
            cx.state.wake_worker();
            cx.state.metrics.count_event("registered");
            begin(&cx, &req, &cookie, &account, Entry::First).await
        }
        FinishOutcome::PhoneTaken => Ok(see_other("/sign-in")),
        FinishOutcome::WrongStep => {
            let elsewhere = progress(&cx, &req).await?;
            sent_twice(cx, &req, &cookie, &hashers, elsewhere, &form).await
        }
    }
}

/// What is wrong with the last form.
async fn mistakes(
    cx: &Cx,
    found: &Registration,
    form: &PasswordForm,
) -> Result<(Option<Email>, Vec<Problem>), Refusal> {
    let email = (!form.email.trim().is_empty()).then(|| Email::parse(&form.email)).transpose();
    let typed = NewPasswordForm { password: form.password.clone(), again: form.again.clone() };
    let typed_email = email.as_ref().ok().cloned().flatten();
    let mut problems = broken_rules(cx, &typed, found.phone(), typed_email, None).await?;
    Ok(match email {
        Ok(email) => (email, problems),
        Err(problem) => {
            problems.push(Problem::new("email", problem.word()).arg("max", EMAIL_MAX_CHARS));
            (None, problems)
        }
    })
}

/// The last form came a second time (a double click, a reload after a crash): the account stands, so let its owner in who has
/// just typed its password twice, and nobody else. A few tries, for a few minutes, and until they sign out: after that there is the
/// sign-in page. An account that wants a code as well is entered by that page alone.
async fn sent_twice(
    cx: Cx,
    req: &HttpRequest,
    cookie: &SessionCookie,
    hashers: &Hashers,
    progress: Progress,
    form: &PasswordForm,
) -> Result<HttpResponse, Refusal> {
    let found = match progress {
        Progress::At(_, found) if found.step == RegistrationStep::Done => found,
        elsewhere => return Ok(show_progress(cx, elsewhere)),
    };
    let Some(id) = found.account_id.filter(|_| form.password == form.again) else {
        return Ok(see_other("/sign-in"));
    };
    let account = cx.write(move |tx| {
        let signed_out = activity::latest(tx.db, id, &SIGNED_OUT, tx.now.after(minutes(1)))?.is_some();
        match found.spend_resubmission(tx)? && !signed_out && !totp::is_on(tx.db, id)? {
            true => Account::find(tx.db, id),
            false => Ok(None),
        }
    });
    let Some(account) = account.await?.filter(Account::is_active) else {
        return Ok(see_other("/sign-in"));
    };
    match hashers.verify(rules::normal(&form.password), account.password_hash(&cx.state.keys)).await? {
        Verdict::Wrong => Ok(see_other("/sign-in")),
        Verdict::Right | Verdict::RightButDated => begin(&cx, req, cookie, &account, Entry::Again).await,
    }
}

/// How a new owner comes in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// With the account: the journal has that.
    First,
    /// By the last form, sent once more: the journal says so.
    Again,
}

/// Signs the new owner in, in a browser that is known from now on; unless all sessions were ended or a second factor was turned on
/// while the request was on its way: then there is the sign-in page.
pub(crate) async fn begin(
    cx: &Cx,
    req: &HttpRequest,
    cookie: &SessionCookie,
    account: &Account,
    entry: Entry,
) -> Result<HttpResponse, Refusal> {
    let held = cx.state.cookies.token(req, TRUSTED_BROWSER);
    let (id, owner) = (account.id, account.clone());
    let entered = cx.write(move |tx| {
        let standing = Standing::find(tx.db, owner.id, held.as_ref(), tx.now)?;
        let Some(standing) = standing.filter(|one| one.is_of(&owner) && !one.has_factor()) else {
            return Ok(None);
        };
        if entry == Entry::Again {
            tx.record(owner.id, &SIGNED_IN, "")?;
        }
        let browser = trusted_browser::remember_at(tx, owner.id, held.as_ref(), &standing)?;
        let session = begin_session(tx, &owner, &owner.first_login(), &standing)?;
        Ok(Some(Entered { session, is_told: false, browser }))
    });
    let Some(Entered { session, browser, .. }) = entered.await? else { return Ok(see_other("/sign-in")) };
    Session::enter(cookie, &session)?;
    tracing::info!(request = %cx.request_id, account = id.as_i64(), ip = %cx.ip, "registered");
    Ok(to_known_browser(cx, RegistrationStep::Done.path(), &browser))
}
