//! What programs ask every site for: /.well-known/, /robots.txt

use std::fmt::Write;
use std::time::Duration;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};

use crate::base::days;
use crate::texts::iso;
use crate::web::{State, see_other};

/// How long what is told here is said to hold (RFC 9116 wants less than a year).
const HOLDS_FOR: Duration = days(180);
/// Search engines show what the system is and how to use it; all the rest is somebody's own.
const ROBOTS: &str = "User-agent: *\nAllow: /$\nAllow: /help$\nAllow: /static/\nDisallow: /\n";

/// GET /.well-known/change-password: where password managers send whoever should change it.
pub async fn change_password() -> HttpResponse {
    see_other("/profile/password")
}

/// GET /.well-known/security.txt (RFC 9116): whom to tell of a hole. Nothing where support has no address and no phone.
pub async fn security(state: web::Data<State>) -> HttpResponse {
    let support = state.settings.support.as_ref();
    let Some(support) = support.filter(|support| support.email.is_some() || support.phone.is_some()) else {
        return HttpResponse::NotFound().finish();
    };
    let mut told = String::new();
    if let Some(email) = &support.email {
        let _ = writeln!(told, "Contact: mailto:{email}");
    }
    if support.phone.is_some() {
        let _ = writeln!(told, "Contact: tel:{}", support.phone_link());
    }
    let _ = writeln!(told, "Expires: {}", iso(state.now().after(HOLDS_FOR)));
    let _ = writeln!(told, "Preferred-Languages: ru, en, zh-CN");
    if let Ok(own) = state.settings.public_url.join("/.well-known/security.txt") {
        let _ = writeln!(told, "Canonical: {own}");
    }
    text(told)
}

/// GET /robots.txt
pub async fn robots() -> HttpResponse {
    text(ROBOTS.to_owned())
}

fn text(body: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/plain; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body(body)
}
