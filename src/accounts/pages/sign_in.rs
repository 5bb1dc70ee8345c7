//! GET and POST /sign-in, POST /sign-out.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::accounts::account::{Account, AccountStatus};
use crate::accounts::hashing::{Hashers, Verdict};
use crate::accounts::login_name::LoginName;
use crate::accounts::sign_in::{Attempt, Counters, Gate, succeeded};
use crate::accounts::{device, password};
use crate::base::{Moment, Token};
use crate::web::{Cx, DEVICE, Form, Kept, Nothing, Problem, Refusal, Shown, Visit, page, page_for_all, see_other, shown_again};

/// Longer than any login; a password may be as long as its rule allows, and then some.
const LOGIN_CHARS: usize = 254;
const PASSWORD_CHARS: usize = 512;

#[derive(Template)]
#[template(path = "accounts/sign_in.html")]
struct SignInPage {
    cx: Cx,
    form: Shown,
    /// A session of this browser has ended.
    ended: bool,
}

#[derive(Template)]
#[template(path = "accounts/already_signed_in.html")]
pub(super) struct AlreadyPage {
    pub cx: Cx,
}

crate::pages!(SignInPage, AlreadyPage);

#[derive(Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: Zeroizing<String>,
}

/// GET /sign-in
pub async fn new(cx: Cx, req: HttpRequest) -> HttpResponse {
    static KEPT: Kept = Kept::new();
    if cx.who.is_some() {
        return page(StatusCode::OK, &AlreadyPage { cx });
    }
    let ended = cx.state.cookies.read(&req, crate::web::SESSION).is_some();
    let shown = SignInPage { form: Shown::empty(), ended, cx };
    if ended { page(StatusCode::OK, &shown) } else { page_for_all(&KEPT, &shown) }
}

/// POST /sign-in
pub async fn create(
    cx: Cx,
    req: HttpRequest,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<SignInForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(SignInForm { login, password }) = form;
    let shown = Shown::empty().with("login", &login);
    let problems = mistakes(&login, &password);
    if !problems.is_empty() {
        return Ok(shown_again(&SignInPage { cx, form: shown.all(problems), ended: false }));
    }
    let device = cx.state.cookies.read(&req, DEVICE).as_deref().and_then(Token::read);
    let attempt = Attempt { name: LoginName::read(&login), typed: login, device: device.clone(), address_unit: cx.address_unit() };
    let (keys, now) = (cx.state.keys.clone(), cx.now());
    let gate = cx.state.store.write(move |db| attempt.spend(db, &keys, now)).await?;
    let (account, spent) = match gate {
        Gate::Shut { until } => return Ok(shut(cx, shown, until)),
        Gate::Open { account, spent } => (account, spent),
    };
    let phc = account.as_ref().and_then(|account| account.phc(&cx.state.keys));
    let password = password::normal(&password);
    let verdict = hashers.verify(password.clone(), phc).await?;
    let account = account.filter(|account| verdict != Verdict::Wrong && account.status == AccountStatus::Active);
    let Some(account) = account else {
        cx.state.metrics.happened("sign_in_failed");
        tracing::info!(request = cx.request_id, address = %cx.address, "a sign-in failed");
        return Ok(shown_again(&SignInPage { cx, form: shown.problem(Problem::new("login", "sign-in-wrong")), ended: false }));
    };
    let fresh = if verdict == Verdict::RightButDated { Some(hashers.hash(password).await?) } else { None };
    let device = device.unwrap_or_else(Token::random);
    enter(&cx, &session, &account, spent, &device, fresh).await
}

/// Begins the session and remembers the browser.
async fn enter(
    cx: &Cx,
    session: &Session,
    account: &Account,
    spent: Counters,
    token: &Token,
    fresh_phc: Option<String>,
) -> Result<HttpResponse, Refusal> {
    let (id, now, keys, remembered) = (account.id, cx.now(), cx.state.keys.clone(), token.clone());
    cx.state
        .store
        .write(move |db| {
            if let Some(phc) = &fresh_phc {
                Account::set_phc(db, &keys, id, phc)?;
            }
            succeeded(db, &spent, id, &remembered, now)
        })
        .await?;
    Visit::begin(session, id.as_i64(), &account.grouped_number(), &account.time_zone, now)?;
    cx.state.metrics.happened("sign_in");
    tracing::info!(request = cx.request_id, account = id.as_i64(), address = %cx.address, "signed in");
    let mut response = see_other("/cabinet");
    // Only characters of base64 and attributes of ours: a cookie always fits a header.
    let _ = response.add_cookie(&cx.state.cookies.make(DEVICE, token.as_str(), Some(device::DAYS)));
    Ok(response)
}

fn mistakes(login: &str, password: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if login.trim().is_empty() {
        problems.push(Problem::new("login", "login-empty"));
    } else if login.chars().count() > LOGIN_CHARS {
        problems.push(Problem::new("login", "login-long").arg("max", LOGIN_CHARS));
    }
    if password.is_empty() {
        problems.push(Problem::new("password", "password-empty"));
    } else if password.chars().count() > PASSWORD_CHARS {
        problems.push(Problem::new("password", "password-long").arg("max", PASSWORD_CHARS));
    }
    problems
}

/// Too many failures: the page says when to come again.
fn shut(cx: Cx, shown: Shown, until: Moment) -> HttpResponse {
    cx.state.metrics.happened("sign_in_shut");
    tracing::info!(request = cx.request_id, address = %cx.address, "a sign-in was not looked at: too many failures");
    let seconds = until.since(cx.now()).as_secs().max(1);
    let problem = Problem::new("login", "sign-in-wait").arg("minutes", seconds.div_ceil(60)).arg("time", cx.time_of_day(&until));
    let shown = SignInPage { form: shown.problem(problem), ended: false, cx };
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, &shown);
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    response
}

/// POST /sign-out. The language and the known device stay: they are not secrets of the session, and a stranger's failures must not
/// count against the owner's own browser.
pub async fn destroy(session: Session, _form: Form<Nothing>) -> HttpResponse {
    session.purge();
    let mut response = see_other("/");
    let clear = actix_web::http::header::HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(actix_web::http::header::HeaderName::from_static("clear-site-data"), clear);
    response
}
