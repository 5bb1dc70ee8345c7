//! Every route on one screen.

use std::sync::Arc;

use actix_session::SessionMiddleware;
use actix_session::config::{BrowserSession, CookieContentSecurity};
use actix_web::cookie::{Key, SameSite, time};
use actix_web::dev::HttpServiceFactory;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::{HttpResponse, Route, guard, web};

use crate::accounts::pages as accounts;
use crate::web::{
    Cx, SESSION, Sessions, SignedIn, State, callback, closes, favicon, keep_visit, stylesheet,
    stylesheet_path,
};
use crate::{cabinet, cards, landing};

/// What a browser may ask for. Only what people open knows who asks.
pub fn routes(app: &mut web::ServiceConfig, state: &Arc<State>) {
    app.route(stylesheet_path(), get().to(stylesheet))
        .route("/favicon.ico", get().to(favicon))
        .route("/health/live", get().to(live))
        .route("/health/ready", get().to(ready))
        .route("/gateway/callbacks", web::post().to(callback));
    if state.settings.sandbox.is_some() {
        app.route("/sandbox/invitations", web::post().to(accounts::wish_invitation));
    }
    app.service(people(state));
}

fn people(state: &Arc<State>) -> impl HttpServiceFactory + use<> {
    web::scope("")
        .wrap(from_fn(keep_visit))
        .wrap(sessions(state))
        .service(web::resource("/").route(get().to(landing::index)))
        .service(web::resource("/help").route(get().to(landing::help)))
        .service(web::resource("/privacy").route(get().to(landing::privacy)))
        .service(form("/sign-in", get().to(accounts::new_sign_in), web::post().to(accounts::sign_in)))
        .service(form_of("/sign-out", "/", web::post().to(accounts::sign_out)))
        .service(form(
            "/registration",
            get().to(accounts::new_registration),
            web::post().to(accounts::send_code),
        ))
        .service(form("/registration/code", get().to(accounts::code), web::post().to(accounts::enter_code)))
        .service(form_of(
            "/registration/messages",
            "/registration/code",
            web::post().to(accounts::send_again),
        ))
        .service(web::resource("/registration/no-code").route(get().to(accounts::no_code)))
        .service(form_of("/registration/restart", "/registration", web::post().to(accounts::restart)))
        .service(form("/registration/privacy", get().to(accounts::privacy), web::post().to(accounts::agree)))
        .service(form(
            "/registration/version",
            get().to(accounts::version),
            web::post().to(accounts::choose_version),
        ))
        .service(form(
            "/registration/password",
            get().to(accounts::password),
            web::post().to(accounts::choose_password),
        ))
        .service(web::resource("/registration/done").route(get().to(accounts::done)))
        .service(web::resource("/cabinet").route(get().to(cabinet::pages::show)))
        .service(form("/email", get().to(accounts::new_email), web::post().to(accounts::set_email)))
        .service(form(
            "/email/code",
            get().to(accounts::email_code),
            web::post().to(accounts::enter_email_code),
        ))
        .service(web::resource("/email/confirmed").route(get().to(accounts::email_confirmed)))
        .service(form(
            "/confirmations/{token}",
            get().to(accounts::confirmation),
            web::post().to(accounts::confirm_link),
        ))
        .service(form("/recovery", get().to(accounts::new_recovery), web::post().to(accounts::ask_recovery)))
        .service(form(
            "/recovery/phone",
            get().to(accounts::new_recovery_by_phone),
            web::post().to(accounts::ask_recovery_by_phone),
        ))
        .service(form(
            "/recovery/code",
            get().to(accounts::recovery_code),
            web::post().to(accounts::enter_recovery_code),
        ))
        .service(web::resource("/recovery/links/{token}").route(get().to(accounts::recovery_link)))
        .service(form(
            "/recovery/step",
            get().to(accounts::recovery_step),
            web::post().to(accounts::follow_recovery),
        ))
        .service(form(
            "/recovery/questions",
            get().to(accounts::recovery_questions),
            web::post().to(accounts::answer_questions),
        ))
        .service(form(
            "/recovery/password",
            get().to(accounts::recovery_password),
            web::post().to(accounts::set_recovered_password),
        ))
        .service(web::resource("/recovery/support").route(get().to(accounts::recovery_support)))
        .service(form(
            "/invitations/{token}",
            get().to(accounts::invitation),
            web::post().to(accounts::accept_invitation),
        ))
        .service(form(
            "/invitations/{token}/messages",
            get().to(accounts::invitation),
            web::post().to(accounts::invite_again),
        ))
        .service(form(
            "/invitation/code",
            get().to(accounts::invitation_code),
            web::post().to(accounts::enter_invitation_code),
        ))
        .service(form_of(
            "/invitation/messages",
            "/invitation/code",
            web::post().to(accounts::invite_me_again),
        ))
        .service(form(
            "/invitation/privacy",
            get().to(accounts::invited_privacy),
            web::post().to(accounts::agree_invited),
        ))
        .service(form(
            "/invitation/password",
            get().to(accounts::invited_password),
            web::post().to(accounts::choose_invited_password),
        ))
        .service(form(
            "/invitation/questions",
            get().to(accounts::invited_questions),
            web::post().to(accounts::choose_invited_questions),
        ))
        .service(form(
            "/questions",
            get().to(accounts::new_questions),
            web::post().to(accounts::set_questions),
        ))
        .service(web::resource("/questions/set").route(get().to(accounts::questions_set)))
        .service(form(
            "/unlock/{token}",
            get().to(accounts::show_unlock),
            web::post().to(accounts::follow_unlock),
        ))
        .configure(security)
        .configure(profile)
        .configure(bank_cards)
        .default_service(web::to(nowhere))
}

