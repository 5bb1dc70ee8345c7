//! GET and POST /profile/phone, /profile/phone/code

use std::time::Duration;

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::registration::CODE_DIGITS;
use crate::access::registration::pages::{applicant, read_phone};
use crate::accounts::account::Account;
use crate::accounts::identifiers::countries::{self, Country};
use crate::accounts::identifiers::phone::Phone;
use crate::base::Moment;
use crate::credentials::hashing::Hashers;
use crate::credentials::reauthentication::prove;
use crate::credentials::signed_in::{account_of, occasion, write_for_db};
use crate::db::Db;
use crate::one_time_code::read_code;
use crate::profile::pages::password::DonePage;
use crate::profile::phone_change::{Asked, Judged, PhoneChange};
use crate::web::{Cx, Form, Nothing, Problem, Refusal, Shown, SignedIn, Visit, page, see_other, shown_again};

const CODE: &str = "/profile/phone/code";

#[derive(Template)]
#[template(path = "profile/phone.html")]
struct PhonePage {
    cx: Cx,
    form: Shown,
    countries: &'static [Country],
    current: Option<String>,
    pending: Option<String>,
    ask_password: bool,
}

#[derive(Template)]
#[template(path = "profile/phone_code.html")]
struct CodePage {
    cx: Cx,
    form: Shown,
    phone: String,
    again_at: Option<Moment>,
    left: u32,
}

crate::pages!(PhonePage, CodePage);

#[derive(Deserialize)]
pub struct PhoneForm {
    #[serde(default)]
    country: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    password: Zeroizing<String>,
}

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

async fn phone_page(cx: Cx, visit: &Visit, form: Shown) -> Result<(PhonePage, Account), Refusal> {
    let account = account_of(&cx, visit).await?;
    let (id, now) = (account.id, cx.now());
    let change = cx
        .state
        .store
        .read(move |db| PhoneChange::of(db, id))
        .await?
        .filter(|change| !change.has_expired(now));
    let shown = PhonePage {
        countries: countries::all(cx.locale.place()),
        current: account.phone().as_ref().map(Phone::masked),
        pending: change.and_then(|change| change.phone()).as_ref().map(Phone::masked),
        ask_password: !visit.is_fresh(now),
        form,
        cx,
    };
    Ok((shown, account))
}

/// GET /profile/phone
pub async fn new(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let (shown, _account) = phone_page(cx, &who.0, Shown::empty()).await?;
    Ok(page(StatusCode::OK, &shown))
}

/// POST /profile/phone
pub async fn ask(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<PhoneForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(PhoneForm { country, phone, password }) = form;
    let typed = Shown::empty().with("country", &country).with("phone", &phone);
    let (mut shown, account) = phone_page(cx, &who.0, typed).await?;
    let phone = match read_phone(&shown.cx, &country, &phone) {
        Ok(phone) if account.phone().as_ref() == Some(&phone) => Err(Problem::new("phone", "phone-same")),
        read => read,
    };
    let phone = match phone {
        Ok(phone) => phone,
        Err(problem) => {
            shown.form = shown.form.problem(problem);
            return Ok(shown_again(&shown));
        }
    };
    if let Some(problem) = prove(&shown.cx, &session, &who.0, &hashers, &account, &password).await? {
        shown.form = shown.form.problem(problem);
        return Ok(shown_again(&shown));
    }
    let (keys, on, asker) = (shown.cx.state.keys.clone(), occasion(&shown.cx), applicant(&shown.cx, phone));
    let ask = move |db: &mut Db| PhoneChange::ask(db, &keys, &on, account.id, &asker);
    match write_for_db(&shown.cx, &who.0, ask).await? {
        Asked::Sent => {
            shown.cx.state.wake_worker();
            Ok(see_other(CODE))
        }
        Asked::Wait { until, why } => {
            shown.form =
                shown.form.problem(Problem::new("phone", why.key()).arg("time", shown.cx.when(&until)));
            let response = page(StatusCode::TOO_MANY_REQUESTS, &shown);
            Ok(retry_after(response, until.since(shown.cx.now())))
        }
    }
}

