//! The stylesheet, named by its content and kept by browsers for a year, and the icons: inside the binary.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest, Sha256};

use crate::packing::{Kept, Offered};

const STYLE: &str = include_str!("../../static/style.css");
const ICON: &str = include_str!("../../static/icon.svg");
/// For browsers that draw no SVG, and for whatever asks for this address by itself. Drawn from the SVG.
const ICO: &[u8] = include_bytes!("../../static/favicon.ico");
/// For the first screen of a phone, which rounds the corners itself.
const TOUCH_ICON: &[u8] = include_bytes!("../../static/apple-touch-icon.png");
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
pub async fn stylesheet(req: HttpRequest) -> HttpResponse {
    static KEPT: LazyLock<Kept> = LazyLock::new(|| Kept::new(STYLE, &[]));
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((CACHE_CONTROL, FOR_A_YEAR));
    match KEPT.packed(Offered::of(&req), |_place| String::new()) {
        Some((coding, bytes)) => response.insert_header((CONTENT_ENCODING, coding.name())).body(bytes),
        None => response.body(STYLE),
    }
}

/// GET /icon.svg
pub async fn icon() -> HttpResponse {
    kept_for_a_day("image/svg+xml", ICON.as_bytes())
}

/// GET /favicon.ico
pub async fn favicon() -> HttpResponse {
    kept_for_a_day("image/x-icon", ICO)
}

/// GET /apple-touch-icon.png
pub async fn touch_icon() -> HttpResponse {
    kept_for_a_day("image/png", TOUCH_ICON)
}

fn kept_for_a_day(kind: &'static str, body: &'static [u8]) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body(body)
}