/// What an account's owner sees and controls about access, and the second step of signing in.
fn security(app: &mut web::ServiceConfig) {
    app.service(form(
        "/sign-in/code",
        get().to(accounts::show_second_step),
        web::post().to(accounts::enter_second_step),
    ))
    .service(web::resource("/security").route(get().to(accounts::show_security)))
    .service(own_form_of(
        "/security/sessions/end-others",
        "/security",
        web::post().to(accounts::end_other_sessions),
    ))
    .service(own_form_of(
        "/security/sessions/{handle}/end",
        "/security",
        web::post().to(accounts::end_session),
    ))
    .service(own_form_of(
        "/security/browsers/{handle}/forget",
        "/security",
        web::post().to(accounts::forget_browser),
    ))
    .service(form(
        "/security/factor",
        get().to(accounts::show_factor),
        web::post().to(accounts::begin_factor),
    ))
    .service(own_form_of(
        "/security/factor/confirmation",
        "/security/factor",
        web::post().to(accounts::confirm_factor),
    ))
    .service(form(
        "/security/factor/off",
        get().to(accounts::factor_off),
        web::post().to(accounts::turn_factor_off),
    ))
    .service(form(
        "/security/factor/codes",
        get().to(accounts::recovery_codes),
        web::post().to(accounts::replace_recovery_codes),
    ))
    .service(web::resource("/security/journal").route(get().to(accounts::show_journal)));
}