/// The code's page; where nothing waits for a code, the way to the form that asks for one.
async fn code_page(cx: Cx, visit: &Visit, form: Shown) -> Result<Result<CodePage, HttpResponse>, Refusal> {
    let (id, now) = (visit.account_id, cx.now());
    let found = cx.state.store.read(move |db| PhoneChange::of(db, id)).await?;
    let waiting = found.and_then(|change| change.phone().map(|phone| (change, phone)));
    Ok(match waiting {
        Some((change, phone)) => Ok(CodePage {
            // Whole: a slip of the finger must show.
            phone: phone.spaced(),
            again_at: Some(change.again_at).filter(|at| *at > now),
            left: if change.has_expired(now) { 0 } else { u32::try_from(change.tries_left).unwrap_or(0) },
            form,
            cx,
        }),
        None => Err(see_other("/profile/phone")),
    })
}

/// GET /profile/phone/code
pub async fn code(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    Ok(match code_page(cx, &who.0, Shown::empty()).await? {
        Ok(shown) => page(StatusCode::OK, &shown),
        Err(elsewhere) => elsewhere,
    })
}

/// POST /profile/phone/code
pub async fn enter_code(cx: Cx, who: SignedIn, form: Form<CodeForm>) -> Result<HttpResponse, Refusal> {
    let typed = match read_code(&form.0.code, CODE_DIGITS) {
        Ok(typed) => typed,
        Err(problem) => {
            let form = Shown::empty().with("code", &form.0.code).problem(problem);
            return again(cx, &who.0, StatusCode::UNPROCESSABLE_ENTITY, form).await;
        }
    };
    let (keys, on, id) = (cx.state.keys.clone(), occasion(&cx), who.0.account_id);
    let judge = move |db: &mut Db| PhoneChange::judge(db, &keys, &on, id, &typed);
    let problem = match write_for_db(&cx, &who.0, judge).await? {
        Judged::Changed => {
            cx.state.wake_worker();
            return Ok(see_other("/profile/phone/changed"));
        }
        Judged::Nothing => return Ok(see_other("/profile/phone")),
        Judged::Missed { left } => Problem::new("code", "code-wrong").arg("left", left),
        Judged::Spent => Problem::new("code", "code-spent"),
        Judged::Expired => Problem::new("code", "code-expired"),
    };
    cx.state.metrics.happened("code_missed");
    again(cx, &who.0, StatusCode::UNPROCESSABLE_ENTITY, Shown::empty().problem(problem)).await
}

async fn again(cx: Cx, visit: &Visit, status: StatusCode, form: Shown) -> Result<HttpResponse, Refusal> {
    Ok(match code_page(cx, visit, form).await? {
        Ok(shown) => page(status, &shown),
        Err(elsewhere) => elsewhere,
    })
}

/// POST /profile/phone/messages
pub async fn send_again(cx: Cx, who: SignedIn, _form: Form<Nothing>) -> Result<HttpResponse, Refusal> {
    let id = who.0.account_id;
    let found = cx.state.store.read(move |db| PhoneChange::of(db, id)).await?;
    let Some(phone) = found.and_then(|change| change.phone()) else { return Ok(see_other("/profile/phone")) };
    let (keys, on, asker) = (cx.state.keys.clone(), occasion(&cx), applicant(&cx, phone));
    let send = move |db: &mut Db| PhoneChange::send_again(db, &keys, &on, id, &asker);
    match write_for_db(&cx, &who.0, send).await? {
        Some(Asked::Sent) | None => {
            cx.state.wake_worker();
            Ok(see_other(CODE))
        }
        Some(Asked::Wait { until, why }) => {
            let (now, problem) = (cx.now(), Problem::new("code", why.key()).arg("time", cx.when(&until)));
            let response =
                again(cx, &who.0, StatusCode::TOO_MANY_REQUESTS, Shown::empty().problem(problem)).await?;
            Ok(retry_after(response, until.since(now)))
        }
    }
}

fn retry_after(mut response: HttpResponse, wait: Duration) -> HttpResponse {
    response.headers_mut().insert(RETRY_AFTER, wait.as_secs().max(1).into());
    response
}

/// GET /profile/phone/changed
pub async fn changed(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let account = account_of(&cx, &who.0).await?;
    if account.phone.is_none() {
        return Ok(see_other("/profile/phone"));
    }
    Ok(page(StatusCode::OK, &DonePage { title: "phone-changed-title", text: "phone-changed-text", cx }))
}
