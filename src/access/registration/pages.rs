//! The beginning and the end of a registration, and where between them a browser is.

use actix_web::http::StatusCode;
use actix_web::{Error, HttpRequest, HttpResponse};

use crate::access::phone_form::{PhoneForm, countries_with_sms, read_phone};
use crate::access::registration::status::RegistrationStep;
use crate::access::registration::{self, Registration};
use crate::access::sign_in::pages::already_inside;
use crate::accounts::identifiers::countries::Country;
use crate::accounts::promo_gift::PromoGift;
use crate::base::Token;
use crate::credentials::overview::{Overview, overview};
use crate::web::{
    ButtonForm, CurrentSession, Cx, Flash, Form, FormState, REGISTRATION, Refusal, anew, out_of_order, page,
    see_other, too_many, unprocessable, with_cookie,
};

crate::pages! {
    "access/registration/phone.html" => struct PhonePage { form: FormState, countries: Vec<&'static Country> }
    "access/registration/done.html" => struct DonePage {
        title: &'static str,
        number: String,
        gift: Option<PromoGift>,
        email: Option<String>,
        can_restore: bool,
    }
    "access/registration/expired.html" => struct ExpiredPage {}
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
pub(crate) async fn at(
    cx: Cx,
    req: &HttpRequest,
    step: RegistrationStep,
) -> Result<(Cx, Token, Registration), Error> {
    match progress(&cx, req).await? {
        Progress::At(token, found) if found.step == step => Ok((cx, token, found)),
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

pub(crate) fn show_progress(cx: Cx, progress: Progress) -> HttpResponse {
    match progress {
        Progress::At(_, found) if found.step == RegistrationStep::Done && cx.session.is_none() => {
            see_other("/sign-in")
        }
        Progress::At(_, found) => see_other(found.step.path()),
        _ if cx.session.is_some() => see_other("/cabinet"),
        Progress::None => see_other("/registration"),
        Progress::Expired => {
            let cookies = cx.state.cookies;
            with_cookie(page(StatusCode::GONE, &ExpiredPage { cx }), &cookies.removal(REGISTRATION))
        }
    }
}

fn phone_page(cx: Cx, form: FormState) -> PhonePage {
    PhonePage { countries: countries_with_sms(&cx), form, cx }
}

/// GET /registration
pub async fn new(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    if cx.session.is_some() {
        return Ok(cx.redirect_to("/cabinet"));
    }
    match progress(&cx, &req).await? {
        Progress::At(_, found) if found.step == RegistrationStep::Code && cx.begins_anew => {
            Ok(page(StatusCode::OK, &phone_page(cx, FormState::empty())))
        }
        Progress::At(_, found) if found.step != RegistrationStep::Done => Ok(see_other(found.step.path())),
        _ => Ok(page(StatusCode::OK, &phone_page(cx, FormState::empty()))),
    }
}

/// POST /registration
pub async fn create(cx: Cx, req: HttpRequest, form: Form<PhoneForm>) -> Result<HttpResponse, Refusal> {
    if cx.session.is_some() {
        return Ok(already_inside(&cx));
    }
    let under_way = match progress(&cx, &req).await? {
        Progress::At(token, found) if found.step != RegistrationStep::Done => Some((token, found)),
        _ => None,
    };
    let Form(PhoneForm { country, phone }) = form;
    let shown = FormState::empty().with("country", &country).with("phone", &phone);
    if let Some((_, found)) = under_way.as_ref().filter(|(_, found)| found.step != RegistrationStep::Code) {
        return Ok(already_under_way(&cx, found));
    }
    let phone = match read_phone(&cx, &country, &phone) {
        Ok(phone) => phone,
        Err(problem) => return Ok(unprocessable(&phone_page(cx, shown.problem(problem)))),
    };
    if let Some((_, found)) = under_way.as_ref().filter(|(_, found)| found.phone().as_ref() == Some(&phone)) {
        return Ok(already_under_way(&cx, found));
    }
    // Whoever comes back to a number, by way of another one or not, finds the code that was sent to it.
    let (wanted, locale) = (cx.token_of_browser(&format!("registration {}", phone.as_str())), cx.locale);
    let started = cx.write(move |tx| {
        let token = match Registration::find(tx.db, &wanted)? {
            Some(same) if same.step == RegistrationStep::Code && !same.has_expired(tx.now) => {
                return Ok(Ok(wanted.clone()));
            }
            Some(_over) => Token::random(),
            None => wanted.clone(),
        };
        Ok(Registration::start(tx, &token, &phone, locale)?.map(|()| token))
    });
    match started.await? {
        Err(denied) => {
            let problem = denied.problem(&cx, "phone");
            Ok(too_many(&phone_page(cx, shown.problem(problem)), denied.until()))
        }
        Ok(token) => {
            cx.state.wake_worker();
            let cookie = cx.state.cookies.make(REGISTRATION, token.as_str(), None);
            Ok(with_cookie(see_other(RegistrationStep::Code.path()), &cookie))
        }
    }
}

/// The phone's form of a page that was loaded earlier: the page of the step says which number it is about.
fn already_under_way(cx: &Cx, found: &Registration) -> HttpResponse {
    let number = found.phone().map_or_else(String::new, |phone| phone.spaced());
    let key = match found.step {
        RegistrationStep::Code => "flash-code-waits",
        _ => "flash-registration-under-way",
    };
    cx.leads_on(found.step.path(), Flash::new(key).arg("phone", number))
}

/// POST /registration/restart: the form with the number that may have to be mended. Its code stays good until another number has got
/// one: whoever sends the same number is led back to it.
pub async fn restart(cx: Cx, req: HttpRequest, _form: Form<ButtonForm>) -> Result<HttpResponse, Refusal> {
    if let Progress::At(token, found) = progress(&cx, &req).await? {
        if let Some(phone) = found.phone().filter(|_| found.step == RegistrationStep::Code) {
            let country = ("country".to_owned(), phone.country().unwrap_or_default().to_owned());
            let typed = vec![country, ("phone".to_owned(), phone.spaced())];
            return Ok(cx.leads_on(&anew("/registration"), Flash::of_form("/registration", typed)));
        }
        cx.write(move |tx| registration::forget(tx.db, &token)).await?;
    }
    Ok(with_cookie(see_other("/registration"), &cx.state.cookies.removal(REGISTRATION)))
}

/// GET /registration/done
pub async fn done(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let Overview { account, gift, email_pending, can_restore } = overview(&cx, session.account_id).await?;
    // An invited buyer had the account before.
    let title = if account.phone.is_some() { "done-title" } else { "invitation-opened-title" };
    Ok(page(
        StatusCode::OK,
        &DonePage { title, number: account.grouped_number(), gift, email: email_pending, can_restore, cx },
    ))
}