/// What an account's owner says of themselves, and what they were told.
fn profile(app: &mut web::ServiceConfig) {
    app.service(web::resource("/profile").route(get().to(accounts::profile)))
        .service(form("/profile/name", get().to(accounts::name), web::post().to(accounts::rename)))
        .service(form(
            "/profile/language",
            get().to(accounts::language),
            web::post().to(accounts::set_language),
        ))
        .service(form(
            "/profile/time-zone",
            get().to(accounts::time_zone),
            web::post().to(accounts::set_time_zone),
        ))
        .service(form(
            "/profile/password",
            get().to(accounts::new_password),
            web::post().to(accounts::change_password),
        ))
        .service(web::resource("/profile/password/changed").route(get().to(accounts::password_changed)))
        .service(form(
            "/profile/email/removal",
            get().to(accounts::email_removal),
            web::post().to(accounts::remove_email),
        ))
        .service(form(
            "/profile/phone",
            get().to(accounts::new_phone),
            web::post().to(accounts::ask_for_phone),
        ))
        .service(form(
            "/profile/phone/code",
            get().to(accounts::phone_code),
            web::post().to(accounts::enter_phone_code),
        ))
        .service(own_form_of(
            "/profile/phone/messages",
            "/profile/phone/code",
            web::post().to(accounts::send_phone_code_again),
        ))
        .service(web::resource("/profile/phone/changed").route(get().to(accounts::phone_changed)))
        .service(form(
            "/profile/phone/removal",
            get().to(accounts::phone_removal),
            web::post().to(accounts::remove_phone),
        ))
        .service(web::resource("/messages").route(get().to(accounts::messages)))
        .service(form(
            "/sms-settings",
            get().to(accounts::sms_settings),
            web::post().to(accounts::change_sms_settings),
        ))
        .service(form("/check", get().to(landing::check), web::post().to(landing::ask_about_message)));
}

/// Bank cards, and where the money of a check charge is.
fn bank_cards(app: &mut web::ServiceConfig) {
    app.service(form(
        "/cards",
        get().to(cards::pages::index),
        web::post().to(cards::pages::create).wrap(from_fn(closes)),
    ))
    .service(web::resource("/cards/new").route(get().to(cards::pages::new)))
    .service(web::resource("/cards/{handle}").route(get().to(cards::pages::card)))
    .service(web::resource("/cards/{handle}/check").route(get().to(cards::pages::check)))
    .service(own_form_of("/cards/{handle}/confirmation", "/cards", web::post().to(cards::pages::name)))
    .service(form(
        "/cards/{handle}/removal",
        get().to(cards::pages::removal),
        web::post().to(cards::pages::remove),
    ))
    .service(own_form_of("/cards/{handle}/default", "/cards", web::post().to(cards::pages::prefer)));
}

/// GET and HEAD.
fn get() -> Route {
    web::route().guard(guard::fn_guard(|ask| matches!(ask.head().method, Method::GET | Method::HEAD)))
}

fn form(path: &str, show: Route, send: Route) -> impl HttpServiceFactory + use<> {
    web::resource(path).route(show).route(send)
}

/// An address that only takes the form of another page: a reload or a change of language there leads to that page.
fn form_of(path: &str, page: &'static str, send: Route) -> impl HttpServiceFactory + use<> {
    let back = move |cx: Cx| async move { cx.on_to(page) };
    form(path, get().to(back), send)
}

/// The same, where the page is an account's.
fn own_form_of(path: &str, page: &'static str, send: Route) -> impl HttpServiceFactory + use<> {
    let back = move |cx: Cx, _who: SignedIn| async move { cx.on_to(page) };
    form(path, get().to(back), send)
}

async fn nowhere() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

const PLAIN: &str = "text/plain; charset=utf-8";

async fn live() -> &'static str {
    "ok\n"
}

/// Whether requests can be served: the database answers.
async fn ready(state: web::Data<State>) -> HttpResponse {
    if state.store.answers().await {
        HttpResponse::Ok().content_type(PLAIN).body("ok\n")
    } else {
        HttpResponse::ServiceUnavailable().content_type(PLAIN).body("no database\n")
    }
}

/// The cookie lives as long as the browser; how long the session lives is the server's business.
fn sessions(state: &Arc<State>) -> SessionMiddleware<Sessions> {
    let key = Key::from(&state.keys.cookie_key());
    SessionMiddleware::builder(Sessions::new(Arc::clone(state)), key)
        .cookie_name(state.cookies.name(SESSION).to_owned())
        .cookie_secure(state.cookies.secure())
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(BrowserSession::default().state_ttl(time::Duration::minutes(30)))
        .build()
}
