//! Every route on one screen.

use std::sync::Arc;

use actix_session::SessionMiddleware;
use actix_session::config::{BrowserSession, CookieContentSecurity};
use actix_web::cookie::{Key, SameSite, time};
use actix_web::dev::HttpServiceFactory;
use actix_web::http::Method;
use actix_web::http::header::RETRY_AFTER;
use actix_web::middleware::from_fn;
use actix_web::{HttpResponse, Route, guard, web};

use crate::access::{invitation, recovery, registration, sign_in};
use crate::cards::pages as cards;
use crate::credentials::sessions::Sessions;
use crate::profile::pages as profile;
use crate::web::{
    CurrentSession, Cx, KeptPages, OwnPages, SESSION, State, answer_once, close_connection, favicon, icon,
    keep_session, stylesheet, stylesheet_path, touch_icon,
};
use crate::{cabinet, landing};

/// Pages that open once somebody is signed in, as the routes below name them.
pub const OWN_PAGES: OwnPages = OwnPages {
    pages: &[
        "/registration/done",
        "/cabinet",
        "/cards",
        "/cards/new",
        "/cards/{handle}",
        "/cards/{handle}/verification",
        "/cards/{handle}/waiting",
        "/cards/{handle}/confirmation",
        "/cards/{handle}/removal",
        "/cards/{handle}/default",
        "/email",
        "/email/code",
        "/email/confirmed",
        "/security",
        "/security/sessions/end-others",
        "/security/sessions/{handle}/end",
        "/security/browsers/{handle}/forget",
        "/security/factor",
        "/security/factor/confirmation",
        "/security/factor/off",
        "/security/factor/codes",
        "/security/activity",
        "/questions",
        "/questions/set",
        "/profile",
        "/profile/name",
        "/profile/language",
        "/profile/time-zone",
        "/profile/password",
        "/profile/password/changed",
        "/profile/email/removal",
        "/profile/phone",
        "/profile/phone/code",
        "/profile/phone/messages",
        "/profile/phone/changed",
        "/profile/phone/removal",
        "/messages",
        "/sms-settings",
    ],
    forms: &[("/cards", "/cards/new")],
    returns: &["/cards/{handle}/return", "/cards/{handle}/verification"],
};

/// Pages that every stranger sees alike.
const KEPT_PAGES: KeptPages = KeptPages(&[
    ("/", &landing::pages::INDEX),
    ("/sign-in", &sign_in::pages::NEW),
    ("/help", &landing::pages::HELP),
    ("/privacy", &landing::pages::PRIVACY),
]);

/// What a browser may ask for. Only what people open knows who asks.
pub fn routes(app: &mut web::ServiceConfig, state: &Arc<State>) {
    app.app_data(OWN_PAGES)
        .app_data(KEPT_PAGES)
        .route(stylesheet_path(), get().to(stylesheet))
        .route("/favicon.ico", get().to(favicon))
        .route("/icon.svg", get().to(icon))
        .route("/apple-touch-icon.png", get().to(touch_icon))
        .route("/robots.txt", get().to(landing::well_known::robots))
        .route("/.well-known/security.txt", get().to(landing::well_known::security))
        .route("/.well-known/change-password", get().to(landing::well_known::change_password))
        .route("/health/live", get().to(live))
        .route("/health/ready", get().to(ready))
        .route("/gateway/callbacks", web::post().to(cards::callback::callback));
    from_the_bank(app);
    if state.settings.sandbox.is_some() {
        app.route("/sandbox/invitations", web::post().to(invitation::pages::invite_from_sandbox));
    }
    app.service(people(state));
}

/// What people open: each route on one line, under the handler's own name.
fn people(state: &Arc<State>) -> impl HttpServiceFactory + use<> {
    web::scope("")
        .wrap(from_fn(keep_session))
        .wrap(sessions(state))
        .wrap(from_fn(answer_once))
        .configure(first_pages)
        .configure(sign_in_routes)
        .configure(registration_routes)
        .configure(recovery_routes)
        .configure(invitation_routes)
        .configure(security_routes)
        .configure(card_routes)
        .configure(profile_routes)
        .default_service(web::to(nowhere))
}

/// Where the bank's pages send browsers back to: outside of what knows sessions and cookies. Charges that were begun before
/// there was an address of its own for this come back to the check itself, by a form too.
#[rustfmt::skip]
fn from_the_bank(app: &mut web::ServiceConfig) {
    app.service(form("/cards/{handle}/return", get().to(cards::verification::come_back), web::post().to(cards::verification::come_back)))
        .service(web::resource("/cards/{handle}/verification").guard(guard::Post()).route(web::post().to(cards::verification::come_back)));
}

