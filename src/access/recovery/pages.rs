//! «Забыли пароль?»: asking for a way back in, and the link or code that comes.

use actix_web::http::StatusCode;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use serde::Deserialize;
use validator::Validate;

use crate::access::phone_form::{PhoneForm, countries_with_sms, read_phone};
use crate::access::recovery::status::RecoveryStatus;
use crate::access::recovery::{self, COOKIE_MINUTES, Denied, Recovery, Target, TokenRole, Verified};
use crate::accounts::identifiers::countries::Country;
use crate::accounts::identifiers::email::Email;
use crate::base::{Moment, Token, is_invisible, normalize_digits};
use crate::notices::Channel;
use crate::one_time_code::{CodeForm, OneTimeCode};
use crate::web::{
    Cx, Flash, Form, FormState, Problem, RECOVERY, Refusal, out_of_order, page, problems, see_other,
    too_many, unprocessable, with_cookie,
};

pub(crate) const CODE: &str = "/recovery/code";
pub(crate) const STEP: &str = "/recovery/step";
pub(crate) const QUESTIONS: &str = "/recovery/questions";
pub(crate) const PASSWORD: &str = "/recovery/password";
pub(crate) const SUPPORT: &str = "/recovery/support";

crate::pages! {
    "access/recovery/recovery.html" => struct RecoveryPage { form: FormState }
    "access/recovery/phone.html" => struct RecoveryPhonePage {
        form: FormState,
        countries: Vec<&'static Country>,
    }
    "access/recovery/code.html" => struct RecoveryCodePage {
        form: FormState,
        by_mail: bool,
        to: String,
        left: u32,
    }
    "access/recovery/dead.html" => struct RecoveryDeadPage { reason: &'static str, by_mail: bool }
}

#[derive(Deserialize, Validate)]
pub struct RecoveryForm {
    #[serde(default)]
    #[validate(custom(function = Email::validate))]
    email: String,
}

crate::shown_again!(RecoveryForm: ["email"]);

/// How far a browser is on its way back in.
enum Progress {
    None,
    /// It leads no further; the word says why.
    Dead(&'static str, Channel),
    At(Token, Box<Recovery>, &'static str),
}

async fn progress(cx: &Cx, req: &HttpRequest) -> Result<Progress, Refusal> {
    let Some(held) = cx.state.cookies.token(req, RECOVERY) else { return Ok(Progress::None) };
    let wanted = held.clone();
    Ok(match cx.read(move |tx| Recovery::find(tx.db, &wanted)).await? {
        None => Progress::Dead("unknown", Channel::Mail),
        Some((found, role)) => match path(&found, role, cx.now()) {
            Ok(path) => Progress::At(held, Box::new(found), path),
            Err(reason) => Progress::Dead(reason, found.channel),
        },
    })
}

/// The page of what comes next for a browser that holds this; or why nothing does.
fn path(found: &Recovery, role: TokenRole, now: Moment) -> Result<&'static str, &'static str> {
    match (found.status, role) {
        // The link is told so in words; whoever went on with it knows, and may sign in.
        (RecoveryStatus::Done, TokenRole::MailedLink) => Err("done"),
        (RecoveryStatus::Done, _) => Ok("/sign-in"),
        (RecoveryStatus::Replaced, _) => Err("replaced"),
        (RecoveryStatus::Closed, _) => Err("closed"),
        _ if found.has_expired(now) => Err("expired"),
        (RecoveryStatus::Asked, TokenRole::MailedLink) => Ok(STEP),
        (RecoveryStatus::Asked, _) => Ok(CODE),
        (status, TokenRole::Continuing) => step_path(status).ok_or("used"),
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
pub(crate) async fn at(cx: Cx, req: &HttpRequest, here: &str) -> Result<(Cx, Token, Recovery), Error> {
    match progress(&cx, req).await? {
        Progress::At(held, found, path) if path == here => Ok((cx, held, *found)),
        elsewhere => {
            let said = cx.saying(Flash::STEP_ELSEWHERE);
            Err(out_of_order(&said, show_progress(cx, elsewhere)))
        }
    }
}

/// Shows somebody where they really are.
pub(crate) async fn elsewhere(cx: Cx, req: &HttpRequest) -> Result<HttpResponse, Error> {
    let progress = progress(&cx, req).await?;
    Ok(show_progress(cx, progress))
}

fn show_progress(cx: Cx, progress: Progress) -> HttpResponse {
    match progress {
        Progress::None => see_other("/recovery"),
        Progress::At(_, _, path) => see_other(path),
        Progress::Dead(reason, channel) => {
            page(StatusCode::GONE, &RecoveryDeadPage { reason, by_mail: channel == Channel::Mail, cx })
        }
    }
}

/// On to the next step with the secret that belongs to it.
pub(crate) fn go_on(cx: &Cx, verified: &Verified) -> HttpResponse {
    let path = step_path(verified.next).unwrap_or("/recovery");
    holding(cx, see_other(path), &verified.token)
}

fn holding(cx: &Cx, response: HttpResponse, held: &Token) -> HttpResponse {
    with_cookie(response, &cx.state.cookies.brief(RECOVERY, held.as_str(), COOKIE_MINUTES))
}

/// GET /recovery
pub async fn new(cx: Cx) -> HttpResponse {
    page(StatusCode::OK, &RecoveryPage { form: FormState::empty(), cx })
}

/// POST /recovery
pub async fn create(cx: Cx, req: HttpRequest, form: Form<RecoveryForm>) -> Result<HttpResponse, Refusal> {
    let shown = FormState::empty().with("email", &form.0.email);
    let Ok(email) = Email::parse(&form.0.email) else {
        if is_phone(&form.0.email) {
            let typed = vec![("phone".to_owned(), form.0.email)];
            let by_phone = Flash::new("flash-recovery-phone").typed("/recovery/phone", typed);
            return Ok(cx.leads_on("/recovery/phone", by_phone));
        }
        let shown = shown.all(problems(form.0.validate(), &["email"]));
        return Ok(unprocessable(&RecoveryPage { form: shown, cx }));
    };
    match begin(&cx, &req, Target::Mail(email)).await? {
        Ok(begun) => Ok(begun),
        Err(Denied { until, key }) => {
            let problem = Problem::new("email", key).arg("time", cx.when(&until));
            Ok(too_many(&RecoveryPage { form: shown.problem(problem), cx }, until))
        }
    }
}

/// Whether somebody has typed a phone where an address belongs: digits and what stands between those of a phone.
fn is_phone(typed: &str) -> bool {
    let plain = normalize_digits(typed);
    let digits = plain.chars().filter(char::is_ascii_digit).count();
    let apart = |c: char| c.is_whitespace() || matches!(c, '+' | '-' | '(' | ')' | '.');
    (7..=15).contains(&digits) && plain.chars().all(|c| c.is_ascii_digit() || apart(c) || is_invisible(c))
}

fn phone_page(cx: Cx, form: FormState) -> RecoveryPhonePage {
    RecoveryPhonePage { countries: countries_with_sms(&cx), form, cx }
}

/// GET /recovery/phone
pub async fn new_by_phone(cx: Cx) -> HttpResponse {
    page(StatusCode::OK, &phone_page(cx, FormState::empty()))
}

/// POST /recovery/phone
pub async fn create_by_phone(
    cx: Cx,
    req: HttpRequest,
    form: Form<PhoneForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(PhoneForm { country, phone }) = form;
    let shown = FormState::empty().with("country", &country).with("phone", &phone);
    let phone = match read_phone(&cx, &country, &phone) {
        Ok(phone) => phone,
        Err(problem) => return Ok(unprocessable(&phone_page(cx, shown.problem(problem)))),
    };
    match begin(&cx, &req, Target::Phone(phone)).await? {
        Ok(begun) => Ok(begun),
        Err(Denied { until, key }) => {
            let problem = Problem::new("phone", key).arg("time", cx.when(&until));
            Ok(too_many(&phone_page(cx, shown.problem(problem)), until))
        }
    }
}

/// The same answer for every address. Whoever asks for the same too soon is led to where the code is typed that was sent already.
async fn begin(cx: &Cx, req: &HttpRequest, target: Target) -> Result<Result<HttpResponse, Denied>, Refusal> {
    let wanted = cx.token_of_form(req, &format!("recovery {}", target.shown()));
    let (locale, earlier) = (cx.locale, cx.state.cookies.token(req, RECOVERY));
    let page = cx.wanted.as_ref().map_or_else(String::new, |page| page.address().to_owned());
    let begun = cx.write(move |tx| {
        let requester = match Recovery::find(tx.db, &wanted)? {
            Some((same, _)) if same.status == RecoveryStatus::Asked && !same.has_expired(tx.now) => {
                return Ok(Ok(wanted.clone()));
            }
            Some(_over) => Token::random(),
            None => wanted.clone(),
        };
        match recovery::begin(tx, &requester, &target, &page, locale)? {
            Ok(()) => Ok(Ok(requester)),
            Err(denied) => {
                let waits =
                    earlier.as_ref().map(|held| Recovery::is_waiting(tx, held, &target)).transpose()?;
                Ok(Err((denied, waits == Some(true))))
            }
        }
    });
    let begun = match begun.await? {
        Err((Denied { until, key }, true)) => {
            return Ok(Ok(cx.leads_on(CODE, Flash::new(key).arg("time", cx.when(&until)))));
        }
        begun => begun.map_err(|(denied, _)| denied),
    };
    Ok(begun.map(|held| {
        cx.state.wake_worker();
        cx.state.metrics.count_event("recovery_asked");
        holding(cx, see_other(CODE), &held)
    }))
}

fn code_page(cx: Cx, form: FormState, found: &Recovery) -> RecoveryCodePage {
    let left = OneTimeCode::left(found.code.as_ref());
    let to = found.shown(&cx.state.keys);
    RecoveryCodePage { by_mail: found.channel == Channel::Mail, to, left, form, cx }
}

/// GET /recovery/code
pub async fn code(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, _held, found) = at(cx, &req, CODE).await?;
    Ok(page(StatusCode::OK, &code_page(cx, FormState::empty(), &found)))
}

/// POST /recovery/code
pub async fn enter_code(cx: Cx, req: HttpRequest, form: Form<CodeForm>) -> Result<HttpResponse, Error> {
    let (cx, held, found) = at(cx, &req, CODE).await?;
    let typed = match form.0.read(found.code_digits()) {
        Ok(typed) => typed,
        Err(form) => return Ok(unprocessable(&code_page(cx, form, &found))),
    };
    let checked = match cx.write(move |tx| Recovery::check(tx, &held, &typed)).await? {
        Ok(verified) => return Ok(go_on(&cx, &verified)),
        Err(checked) => checked,
    };
    let Some(problem) = checked.problem() else { return elsewhere(cx, &req).await };
    cx.state.metrics.count_event("code_missed");
    cx.code_refused("recovery");
    let (cx, _held, found) = at(cx, &req, CODE).await?;
    Ok(unprocessable(&code_page(cx, FormState::empty().problem(problem), &found)))
}

/// GET /recovery/links/{token}: takes the secret out of the address and uses nothing up. Scanners may follow it as often as they like.
pub async fn link(cx: Cx, token: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let token = Token::read(&token).ok_or(Refusal::NotFound)?;
    Ok(holding(&cx, cx.redirect_to(STEP), &token))
}
