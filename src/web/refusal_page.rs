//! The page that says why a request is not served.

use actix_web::HttpResponse;
use actix_web::http::header::{ALLOW, HeaderValue, RETRY_AFTER};
use askama::Template;

use super::cx::Cx;
use super::page::page;
use super::redirect::see_other;
use super::refusal::Refusal;
use crate::pages;

const BUSY_SECONDS: u64 = 5;

#[derive(Template)]
#[template(path = "web/refusal.html")]
struct RefusalPage {
    cx: Cx,
    title_key: &'static str,
    text_key: &'static str,
    retry: Option<String>,
    next: [(&'static str, &'static str); 2],
}

pages!(RefusalPage);

/// The page in the reader's language; the way to the sign-in page for whoever has to sign in.
pub(super) fn show(refusal: Refusal, cx: Cx) -> HttpResponse {
    let (status, title_key, text_key) = refusal.told();
    let home = if cx.session.is_some() { ("/cabinet", "next-cabinet") } else { ("/", "next-home") };
    let (retry, seconds) = match refusal {
        Refusal::SignIn => return see_other("/sign-in"),
        Refusal::TooMany { until } => (Some(cx.when(&until)), Some(until.since(cx.now()).as_secs().max(1))),
        Refusal::Busy | Refusal::Unsure => (None, Some(BUSY_SECONDS)),
        _ => (None, None),
    };
    let shown = RefusalPage { title_key, text_key, retry, next: [home, ("/help", "next-help")], cx };
    let mut response = page(status, &shown);
    if let Some(seconds) = seconds {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    if refusal == Refusal::MethodNotAllowed {
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
    }
    response
}