/// The pages that are asked for most, for everybody and for whoever is signed in: routes are tried in order.
#[rustfmt::skip]
fn first_pages(app: &mut web::ServiceConfig) {
    app.service(web::resource("/").route(get().to(landing::pages::index)))
        .service(web::resource("/cabinet").route(get().to(cabinet::pages::show)))
        .service(web::resource("/help").route(get().to(landing::pages::help)))
        .service(web::resource("/privacy").route(get().to(landing::pages::privacy)))
        .service(form("/messages/verify", get().to(landing::verify::new), web::post().to(landing::verify::create)));
}

/// Signing in and out.
#[rustfmt::skip]
fn sign_in_routes(app: &mut web::ServiceConfig) {
    app.service(form("/sign-in", get().to(sign_in::pages::new), web::post().to(sign_in::pages::create)))
        .service(form_of("/sign-out", "/", web::post().to(sign_in::pages::destroy)))
        .service(form("/unlock/{token}", get().to(sign_in::unlock::pages::show), web::post().to(sign_in::unlock::pages::follow)))
        .service(form("/sign-in/code", get().to(sign_in::second_step::pages::show), web::post().to(sign_in::second_step::pages::enter)));
}

/// Registration by phone.
#[rustfmt::skip]
fn registration_routes(app: &mut web::ServiceConfig) {
    app.service(form("/registration", get().to(registration::pages::new), web::post().to(registration::pages::create)))
        .service(form("/registration/code", get().to(registration::steps::code), web::post().to(registration::steps::enter_code)))
        .service(form_of("/registration/messages", "/registration/code", web::post().to(registration::steps::send_again)))
        .service(web::resource("/registration/no-code").route(get().to(registration::steps::no_code)))
        .service(form_of("/registration/restart", "/registration", web::post().to(registration::pages::restart)))
        .service(form("/registration/privacy", get().to(registration::steps::privacy), web::post().to(registration::steps::agree)))
        .service(form("/registration/version", get().to(registration::steps::version), web::post().to(registration::steps::choose_version)))
        .service(form("/registration/password", get().to(registration::steps::password), web::post().to(registration::steps::choose_password)))
        .service(web::resource("/registration/done").route(get().to(registration::pages::done)));
}

/// The way back in.
#[rustfmt::skip]
fn recovery_routes(app: &mut web::ServiceConfig) {
    app.service(form("/recovery", get().to(recovery::pages::new), web::post().to(recovery::pages::create)))
        .service(form("/recovery/phone", get().to(recovery::pages::new_by_phone), web::post().to(recovery::pages::create_by_phone)))
        .service(form("/recovery/code", get().to(recovery::pages::code), web::post().to(recovery::pages::enter_code)))
        .service(web::resource("/recovery/links/{token}").route(get().to(recovery::pages::link)))
        .service(form("/recovery/step", get().to(recovery::steps::step), web::post().to(recovery::steps::follow)))
        .service(form("/recovery/questions", get().to(recovery::steps::questions), web::post().to(recovery::steps::answer)))
        .service(form("/recovery/password", get().to(recovery::steps::password), web::post().to(recovery::steps::set_password)))
        .service(form("/recovery/support", get().to(recovery::steps::support), web::post().to(recovery::steps::mail_again)));
}

/// The mailed way in.
#[rustfmt::skip]
fn invitation_routes(app: &mut web::ServiceConfig) {
    app.service(form("/invitations/{token}", get().to(invitation::pages::link), web::post().to(invitation::pages::confirm)))
        .service(form("/invitations/{token}/messages", get().to(invitation::pages::link), web::post().to(invitation::pages::send_again)))
        .service(form("/invitation/code", get().to(invitation::pages::code), web::post().to(invitation::pages::enter_code)))
        .service(form_of("/invitation/messages", "/invitation/code", web::post().to(invitation::pages::send_mine_again)))
        .service(form("/invitation/privacy", get().to(invitation::steps::privacy), web::post().to(invitation::steps::agree)))
        .service(form("/invitation/password", get().to(invitation::steps::password), web::post().to(invitation::steps::choose_password)))
        .service(form("/invitation/questions", get().to(invitation::steps::questions), web::post().to(invitation::steps::choose_questions)));
}

/// What an account's owner sees and controls about access.
#[rustfmt::skip]
fn security_routes(app: &mut web::ServiceConfig) {
    app.service(form("/questions", get().to(profile::questions::new), web::post().to(profile::questions::set)))
        .service(web::resource("/questions/set").route(get().to(profile::questions::done)))
        .service(web::resource("/security").route(get().to(profile::security::show)))
        .service(own_form_of("/security/sessions/end-others", "/security", web::post().to(profile::security::end_others)))
        .service(own_form_of("/security/sessions/{handle}/end", "/security", web::post().to(profile::security::end_session)))
        .service(own_form_of("/security/browsers/{handle}/forget", "/security", web::post().to(profile::security::forget_browser)))
        .service(form("/security/factor", get().to(profile::second_factor::show), web::post().to(profile::second_factor::begin)))
        .service(own_form_of("/security/factor/confirmation", "/security/factor", web::post().to(profile::second_factor::confirm)))
        .service(form("/security/factor/off", get().to(profile::second_factor::off), web::post().to(profile::second_factor::turn_off)))
        .service(form("/security/factor/codes", get().to(profile::second_factor::backup_codes), web::post().to(profile::second_factor::replace_backup_codes)))
        .service(web::resource("/security/activity").route(get().to(profile::activity::show)));
}

