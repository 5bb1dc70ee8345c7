//! The beginning and the end of a registration, and what stands beside its steps.

use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;

use crate::access::registration::status::Step;
use crate::access::registration::steps::again_refused;
use crate::access::registration::{self, Applicant, Registration, Started};
use crate::access::sign_in::pages::AlreadyPage;
use crate::accounts::identifiers::countries::{self, Country};
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::overview::{Overview, overview};
use crate::accounts::promo_gift::PromoGift;
use crate::base::{AccountId, Moment, Token};
use crate::web::{
    Cx, Form, Nothing, Problem, REGISTRATION, Refusal, Shown, SignedIn, page, see_other, shown_again,
};

#[derive(Template)]
#[template(path = "access/registration/phone.html")]
struct PhonePage {
    cx: Cx,
    form: Shown,
    countries: &'static [Country],
}

#[derive(Template)]
#[template(path = "access/registration/no_code.html")]
struct NoCodePage {
    cx: Cx,
    phone: String,
    again_at: Option<Moment>,
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

/// Where a browser is with its registration.
pub(crate) enum Place {
    /// It has not begun, or the attempt was forgotten.
    Nowhere,
    Expired,
    At(Token, Registration),
}

pub(crate) async fn place(cx: &Cx, req: &HttpRequest) -> Result<Place, Refusal> {
    let Some(token) = cx.state.cookies.token(req, REGISTRATION) else { return Ok(Place::Nowhere) };
    let wanted = token.clone();
    let found = cx.state.store.read(move |db| Registration::find(db, &wanted)).await?;
    Ok(match found {
        Some(found) if found.has_expired(cx.now()) => Place::Expired,
        Some(found) => Place::At(token, found),
        None => Place::Nowhere,
    })
}

/// The registration, when it is at this step; otherwise the answer that shows where it is.
pub(crate) async fn at(
    cx: Cx,
    req: &HttpRequest,
    step: Step,
) -> Result<Result<(Cx, Token, Registration), HttpResponse>, Refusal> {
    Ok(match place(&cx, req).await? {
        Place::At(token, found) if found.step == step => Ok((cx, token, found)),
        elsewhere => Err(show_place(cx, elsewhere)),
    })
}

/// Shows somebody where they really are.
pub(crate) fn show_place(cx: Cx, place: Place) -> HttpResponse {
    match place {
        Place::At(_, found) if found.step == Step::Done && cx.who.is_none() => see_other("/sign-in"),
        Place::At(_, found) => see_other(found.step.path()),
        _ if cx.who.is_some() => see_other("/cabinet"),
        Place::Nowhere => see_other("/registration"),
        Place::Expired => {
            let cookies = cx.state.cookies;
            let mut response = page(StatusCode::GONE, &ExpiredPage { cx });
            let _ = response.add_cookie(&cookies.removal(REGISTRATION));
            response
        }
    }
}

pub(crate) fn applicant(cx: &Cx, phone: Phone) -> Applicant {
    Applicant { phone, locale: cx.locale, address_unit: cx.address_unit(), neighbourhood: cx.neighbourhood() }
}

fn phone_page(cx: Cx, form: Shown) -> PhonePage {
    PhonePage { countries: countries::all(cx.locale.place()), form, cx }
}

/// GET /registration
pub async fn new(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    if cx.who.is_some() {
        return Ok(page(StatusCode::OK, &AlreadyPage { cx }));
    }
    match place(&cx, &req).await? {
        Place::At(token, found) if found.step != Step::Done => Ok(show_place(cx, Place::At(token, found))),
        _ => Ok(page(StatusCode::OK, &phone_page(cx, Shown::empty()))),
    }
}

/// POST /registration
pub async fn create(cx: Cx, req: HttpRequest, form: Form<PhoneForm>) -> Result<HttpResponse, Refusal> {
    if cx.who.is_some() {
        return Ok(see_other("/cabinet"));
    }
    if let Place::At(token, found) = place(&cx, &req).await?
        && found.step != Step::Done
    {
        return Ok(show_place(cx, Place::At(token, found)));
    }
    let Form(PhoneForm { country, phone }) = form;
    let shown = Shown::empty().with("country", &country).with("phone", &phone);
    let phone = match read_phone(&cx, &country, &phone) {
        Ok(phone) => phone,
        Err(problem) => return Ok(shown_again(&phone_page(cx, shown.problem(problem)))),
    };
    let (token, who, state) = (Token::random(), applicant(&cx, phone), cx.state.clone());
    let (now, made) = (cx.now(), token.clone());
    let started = cx.state.store.write(move |db| {
        Registration::start(db, &state.keys, now, &made, &who, &state.settings.link("/sign-in"))
    });
    match started.await? {
        Started::Wait { until, why } => {
            let seconds = until.since(cx.now()).as_secs().max(1);
            let problem = Problem::new("phone", why.key()).arg("time", cx.when(&until));
            let mut response = page(StatusCode::TOO_MANY_REQUESTS, &phone_page(cx, shown.problem(problem)));
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
            Ok(response)
        }
        Started::Sent => {
            cx.state.wake_worker();
            let mut response = see_other(Step::Code.path());
            let _ = response.add_cookie(&cx.state.cookies.make(REGISTRATION, token.as_str(), None));
            Ok(response)
        }
    }
}

pub(crate) fn read_phone(cx: &Cx, country: &str, typed: &str) -> Result<Phone, Problem> {
    let known = countries::by_code(cx.locale.place(), country)
        .ok_or_else(|| Problem::new("country", "country-wrong"))?;
    Phone::parse(known.code, typed).map_err(|problem| {
        Problem::new("phone", problem.key())
            .arg("max", crate::accounts::identifiers::phone::PHONE_TYPED_MAX_CHARS)
    })
}

/// POST /registration/messages
pub async fn send_again(cx: Cx, req: HttpRequest, _form: Form<Nothing>) -> Result<HttpResponse, Refusal> {
    let (cx, token, found) = match at(cx, &req, Step::Code).await? {
        Ok(here) => here,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let who = applicant(&cx, found.phone().ok_or(Refusal::Broken)?);
    let (state, now) = (cx.state.clone(), cx.now());
    let link = state.settings.link("/sign-in");
    let sent =
        cx.state.store.write(move |db| Registration::send_again(db, &state.keys, now, &token, &who, &link));
    match sent.await? {
        Some(Started::Wait { until, why }) => {
            let problem = Problem::new("code", why.key()).arg("time", cx.when(&until));
            again_refused(cx, &req, problem, until).await
        }
        Some(Started::Sent) | None => {
            cx.state.wake_worker();
            Ok(see_other(Step::Code.path()))
        }
    }
}

/// GET /registration/no-code
pub async fn no_code(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    let (cx, _token, found) = match at(cx, &req, Step::Code).await? {
        Ok(here) => here,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (phone, again_at) = waiting(&cx, &found);
    Ok(page(StatusCode::OK, &NoCodePage { phone, again_at, cx }))
}

/// The phone as it was typed a moment ago (whole: a slip of the finger must show), and until when nothing more is sent.
pub(crate) fn waiting(cx: &Cx, found: &Registration) -> (String, Option<Moment>) {
    let phone = found.phone().map_or_else(String::new, |phone| phone.spaced());
    (phone, Some(found.again_at).filter(|at| *at > cx.now()))
}

pub(crate) fn left(found: &Registration) -> u32 {
    u32::try_from(found.tries_left).unwrap_or(0)
}

/// POST /registration/restart
pub async fn restart(cx: Cx, req: HttpRequest, _form: Form<Nothing>) -> Result<HttpResponse, Refusal> {
    if let Place::At(token, _) = place(&cx, &req).await? {
        cx.state.store.write(move |db| registration::forget(db, &token)).await?;
    }
    let mut response = see_other("/registration");
    let _ = response.add_cookie(&cx.state.cookies.removal(REGISTRATION));
    Ok(response)
}

/// GET /registration/done
pub async fn done(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let Overview { account, gift, email_pending } =
        overview(&cx, AccountId::from_i64(who.0.account_id)).await?;
    Ok(page(StatusCode::OK, &DonePage { number: account.grouped_number(), gift, email: email_pending, cx }))
}
