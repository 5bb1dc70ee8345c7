//! The profile: what it holds, and the forms for name, language and time zone.

use actix_session::Session as SessionCookie;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Deserialize;
use validator::Validate;

use crate::accounts::account::Account;
use crate::accounts::identifiers::display_name;
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::identifiers::time_zones::{self, Region};
use crate::accounts::mailed_link::MailedLink;
use crate::credentials::current_session::{account_of, write_for};
use crate::limits::Spent;
use crate::profile::details::{self, Detail};
use crate::profile::phone_change::PhoneChange;
use crate::texts::Locale;
use crate::web::{
    CurrentSession, Cx, Flash, Form, FormState, Problem, Refusal, Session, page, problems, unprocessable,
    with_cookie,
};

crate::pages! {
    "profile/profile.html" => struct ProfilePage {
        number: String,
        name: Option<String>,
        email: Option<String>,
        email_pending: Option<String>,
        phone: Option<String>,
        phone_pending: Option<String>,
        language: &'static str,
        language_code: &'static str,
        zone: String,
        removable: bool,
    }
    "profile/details/name.html" => struct NamePage { form: FormState }
    "profile/details/language.html" => struct LanguagePage { form: FormState }
    "profile/details/time_zone.html" => struct ZonePage { form: FormState, regions: Vec<Region> }
}

#[derive(Deserialize, Validate)]
pub struct NameForm {
    #[serde(default)]
    #[validate(custom(function = display_name::validate))]
    name: String,
}

#[derive(Deserialize)]
pub struct LanguageForm {
    #[serde(default)]
    language: String,
}

#[derive(Deserialize)]
pub struct ZoneForm {
    #[serde(default)]
    zone: String,
}

crate::shown_again!(NameForm: ["name"], LanguageForm: ["language"], ZoneForm: ["zone"]);

/// GET /profile
pub async fn show(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let id = session.account_id;
    let found = cx.read(move |tx| {
        let email_pending = MailedLink::pending_email(tx.db, id, tx.now)?;
        let change = PhoneChange::of(tx.db, id)?.filter(|change| !change.has_expired(tx.now));
        Ok((Account::find(tx.db, id)?, email_pending, change.and_then(|change| change.phone())))
    });
    let (account, email_pending, phone_pending) = found.await?;
    let account = account.ok_or(Refusal::SignIn)?;
    let shown = ProfilePage {
        number: account.grouped_number(),
        email: account.email.as_ref().map(|email| email.as_str().to_owned()),
        email_pending,
        phone: account.phone.as_ref().map(Phone::spaced),
        phone_pending: phone_pending.as_ref().map(Phone::spaced),
        language: account.locale.name(),
        language_code: account.locale.word(),
        zone: time_zones::label(cx.locale, &account.time_zone, cx.now()),
        removable: account.email.is_some() && account.phone.is_some(),
        name: account.name,
        cx,
    };
    Ok(page(StatusCode::OK, &shown))
}

/// Changes one thing of whoever is signed in.
async fn change(cx: &Cx, session: &Session, detail: Detail) -> Result<(), Refusal> {
    let account = account_of(cx, session).await?;
    match write_for(cx, session, move |tx| details::change(tx, &account, &detail)).await? {
        Spent::Wait { until } => Err(Refusal::TooMany { until }),
        Spent::Allowed => Ok(()),
    }
}

/// GET /profile/name
pub async fn name(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let account = account_of(&cx, &session).await?;
    let form = FormState::empty().with("name", account.name.as_deref().unwrap_or_default());
    Ok(page(StatusCode::OK, &NamePage { form, cx }))
}

/// POST /profile/name
pub async fn rename(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    form: Form<NameForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(form) = form;
    let Ok(name) = display_name::parse(&form.name) else {
        let shown = FormState::empty().with("name", &form.name).all(problems(form.validate(), &["name"]));
        return Ok(unprocessable(&NamePage { form: shown, cx }));
    };
    change(&cx, &session, Detail::Name(name)).await?;
    Ok(cx.leads_on("/profile", Flash::good("flash-name")))
}

/// GET /profile/language
pub async fn language(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let account = account_of(&cx, &session).await?;
    Ok(page(
        StatusCode::OK,
        &LanguagePage { form: FormState::empty().with("language", account.locale.code()), cx },
    ))
}

/// POST /profile/language: for messages, and for the pages from now on.
pub async fn set_language(
    mut cx: Cx,
    CurrentSession(session): CurrentSession,
    form: Form<LanguageForm>,
) -> Result<HttpResponse, Refusal> {
    let typed = form.0.language;
    let Some(locale) = Locale::ALL.iter().copied().find(|locale| locale.code() == typed) else {
        let form =
            FormState::empty().with("language", &typed).problem(Problem::new("language", "language-wrong"));
        return Ok(unprocessable(&LanguagePage { form, cx }));
    };
    change(&cx, &session, Detail::Language(locale)).await?;
    cx.set_locale(locale);
    Ok(with_cookie(cx.redirect_to("/profile"), &cx.saying(Flash::good("flash-language"))))
}

fn zone_page(cx: Cx, form: FormState) -> ZonePage {
    ZonePage { regions: time_zones::all(cx.locale, cx.now()), form, cx }
}

/// GET /profile/time-zone
pub async fn time_zone(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let account = account_of(&cx, &session).await?;
    Ok(page(StatusCode::OK, &zone_page(cx, FormState::empty().with("zone", &account.time_zone))))
}

/// POST /profile/time-zone: dates on the pages change at once.
pub async fn set_time_zone(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    cookie: SessionCookie,
    form: Form<ZoneForm>,
) -> Result<HttpResponse, Refusal> {
    let Some(zone) = time_zones::find(&form.0.zone) else {
        let form = FormState::empty().with("zone", &form.0.zone).problem(Problem::new("zone", "zone-wrong"));
        return Ok(unprocessable(&zone_page(cx, form)));
    };
    change(&cx, &session, Detail::TimeZone(zone)).await?;
    Session::set_time_zone(&cookie, zone);
    Ok(cx.leads_on("/profile", Flash::good("flash-zone")))
}