/// Bank cards, and where the money of a verification charge is.
#[rustfmt::skip]
fn card_routes(app: &mut web::ServiceConfig) {
    app.service(form("/cards", get().to(cards::list::index), web::post().to(cards::entry::create).wrap(from_fn(close_connection))))
        .service(web::resource("/cards/new").route(get().to(cards::entry::new)))
        .service(web::resource("/cards/{handle}").route(get().to(cards::verification::show)))
        .service(web::resource("/cards/{handle}/verification").route(get().to(cards::verification::show)))
        .service(web::resource("/cards/{handle}/waiting").route(get().to(cards::verification::show_waiting)))
        .service(own_form_of("/cards/{handle}/confirmation", "/cards/{handle}/verification", web::post().to(cards::verification::confirm)))
        .service(form("/cards/{handle}/removal", get().to(cards::removal::new), web::post().to(cards::removal::remove)))
        .service(own_form_of("/cards/{handle}/default", "/cards", web::post().to(cards::list::prefer)));
}

/// What an account's owner says of themselves, and what they were told.
#[rustfmt::skip]
fn profile_routes(app: &mut web::ServiceConfig) {
    app.service(form("/email", get().to(profile::email::new), web::post().to(profile::email::set)))
        .service(form("/email/code", get().to(profile::email::code), web::post().to(profile::email::enter_code)))
        .service(web::resource("/email/confirmed").route(get().to(profile::email::confirmed)))
        .service(form("/confirmations/{token}", get().to(profile::email::confirmation), web::post().to(profile::email::confirm)))
        .service(web::resource("/profile").route(get().to(profile::profile::show)))
        .service(form("/profile/name", get().to(profile::profile::name), web::post().to(profile::profile::rename)))
        .service(form("/profile/language", get().to(profile::profile::language), web::post().to(profile::profile::set_language)))
        .service(form("/profile/time-zone", get().to(profile::profile::time_zone), web::post().to(profile::profile::set_time_zone)))
        .service(form("/profile/password", get().to(profile::password::new), web::post().to(profile::password::change)))
        .service(web::resource("/profile/password/changed").route(get().to(profile::password::changed)))
        .service(web::resource("/p").route(get().to(profile::password::brief)))
        .service(form("/profile/email/removal", get().to(profile::removal::email), web::post().to(profile::removal::remove_email)))
        .service(form("/profile/phone", get().to(profile::phone::new), web::post().to(profile::phone::ask)))
        .service(form("/profile/phone/code", get().to(profile::phone::code), web::post().to(profile::phone::enter_code)))
        .service(own_form_of("/profile/phone/messages", "/profile/phone/code", web::post().to(profile::phone::send_again)))
        .service(web::resource("/profile/phone/changed").route(get().to(profile::phone::changed)))
        .service(form("/profile/phone/removal", get().to(profile::removal::phone), web::post().to(profile::removal::remove_phone)))
        .service(web::resource("/messages").route(get().to(profile::messages::index)))
        .service(form("/sms-settings", get().to(profile::sms_preferences::show), web::post().to(profile::sms_preferences::change)));
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
    let back = move |cx: Cx| async move { cx.redirect_to(page) };
    form(path, get().to(back), send)
}

/// The same, where the page is an account's.
fn own_form_of(path: &str, page: &'static str, send: Route) -> impl HttpServiceFactory + use<> {
    let back = move |cx: Cx, _session: CurrentSession, handle: Option<web::Path<String>>| async move {
        cx.redirect_to(&page.replace("{handle}", handle.as_deref().map_or("", String::as_str)))
    };
    form(path, get().to(back), send)
}

async fn nowhere() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

const PLAIN: &str = "text/plain; charset=utf-8";

async fn live() -> &'static str {
    "ok\n"
}

/// Whether requests can be served, and if not, why.
async fn ready(state: web::Data<State>) -> HttpResponse {
    match state.store.trouble().await {
        None => HttpResponse::Ok().content_type(PLAIN).body("ok\n"),
        Some(why) => HttpResponse::ServiceUnavailable()
            .content_type(PLAIN)
            .insert_header((RETRY_AFTER, 5))
            .body(format!("{why}\n")),
    }
}

/// The cookie lives as long as the browser; how long the session lives is the server's business.
fn sessions(state: &Arc<State>) -> SessionMiddleware<Sessions> {
    let key = Key::from(&state.keys.cookie_key());
    SessionMiddleware::builder(Sessions(state.txs.clone()), key)
        .cookie_name(state.cookies.name(SESSION).to_owned())
        .cookie_secure(state.cookies.secure())
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Signed)
        .session_lifecycle(BrowserSession::default().state_ttl(time::Duration::minutes(30)))
        .build()
}
