//! The page that says why a request is not served.

use std::borrow::Cow;

use actix_web::HttpResponse;
use actix_web::http::header::RETRY_AFTER;
use askama::Template;

use super::cx::Cx;
use super::page::page;
use super::redirect::see_other;
use super::refusal::Refusal;
use crate::pages;

#[derive(Template)]
#[template(path = "web/refusal.html")]
struct RefusalPage {
    cx: Cx,
    title_key: &'static str,
    text_key: &'static str,
    retry: Option<String>,
    next: Vec<(Cow<'static, str>, &'static str)>,
}

pages!(RefusalPage);

/// The page in the reader's language; the way to the sign-in page for whoever has to sign in.
pub(super) fn show(refusal: Refusal, cx: Cx) -> HttpResponse {
    let (status, title_key, text_key) = refusal.told();
    let home = if cx.session.is_some() { ("/cabinet", "next-cabinet") } else { ("/", "next-home") };
    let (retry, seconds) = match refusal {
        Refusal::SignIn => return see_other("/sign-in"),
        Refusal::TooMany { until } => (Some(cx.when(&until)), Some(until.since(cx.now()).as_secs().max(1))),
        _ => (None, None),
    };
    let next = match refusal {
        // Under this name there is nothing; under the right one there is.
        Refusal::WrongHost => vec![(cx.state.settings.link("/").into(), "next-home")],
        _ => [home, ("/help", "next-help")].map(|(path, key)| (path.into(), key)).into(),
    };
    let shown = RefusalPage { title_key, text_key, retry, next, cx };
    let mut response = page(status, &shown);
    if let Some(seconds) = seconds {
        response.headers_mut().insert(RETRY_AFTER, seconds.into());
    }
    refusal.put_headers(&mut response);
    response
}
