//! Forms of the sandbox: each browser has a token of its own, and what a page of another site sends is refused.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};

use crate::base::Token;
use crate::connections::own_host::is_host_of;
use crate::web::is_foreign;

/// A port of its own is no origin to cookies: the portal has others beside it.
const NAME: &str = "sandbox-forms";

/// What this browser's forms are made with.
#[derive(Clone)]
struct FormsOf(Token);

/// Gives each browser a secret for its forms, in a cookie, and looks at what browsers say of where a form comes from.
pub(super) async fn guard_forms(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !matches!(*req.method(), Method::GET | Method::HEAD) && is_elsewhere_s(req.headers()) {
        return Ok(req.into_response(HttpResponse::Forbidden().finish()));
    }
    let held = held(req.headers());
    let browser = held.clone().unwrap_or_else(Token::random);
    req.extensions_mut().insert(FormsOf(browser.clone()));
    let mut response = next.call(req).await?.map_into_boxed_body();
    let kind = response.headers().get(CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    // As in the portal, lynx wants `SameSite` last.
    let cookie = format!("{NAME}={}; HttpOnly; Path=/; SameSite=Lax", browser.as_str());
    if held.is_none()
        && is_page
        && let Ok(cookie) = HeaderValue::from_str(&cookie)
    {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The sandbox answers under any loopback name: the page of a form has the one that the form is sent to.
fn is_elsewhere_s(headers: &HeaderMap) -> bool {
    is_foreign(headers, |origin| is_host_of(headers, origin))
}

/// The one cookie of that name, byte for byte.
fn held(headers: &HeaderMap) -> Option<Token> {
    let lines = headers.get_all(COOKIE).filter_map(|line| line.to_str().ok());
    let pairs =
        lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim_matches(' ').split_once('='));
    let mut ours = pairs.filter(|(name, _)| *name == NAME);
    match (ours.next(), ours.next()) {
        (Some((_, value)), None) => Token::read(value),
        _ => None,
    }
}

pub(super) fn browser_of(req: &HttpRequest) -> Option<Token> {
    req.extensions().get::<FormsOf>().map(|forms| forms.0.clone())
}

#[cfg(test)]
#[path = "forms_tests.rs"]
mod tests;
