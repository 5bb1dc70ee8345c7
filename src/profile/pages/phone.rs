//! GET and POST /profile/phone, /profile/phone/code

use actix_session::Session as SessionCookie;
use actix_web::http::StatusCode;
use actix_web::{Error, HttpResponse};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::phone_form::{countries_with_sms, read_phone};
use crate::accounts::account::Account;
use crate::accounts::identifiers::countries::Country;
use crate::accounts::identifiers::phone::Phone;
use crate::base::Moment;
use crate::credentials::current_session::{account_of, write_for};
use crate::one_time_code::{CodeCheck, CodeForm, OneTimeCode};
use crate::profile::pages::password::DonePage;
use crate::profile::pages::reauthentication::Reauthentication;
use crate::profile::phone_change::{CODE, PhoneChange};
use crate::web::{
    ButtonForm, CurrentSession, Cx, Flash, Form, FormState, Problem, Refusal, Session, out_of_order, page,
    see_other, too_many, unprocessable,
};

const PHONE_PATH: &str = "/profile/phone";
const CODE_PATH: &str = "/profile/phone/code";

crate::pages! {
    "profile/phone/number.html" => struct PhonePage {
        form: FormState,
        countries: Vec<&'static Country>,
        current: Option<String>,
        pending: Option<String>,
        ask_password: bool,
    }
    "profile/phone/code.html" => struct CodePage {
        form: FormState,
        phone: String,
        resend_at: Option<Moment>,
        left: u32,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct PhoneForm {
    country: String,
    phone: String,
    password: Zeroizing<String>,
}

crate::shown_again!(PhoneForm: ["country", "phone"]);

async fn phone_page(cx: Cx, session: &Session, form: FormState) -> Result<(PhonePage, Account), Refusal> {
    let account = account_of(&cx, session).await?;
    let (id, now) = (account.id, cx.now());
    let change = cx.read(move |tx| PhoneChange::of(tx.db, id)).await?;
    let change = change.filter(|change| !change.has_expired(now));
    let shown = PhonePage {
        countries: countries_with_sms(&cx),
        current: account.phone.as_ref().map(Phone::spaced),
        pending: change.and_then(|change| change.phone()).as_ref().map(Phone::spaced),
        ask_password: !session.is_fresh(now),
        form,
        cx,
    };
    Ok((shown, account))
}

/// GET /profile/phone
pub async fn new(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let (shown, _account) = phone_page(cx, &session, FormState::empty()).await?;
    Ok(page(StatusCode::OK, &shown))
}

/// POST /profile/phone
pub async fn ask(cx: Cx, owner: Reauthentication, form: Form<PhoneForm>) -> Result<HttpResponse, Refusal> {
    let Form(PhoneForm { country, phone, password }) = form;
    let typed = FormState::empty().with("country", &country).with("phone", &phone);
    let (mut shown, account) = phone_page(cx, &owner.session, typed).await?;
    let phone = match read_phone(&shown.cx, &country, &phone) {
        Ok(phone) if account.phone.as_ref() == Some(&phone) => Err(Problem::new("phone", "phone-same")),
        read => read,
    };
    let phone = match phone {
        Ok(phone) => phone,
        Err(problem) => {
            shown.form = shown.form.problem(problem);
            return Ok(unprocessable(&shown));
        }
    };
    if let Some(problem) = owner.problem(&shown.cx, &account, &password).await? {
        shown.form = shown.form.problem(problem);
        return Ok(unprocessable(&shown));
    }
    let (id, locale) = (account.id, shown.cx.locale);
    let waits = shown.pending.as_ref() == Some(&phone.spaced());
    match write_for(&shown.cx, &owner.session, move |tx| PhoneChange::begin(tx, id, &phone, locale)).await? {
        Ok(()) => {
            shown.cx.state.wake_worker();
            Ok(see_other(CODE_PATH))
        }
        // Whoever asks for the same too soon is led to where the code is typed that was sent already.
        Err(denied) if waits => {
            let time = shown.cx.when(&denied.until());
            Ok(shown.cx.leads_on(CODE_PATH, Flash::new(denied.key()).arg("time", time)))
        }
        Err(denied) => {
            shown.form = shown.form.problem(denied.problem(&shown.cx, "phone"));
            Ok(too_many(&shown, denied.until()))
        }
    }
}

/// The code's page; where nothing waits for a code, the way to the form that asks for one.
async fn code_page(cx: Cx, session: &Session, form: FormState) -> Result<CodePage, Error> {
    let (id, now) = (session.account_id, cx.now());
    let found = cx.read(move |tx| PhoneChange::of(tx.db, id)).await?;
    let Some((change, phone)) = found.and_then(|change| change.phone().map(|phone| (change, phone))) else {
        return Err(out_of_order(&cx.saying(Flash::STEP_ELSEWHERE), see_other(PHONE_PATH)));
    };
    Ok(CodePage {
        // Whole: a slip of the finger must show.
        phone: phone.spaced(),
        resend_at: change.code.waits_until(now),
        left: if change.has_expired(now) { 0 } else { OneTimeCode::left(Some(&change.code)) },
        form,
        cx,
    })
}

/// GET /profile/phone/code
pub async fn code(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Error> {
    Ok(page(StatusCode::OK, &code_page(cx, &session, FormState::empty()).await?))
}

/// POST /profile/phone/code
pub async fn enter_code(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    cookie: SessionCookie,
    form: Form<CodeForm>,
) -> Result<HttpResponse, Error> {
    let typed = match form.0.read(CODE.digits) {
        Ok(typed) => typed,
        Err(form) => return Ok(unprocessable(&code_page(cx, &session, form).await?)),
    };
    let id = session.account_id;
    let checked = write_for(&cx, &session, move |tx| PhoneChange::check(tx, id, &typed)).await?;
    let Some(problem) = checked.problem() else {
        if checked != CodeCheck::Right {
            return Ok(cx.leads_on(PHONE_PATH, Flash::STEP_ELSEWHERE));
        }
        cx.state.wake_worker();
        session.login_changed(&cookie, false);
        return Ok(see_other("/profile/phone/changed"));
    };
    cx.state.metrics.count_event("code_missed");
    cx.code_refused("a new phone");
    Ok(unprocessable(&code_page(cx, &session, FormState::empty().problem(problem)).await?))
}

/// POST /profile/phone/messages
pub async fn send_again(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Error> {
    let (id, locale) = (session.account_id, cx.locale);
    match write_for(&cx, &session, move |tx| PhoneChange::send_again(tx, id, locale)).await? {
        None => Ok(cx.leads_on(PHONE_PATH, Flash::STEP_ELSEWHERE)),
        Some(Ok(())) => {
            cx.state.wake_worker();
            Ok(cx.leads_on(CODE_PATH, Flash::good("flash-code-again")))
        }
        Some(Err(denied)) => {
            let form = FormState::empty().problem(denied.problem(&cx, "code"));
            Ok(too_many(&code_page(cx, &session, form).await?, denied.until()))
        }
    }
}

/// GET /profile/phone/changed
pub async fn changed(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let account = account_of(&cx, &session).await?;
    if account.phone.is_none() {
        return Ok(cx.leads_on(PHONE_PATH, Flash::STEP_ELSEWHERE));
    }
    Ok(page(StatusCode::OK, &DonePage { title: "phone-changed-title", text: "phone-changed-text", cx }))
}
