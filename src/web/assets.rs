//! The stylesheet and the icon: inside the binary, named by their content, kept by browsers for a year.

use std::sync::LazyLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("../../static/style.css");
const ICON: &str = include_str!("../../static/favicon.svg");
const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";

static STYLE_PATH: LazyLock<String> = LazyLock::new(|| {
    let [a, b, c, d, e, ..] = <[u8; 32]>::from(Sha256::digest(STYLE.as_bytes()));
    format!("/static/style-{a:02x}{b:02x}{c:02x}{d:02x}{e:02x}.css")
});

/// Where the stylesheet is: another content has another address.
pub fn stylesheet_path() -> &'static str {
    &STYLE_PATH
}

/// GET /static/style-….css
pub async fn stylesheet() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((CACHE_CONTROL, FOR_A_YEAR))
        .body(STYLE)
}

/// GET /favicon.ico
pub async fn favicon() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "image/svg+xml"))
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body(ICON)
}
