//! «Забыли пароль?»: asking for a way back in, and the link or code that comes.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::access::recovery::status::RecoveryStatus;
use crate::access::recovery::{self, Asking, Begun, COOKIE_MINUTES, Hand, Judged, Proved, Recovery, Target};
use crate::access::registration::pages::{PhoneForm, read_phone};
use crate::accounts::identifiers::countries::{self, Country};
use crate::accounts::identifiers::email::{EMAIL_MAX_CHARS, Email};
use crate::base::{Moment, Token};
use crate::credentials::signed_in::whence;
use crate::notices::Channel;
use crate::one_time_code::read_code;
use crate::web::{Cx, Form, Page, Problem, RECOVERY, Refusal, Shown, page, see_other, shown_again};

pub(crate) const CODE: &str = "/recovery/code";
pub(crate) const STEP: &str = "/recovery/step";
pub(crate) const QUESTIONS: &str = "/recovery/questions";
pub(crate) const PASSWORD: &str = "/recovery/password";
pub(crate) const SUPPORT: &str = "/recovery/support";

#[derive(Template)]
#[template(path = "access/recovery/recovery.html")]
struct RecoveryPage {
    cx: Cx,
    form: Shown,
}

#[derive(Template)]
#[template(path = "access/recovery/phone.html")]
struct RecoveryPhonePage {
    cx: Cx,
    form: Shown,
    countries: &'static [Country],
}

#[derive(Template)]
#[template(path = "access/recovery/code.html")]
struct RecoveryCodePage {
    cx: Cx,
    form: Shown,
    by_mail: bool,
    left: u32,
}

#[derive(Template)]
#[template(path = "access/recovery/dead.html")]
struct RecoveryDeadPage {
    cx: Cx,
    reason: &'static str,
    by_mail: bool,
}

crate::pages!(RecoveryPage, RecoveryPhonePage, RecoveryCodePage, RecoveryDeadPage);

#[derive(Deserialize)]
pub struct RecoveryForm {
    #[serde(default)]
    email: String,
}

#[derive(Deserialize)]
pub struct RecoveryCodeForm {
    #[serde(default)]
    code: String,
}

/// Where a browser is on its way back in.
pub(crate) enum Place {
    Nowhere,
    /// It leads no further; the word says why.
    Dead(&'static str, Channel),
    At(Token, Recovery, &'static str),
}

pub(crate) async fn place(cx: &Cx, req: &HttpRequest) -> Result<Place, Refusal> {
    let Some(held) = cx.state.cookies.token(req, RECOVERY) else { return Ok(Place::Nowhere) };
    let wanted = held.clone();
    Ok(match cx.state.store.read(move |db| Recovery::find(db, &wanted)).await? {
        None => Place::Dead("unknown", Channel::Mail),
        Some((found, hand)) => match path(&found, hand, cx.now()) {
            Ok(path) => Place::At(held, found, path),
            Err(reason) => Place::Dead(reason, found.channel),
        },
    })
}

/// The page of what comes next for a browser that holds this; or why nothing does.
fn path(found: &Recovery, hand: Hand, now: Moment) -> Result<&'static str, &'static str> {
    match (found.status, hand) {
        (RecoveryStatus::Done, _) => Ok("/sign-in"),
        (RecoveryStatus::Replaced, _) => Err("replaced"),
        (RecoveryStatus::Closed, _) => Err("closed"),
        _ if found.has_expired(now) => Err("expired"),
        (RecoveryStatus::Asked, Hand::Link) => Ok(STEP),
        (RecoveryStatus::Asked, _) => Ok(CODE),
        (status, Hand::Walker) => step_path(status).ok_or("used"),
        _ => Err("used"),
    }
}

const fn step_path(status: RecoveryStatus) -> Option<&'static str> {
    match status {
        RecoveryStatus::Questions => Some(QUESTIONS),
        RecoveryStatus::Password => Some(PASSWORD),
        RecoveryStatus::Support => Some(SUPPORT),
        _ => None,
    }
}

/// The way back in, when it is at this page; otherwise the answer that shows where it is.
pub(crate) async fn at(
    cx: Cx,
    req: &HttpRequest,
    here: &str,
) -> Result<Result<(Cx, Token, Recovery), HttpResponse>, Refusal> {
    Ok(match place(&cx, req).await? {
        Place::At(held, found, path) if path == here => Ok((cx, held, found)),
        elsewhere => Err(show_place(cx, elsewhere)),
    })
}

/// Shows somebody where they really are.
pub(crate) fn show_place(cx: Cx, place: Place) -> HttpResponse {
    match place {
        Place::Nowhere => see_other("/recovery"),
        Place::At(_, _, path) => see_other(path),
        Place::Dead(reason, channel) => {
            page(StatusCode::GONE, &RecoveryDeadPage { reason, by_mail: channel == Channel::Mail, cx })
        }
    }
}

/// On to the next step with the secret that belongs to it.
pub(crate) fn go_on(cx: &Cx, proved: &Proved) -> HttpResponse {
    let path = step_path(proved.next).unwrap_or("/recovery");
    holding(cx, see_other(path), &proved.token)
}

fn holding(cx: &Cx, mut response: HttpResponse, held: &Token) -> HttpResponse {
    let _ = response.add_cookie(&cx.state.cookies.brief(RECOVERY, held.as_str(), COOKIE_MINUTES));
    response
}

/// GET /recovery
pub async fn new(cx: Cx) -> HttpResponse {
    page(StatusCode::OK, &RecoveryPage { form: Shown::empty(), cx })
}

/// POST /recovery
pub async fn create(cx: Cx, form: Form<RecoveryForm>) -> Result<HttpResponse, Refusal> {
    let shown = Shown::empty().with("email", &form.0.email);
    let email = match Email::parse(&form.0.email) {
        Ok(email) => email,
        Err(problem) => {
            let problem = Problem::new("email", problem.key()).arg("max", EMAIL_MAX_CHARS);
            return Ok(shown_again(&RecoveryPage { form: shown.problem(problem), cx }));
        }
    };
    match begin(&cx, Target::Mail(email)).await? {
        Ok(begun) => Ok(begun),
        Err((until, key)) => {
            let problem = Problem::new("email", key).arg("time", cx.time_of_day(&until.to_next_minute()));
            Ok(too_many(&RecoveryPage { form: shown.problem(problem), cx }, until))
        }
    }
}

fn phone_page(cx: Cx, form: Shown) -> RecoveryPhonePage {
    RecoveryPhonePage { countries: countries::all(cx.locale.place()), form, cx }
}

/// GET /recovery/phone
pub async fn new_by_phone(cx: Cx) -> HttpResponse {
    page(StatusCode::OK, &phone_page(cx, Shown::empty()))
}

/// POST /recovery/phone
pub async fn create_by_phone(cx: Cx, form: Form<PhoneForm>) -> Result<HttpResponse, Refusal> {
    let Form(PhoneForm { country, phone }) = form;
    let shown = Shown::empty().with("country", &country).with("phone", &phone);
    let phone = match read_phone(&cx, &country, &phone) {
        Ok(phone) => phone,
        Err(problem) => return Ok(shown_again(&phone_page(cx, shown.problem(problem)))),
    };
    match begin(&cx, Target::Phone(phone)).await? {
        Ok(begun) => Ok(begun),
        Err((until, key)) => {
            let problem = Problem::new("phone", key).arg("time", cx.time_of_day(&until.to_next_minute()));
            Ok(too_many(&phone_page(cx, shown.problem(problem)), until))
        }
    }
}

/// The same page, which says when to come again.
fn too_many(shown: &impl Page, until: Moment) -> HttpResponse {
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, shown);
    response.headers_mut().insert(RETRY_AFTER, until.since(shown.cx().now()).as_secs().max(1).into());
    response
}

