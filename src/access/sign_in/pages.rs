//! GET and POST /sign-in, POST /sign-out.

use actix_session::Session as SessionCookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::events::SIGNED_OUT;
use crate::access::sign_in::{
    Admission, AdmitOutcome, Attempt, AttemptOutcome, Entered, Shut, admit, failed, refund,
};
use crate::accounts::account::Account;
use crate::accounts::identifiers::login_name::LoginName;
use crate::base::{Moment, Token, is_invisible, strip_invisible};
use crate::credentials::hashing::{Hashers, Overload, Verdict};
use crate::credentials::{password, sessions, trusted_browser};
use crate::limits::Judged;
use crate::web::{
    ButtonForm, CachedPage, Cx, FACTOR, Flash, Form, FormState, NewSession, Problem, RECOVERED, RECOVERY,
    REGISTRATION, Refusal, Session, TRUSTED_BROWSER, WantedPage, cached_page, page, see_other, too_many,
    unprocessable, with_cookie,
};

/// Longer than any login; a password may be as long as its rule allows, and then some.
const LOGIN_CHARS: usize = 254;
const PASSWORD_CHARS: usize = 512;
/// For how long the page says that the password is changed, unless somebody signs in.
const RECOVERED_MINUTES: i64 = 10;

crate::pages! {
    "access/sign_in/sign_in.html" => struct SignInPage {
        form: FormState,
        /// Why a session of this browser has ended.
        ended: Option<&'static str>,
        /// A form was not taken, because nobody was signed in any more.
        unsaved: bool,
    }
    /// The same page, after a password was restored.
    "access/sign_in/recovered.html" => struct RecoveredPage { form: FormState }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct SignInForm {
    login: String,
    password: Zeroizing<String>,
    /// The page that opens after signing in.
    next: String,
}

crate::shown_again!(SignInForm: ["login"]);

/// The page of a browser about which there is nothing to say.
pub static NEW: CachedPage = CachedPage::new();

/// GET /sign-in
pub async fn new(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    if cx.session.is_some() {
        return Ok(cx.redirect_to(inside(&cx)));
    }
    if cx.state.cookies.read(&req, RECOVERY).as_deref() == Some(RECOVERED) {
        return Ok(page(StatusCode::OK, &RecoveredPage { form: FormState::empty(), cx }));
    }
    let ended = match cx.state.cookies.session_key(&req) {
        Some(key) => Some(cx.read(move |tx| sessions::why_ended(tx, &key)).await?),
        None => None,
    };
    let (unsaved, is_plain) = (cx.unsaved, ended.is_none() && !cx.unsaved);
    let shown = SignInPage { form: FormState::empty(), ended, unsaved, cx };
    Ok(if is_plain { cached_page(&NEW, &shown) } else { page(StatusCode::OK, &shown) })
}

/// Where somebody goes who is signed in: to the page that was asked for, else to the cabinet.
pub(crate) fn inside(cx: &Cx) -> &str {
    cx.wanted.as_ref().map_or("/cabinet", WantedPage::address)
}

/// Whether a form is refused whoever is signed in: another site has sent it, or its token is none of ours.
pub(crate) fn is_refused<T>(form: &Result<Form<T>, Refusal>) -> bool {
    matches!(form.as_ref().err(), Some(Refusal::Stale | Refusal::Foreign))
}

/// A form of signing in that was sent where somebody is signed in already: in another tab, or a moment ago.
pub(crate) fn already_inside(cx: &Cx) -> HttpResponse {
    cx.leads_on(inside(cx), Flash::new("flash-already-signed-in"))
}

/// The same of the form with the name: whoever is signed in under it is where they wanted to be, and need not be told so.
async fn inside_as(cx: &Cx, login: &str) -> Result<HttpResponse, Refusal> {
    let name = LoginName::read(login);
    let named = cx.read(move |tx| Account::find_by_login(tx.db, &name)).await?.map(|account| account.id);
    let is_same = named.is_some() && named == cx.session.as_ref().map(|session| session.account_id);
    Ok(if is_same { see_other(inside(cx)) } else { already_inside(cx) })
}

/// POST /sign-in
pub async fn create(
    mut cx: Cx,
    req: HttpRequest,
    cookie: SessionCookie,
    hashers: web::Data<Hashers>,
    form: Result<Form<SignInForm>, Refusal>,
) -> Result<HttpResponse, Refusal> {
    // A page from before somebody signed in in another tab: its token is of no use, and neither is the form.
    if cx.session.is_some() && !is_refused(&form) {
        let login = match form {
            Ok(Form(form)) => {
                cx.wanted = cx.own_page(&form.next);
                Some(form.login)
            }
            Err(_old) => {
                cx.wants_old(&req).into_iter().find(|(name, _)| name == "login").map(|(_, login)| login)
            }
        };
        return inside_as(&cx, &login.unwrap_or_default()).await;
    }
    let Form(SignInForm { login, password, next }) = form?;
    cx.wanted = cx.own_page(&next);
    let shown = FormState::empty().with("login", &login);
    let problems = mistakes(&login, &password);
    if !problems.is_empty() {
        return Ok(unprocessable(&SignInPage { cx, form: shown.all(problems), ended: None, unsaved: false }));
    }
    let held = cx.state.cookies.token(&req, TRUSTED_BROWSER);
    let mut attempt = Attempt { login: LoginName::read(&login), typed: login, held, judged: None };
    let password = password::normal(&password);
    let judged = cx.judged("sign-in", &[attempt.one_spelling().as_bytes(), password.as_bytes()]);
    attempt.judged = judged.map(Judged::with_work);
    let gated = attempt.clone();
    let (account, spent) = match cx.write(move |tx| gated.spend(tx)).await? {
        AttemptOutcome::Denied { until, shut } => {
            cx.state.wake_worker();
            return Ok(denied(cx, shown, until, shut));
        }
        AttemptOutcome::Allowed { account, spent } => (account, spent),
    };
    let stored = account.as_ref().and_then(|account| account.password_hash(&cx.state.keys));
    let verdict = match hashers.verify(password.clone(), stored).await {
        Ok(verdict) => verdict,
        Err(Overload) => {
            // Nothing was looked at, so nothing was tried.
            cx.write(move |tx| refund(tx, &spent)).await?;
            return Err(Refusal::Busy);
        }
    };
    let right = verdict != Verdict::Wrong && account.as_ref().is_some_and(|account| account.is_active());
    let Some(account) = account.clone().filter(|_| right) else {
        cx.state.metrics.count_event("sign_in_failed");
        tracing::info!(request = %cx.request_id, ip = %cx.ip, "a sign-in failed");
        cx.write(move |tx| failed(tx, &attempt, account.as_deref(), &spent)).await?;
        let form = shown.problem(Problem::new("login", "sign-in-wrong"));
        return Ok(unprocessable(&SignInPage { cx, form, ended: None, unsaved: false }));
    };
    let rehashed = if verdict == Verdict::RightButDated { Some(hashers.hash(password).await?) } else { None };
    let (owner, held, login) = (account.clone(), attempt.held, shown_login(&attempt.typed));
    let admitted = cx.write(move |tx| {
        let admission =
            Admission { account: &owner, spent: &spent, held: held.as_ref(), login: &login, trusts: false };
        admit(tx, &admission, rehashed.as_deref())
    });
    match admitted.await? {
        AdmitOutcome::In(entered) => {
            if entered.is_told {
                cx.state.wake_worker();
            }
            enter(&cx, &cookie, &account, &entered)
        }
        AdmitOutcome::TooLate => Ok(see_other(&cx.wanting("/sign-in"))),
        AdmitOutcome::CodeNeeded(step) => {
            let code = see_other(&cx.wanting("/sign-in/code"));
            Ok(with_cookie(code, &cx.state.cookies.make(FACTOR, step.as_str(), None)))
        }
    }
}

/// To the page, which says for a while that the password is changed and knows what its reader goes by. The forms that this browser was shown before are of no use there.
pub(crate) fn after_recovery(cx: &Cx, login: String, browser: Option<&Token>) -> HttpResponse {
    let recovered = cx.state.cookies.brief(RECOVERY, RECOVERED, RECOVERED_MINUTES);
    let next = match browser {
        Some(browser) => to_known_browser(cx, &cx.wanting("/sign-in"), browser),
        None => see_other(&cx.wanting("/sign-in")),
    };
    let login = Flash::of_form("/sign-in", vec![("login".to_owned(), login)]);
    let response = with_cookie(with_cookie(next, &recovered), &cx.saying(login));
    cx.turned_over().iter().fold(response, with_cookie)
}

/// Gives the session to its browser, which is known from now on.
pub(crate) fn enter(
    cx: &Cx,
    cookie: &SessionCookie,
    account: &Account,
    entered: &Entered,
) -> Result<HttpResponse, Refusal> {
    Session::enter(cookie, &entered.session)?;
    cx.state.metrics.count_event("sign_in");
    tracing::info!(request = %cx.request_id, account = account.id.as_i64(), ip = %cx.ip, "signed in");
    Ok(to_known_browser(cx, inside(cx), &entered.browser))
}

/// The way on, in a browser that is known from now on.
pub(crate) fn to_known_browser(cx: &Cx, path: &str, browser: &Token) -> HttpResponse {
    let days = Some(trusted_browser::COOKIE_DAYS);
    with_cookie(see_other(path), &cx.state.cookies.make(TRUSTED_BROWSER, browser.as_str(), days))
}

/// A login as the session keeps it: as it was typed, which is how a password manager knows it.
fn shown_login(typed: &str) -> String {
    strip_invisible(typed).trim().to_owned()
}

/// Begins the session of somebody whose password has just been checked.
pub(crate) fn begin_session(
    cx: &Cx,
    cookie: &SessionCookie,
    account: &Account,
    login: &str,
) -> Result<(), Refusal> {
    let (number, client) = (account.grouped_number(), cx.client());
    let new = NewSession {
        account_id: account.id,
        epoch: account.epoch,
        number: &number,
        login,
        time_zone: &account.time_zone,
        client: &client,
    };
    Session::begin(cookie, &new, cx.now())
}

fn mistakes(login: &str, password: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if login.chars().all(|c| c.is_whitespace() || is_invisible(c)) {
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

/// Too many failures: the page says when to come again, and whether there is another way in.
fn denied(cx: Cx, shown: FormState, until: Moment, shut: Shut) -> HttpResponse {
    cx.state.metrics.count_event("sign_in_shut");
    tracing::info!(request = %cx.request_id, ip = %cx.ip, "a sign-in was not looked at: too many failures");
    let minutes = until.since(cx.now()).as_secs().max(1).div_ceil(60);
    let key = match shut {
        Shut::Few => "sign-in-wait",
        Shut::Network => "sign-in-network",
        Shut::Long => "sign-in-locked",
    };
    let problem = Problem::new("login", key).arg("minutes", minutes).arg("time", cx.when(&until));
    too_many(&SignInPage { form: shown.problem(problem), ended: None, unsaved: false, cx }, until)
}

/// POST /sign-out. The language and the known browser stay: they are not secrets of the session, and a stranger's failures must not
/// count against the owner's own browser. Signing out twice is signing out; without a session nothing is taken away, for a page of
/// another site can send that.
pub async fn destroy(
    cx: Cx,
    cookie: SessionCookie,
    form: Result<Form<ButtonForm>, Refusal>,
) -> Result<HttpResponse, Refusal> {
    let Some(session) = &cx.session else { return Ok(see_other("/")) };
    form?;
    let id = session.account_id;
    cx.write(move |tx| tx.record(id, &SIGNED_OUT, "")).await?;
    cookie.purge();
    let said = cx.leads_on("/", Flash::good("session-ended-signed-out"));
    let mut response = with_cookie(said, &cx.state.cookies.removal(REGISTRATION));
    let clear = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), clear);
    Ok(response)
}
