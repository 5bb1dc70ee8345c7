//! The beginning and the end of a registration, and what stands beside its steps.

use actix_web::http::StatusCode;
use actix_web::{Error, HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use crate::access::registration::status::Step;
use crate::access::registration::steps::code_page;
use crate::access::registration::{self, Registration};
use crate::access::sign_in::pages::AlreadyPage;
use crate::accounts::identifiers::countries::{self, Country};
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::overview::{Overview, overview};
use crate::accounts::promo_gift::PromoGift;
use crate::base::{Moment, Token};
use crate::web::{
    ButtonForm, CurrentSession, Cx, Form, FormState, Problem, REGISTRATION, Refusal, instead, page,
    see_other, too_many, unprocessable,
};

#[derive(Template)]
#[template(path = "access/registration/phone.html")]
struct PhonePage {
    cx: Cx,
    form: FormState,
    countries: &'static [Country],
}

#[derive(Template)]
#[template(path = "access/registration/no_code.html")]
struct NoCodePage {
    cx: Cx,
    phone: String,
    resend_at: Option<Moment>,
}

#[derive(Template)]
#[template(path = "access/registration/done.html")]
struct DonePage {
    cx: Cx,
    number: String,
    gift: Option<PromoGift>,
    email: Option<String>,
}

#[derive(Template)]
#[template(path = "access/registration/expired.html")]
struct ExpiredPage {
    cx: Cx,
}

crate::pages!(PhonePage, NoCodePage, DonePage, ExpiredPage);

#[derive(Deserialize)]
pub struct PhoneForm {
    #[serde(default)]
    pub(crate) country: String,
    #[serde(default)]
    pub(crate) phone: String,
}

/// How far a browser is with its registration.
pub(crate) enum Progress {
    /// It has not begun, or the attempt was forgotten.
    None,
    Expired,
    At(Token, Registration),
}

pub(crate) async fn progress(cx: &Cx, req: &HttpRequest) -> Result<Progress, Refusal> {
    let Some(token) = cx.state.cookies.token(req, REGISTRATION) else { return Ok(Progress::None) };
    let held = token.clone();
    Ok(match cx.read(move |tx| Registration::find(tx.db, &held)).await? {
        Some(found) if found.has_expired(cx.now()) => Progress::Expired,
        Some(found) => Progress::At(token, found),
        None => Progress::None,
    })
}

/// The registration, when it is at this step; otherwise the answer that shows where it is.
pub(crate) async fn at(cx: Cx, req: &HttpRequest, step: Step) -> Result<(Cx, Token, Registration), Error> {
    match progress(&cx, req).await? {
        Progress::At(token, found) if found.step == step => Ok((cx, token, found)),
        elsewhere => Err(instead(show_progress(cx, elsewhere))),
    }
}

/// Shows somebody where they really are.
pub(crate) async fn elsewhere(cx: Cx, req: &HttpRequest) -> Result<HttpResponse, Error> {
    let progress = progress(&cx, req).await?;
    Ok(show_progress(cx, progress))
}

pub(crate) fn show_progress(cx: Cx, progress: Progress) -> HttpResponse {
    match progress {
        Progress::At(_, found) if found.step == Step::Done && cx.session.is_none() => see_other("/sign-in"),
        Progress::At(_, found) => see_other(found.step.path()),
        _ if cx.session.is_some() => see_other("/cabinet"),
        Progress::None => see_other("/registration"),
        Progress::Expired => {
            let cookies = cx.state.cookies;
            let mut response = page(StatusCode::GONE, &ExpiredPage { cx });
            let _ = response.add_cookie(&cookies.removal(REGISTRATION));
            response
        }
    }
}

fn phone_page(cx: Cx, form: FormState) -> PhonePage {
    PhonePage { countries: countries::all(cx.locale.index()), form, cx }
}

/// GET /registration
pub async fn new(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    if cx.session.is_some() {
        return Ok(page(StatusCode::OK, &AlreadyPage { cx }));
    }
    match progress(&cx, &req).await? {
        Progress::At(_, found) if found.step != Step::Done => Ok(see_other(found.step.path())),
        _ => Ok(page(StatusCode::OK, &phone_page(cx, FormState::empty()))),
    }
}

/// POST /registration
pub async fn create(cx: Cx, req: HttpRequest, form: Form<PhoneForm>) -> Result<HttpResponse, Refusal> {
    if cx.session.is_some() {
        return Ok(see_other("/cabinet"));
    }
    if let Progress::At(_, found) = progress(&cx, &req).await?
        && found.step != Step::Done
    {
        return Ok(see_other(found.step.path()));
    }
    let Form(PhoneForm { country, phone }) = form;
    let shown = FormState::empty().with("country", &country).with("phone", &phone);
    let phone = match read_phone(&cx, &country, &phone) {
        Ok(phone) => phone,
        Err(problem) => return Ok(unprocessable(&phone_page(cx, shown.problem(problem)))),
    };
    let (token, locale) = (Token::random(), cx.locale);
    let held = token.clone();
    match cx.write(move |tx| Registration::start(tx, &held, &phone, locale)).await? {
        Err(denied) => {
            let problem = denied.problem(&cx, "phone");
            Ok(too_many(&phone_page(cx, shown.problem(problem)), denied.until()))
        }
        Ok(()) => {
            cx.state.wake_worker();
            let mut response = see_other(Step::Code.path());
            let _ = response.add_cookie(&cx.state.cookies.make(REGISTRATION, token.as_str(), None));
            Ok(response)
        }
    }
}

/// A number to which an SMS is to go: it belongs to the country that was chosen, and that is one of ours.
pub(crate) fn read_phone(cx: &Cx, country: &str, typed: &str) -> Result<Phone, Problem> {
    let known = countries::by_code(cx.locale.index(), country)
        .ok_or_else(|| Problem::new("country", "country-wrong"))?;
    let phone = Phone::parse(known.code, typed).map_err(|problem| {
        Problem::new("phone", problem.key())
            .arg("max", crate::accounts::identifiers::phone::PHONE_TYPED_MAX_CHARS)
    })?;
    if !cx.state.settings.sms_countries.include(known.code) {
        return Err(Problem::new("country", "country-no-sms").arg("country", known.name));
    }
    if !phone.is_of(known.code) {
        return Err(Problem::new("phone", "phone-other-country").arg("country", known.name));
    }
    Ok(phone)
}

/// POST /registration/messages
pub async fn send_again(cx: Cx, req: HttpRequest, _form: Form<ButtonForm>) -> Result<HttpResponse, Error> {
    let (cx, token, _found) = at(cx, &req, Step::Code).await?;
    let locale = cx.locale;
    match cx.write(move |tx| Registration::send_again(tx, &token, locale)).await? {
        Some(Err(denied)) => {
            let problem = denied.problem(&cx, "code");
            let (cx, _token, found) = at(cx, &req, Step::Code).await?;
            Ok(too_many(&code_page(cx, FormState::empty().problem(problem), &found), denied.until()))
        }
        Some(Ok(())) | None => {
            cx.state.wake_worker();
            Ok(see_other(Step::Code.path()))
        }
    }
}

/// GET /registration/no-code
pub async fn no_code(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, _token, found) = at(cx, &req, Step::Code).await?;
    let (phone, resend_at) = waiting(&cx, &found);
    Ok(page(StatusCode::OK, &NoCodePage { phone, resend_at, cx }))
}

/// The phone as it was typed a moment ago (whole: a slip of the finger must show), and until when nothing more is sent.
pub(crate) fn waiting(cx: &Cx, found: &Registration) -> (String, Option<Moment>) {
    let phone = found.phone().map_or_else(String::new, |phone| phone.spaced());
    (phone, found.code.as_ref().and_then(|code| code.waits_until(cx.now())))
}

/// POST /registration/restart
pub async fn restart(cx: Cx, req: HttpRequest, _form: Form<ButtonForm>) -> Result<HttpResponse, Refusal> {
    if let Progress::At(token, _) = progress(&cx, &req).await? {
        cx.write(move |tx| registration::forget(tx.db, &token)).await?;
    }
    let mut response = see_other("/registration");
    let _ = response.add_cookie(&cx.state.cookies.removal(REGISTRATION));
    Ok(response)
}

/// GET /registration/done
pub async fn done(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let Overview { account, gift, email_pending } = overview(&cx, session.account_id).await?;
    Ok(page(StatusCode::OK, &DonePage { number: account.grouped_number(), gift, email: email_pending, cx }))
}