/// The same answer for every address; Err: until when no more is sent, and why.
async fn begin(cx: &Cx, target: Target) -> Result<Result<HttpResponse, (Moment, &'static str)>, Refusal> {
    let asking = Asking {
        target,
        locale: cx.locale,
        from: whence(cx),
        address_unit: cx.address_unit(),
        neighbourhood: cx.neighbourhood(),
    };
    let (asker, state, now) = (Token::random(), cx.state.clone(), cx.now());
    let held = asker.clone();
    let link = move |path: &str| state.settings.link(path);
    let keys = cx.state.keys.clone();
    match cx.state.store.write(move |db| recovery::ask(db, &keys, now, &asker, &asking, &link)).await? {
        Begun::Wait { until, key } => Ok(Err((until, key))),
        Begun::Promised => {
            cx.state.wake_worker();
            cx.state.metrics.happened("recovery_asked");
            Ok(Ok(holding(cx, see_other(CODE), &held)))
        }
    }
}

fn code_page(cx: Cx, form: Shown, found: &Recovery) -> RecoveryCodePage {
    let left = u32::try_from(found.tries_left).unwrap_or(0);
    RecoveryCodePage { by_mail: found.channel == Channel::Mail, left, form, cx }
}

/// GET /recovery/code
pub async fn code(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    Ok(match at(cx, &req, CODE).await? {
        Ok((cx, _held, found)) => page(StatusCode::OK, &code_page(cx, Shown::empty(), &found)),
        Err(elsewhere) => elsewhere,
    })
}

/// POST /recovery/code
pub async fn enter_code(
    cx: Cx,
    req: HttpRequest,
    form: Form<RecoveryCodeForm>,
) -> Result<HttpResponse, Refusal> {
    let (cx, held, found) = match at(cx, &req, CODE).await? {
        Ok(here) => here,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let typed = match read_code(&form.0.code, found.code_digits()) {
        Ok(typed) => typed,
        Err(problem) => {
            return Ok(shown_again(&code_page(
                cx,
                Shown::empty().with("code", &form.0.code).problem(problem),
                &found,
            )));
        }
    };
    let (keys, now, where_from) = (cx.state.keys.clone(), cx.now(), whence(&cx));
    let judged =
        cx.state.store.write(move |db| Recovery::judge(db, &keys, now, &held, &typed, &where_from)).await?;
    let problem = match judged {
        Judged::Proved(proved) => return Ok(go_on(&cx, &proved)),
        Judged::Elsewhere => {
            let place = place(&cx, &req).await?;
            return Ok(show_place(cx, place));
        }
        Judged::Missed { left } => Problem::new("code", "code-wrong").arg("left", left),
        Judged::Spent => Problem::new("code", "code-spent"),
    };
    cx.state.metrics.happened("code_missed");
    Ok(match at(cx, &req, CODE).await? {
        Ok((cx, _held, found)) => shown_again(&code_page(cx, Shown::empty().problem(problem), &found)),
        Err(elsewhere) => elsewhere,
    })
}

/// GET /recovery/links/{token}: takes the secret out of the address and uses nothing up. Scanners may follow it as often as they like.
pub async fn link(cx: Cx, token: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    Ok(holding(&cx, cx.on_to(STEP), &token))
}
