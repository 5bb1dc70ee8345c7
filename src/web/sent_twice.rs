//! A button that is pressed twice on a slow line sends its form twice, and the browser drops the first answer with its cookies. What
//! led on then leads on again, and what is shown once is shown again: the second is given the first one's answer, and nothing is done
//! a second time.
//!
//! Kept for some seconds in this instance's memory, for each browser its last form alone: with any other form in between, the same one
//! is a new wish. It is told by all its bytes, among which stands a token that no other copy of the page has, and by the cookies: those
//! that the first was sent with, or those that its answer has left.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::Cookie;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue, SET_COOKIE};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, web};
use bytes::Bytes;
use tokio::sync::watch;

use super::cookies::{DRAFTS, FLASH, LOCALE, PRE_SESSION, pairs};
use super::csrf::PreSession;
use super::packed::ShowsSecret;
use super::request::body::{put_back, read_whole};
use super::state::State;
use crate::base::{Keys, Purpose};
use crate::last_forms::{Answer, Digest, SentForm};

/// How long a second press waits for the answer to the first.
const WAIT: Duration = Duration::from_secs(15);

/// Answers a form that comes once more as it was answered.
pub async fn answer_once(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = req.app_data::<web::Data<State>>().cloned();
    let Some(state) = state.filter(|_| *req.method() == Method::POST) else {
        return Ok(next.call(req).await?.map_into_boxed_body());
    };
    let body = read_whole(req.take_payload()).await?;
    let held = state.cookies.read(req.request(), PRE_SESSION);
    let held = held.and_then(|cookie| PreSession::from_cookie(&cookie, &state.keys));
    let path = req.uri().to_string();
    let form = digest(&state.keys, &[b"form", path.as_bytes(), &body]);
    req.set_payload(put_back(body));
    let Some(held) = held else { return Ok(next.call(req).await?.map_into_boxed_body()) };
    let cookies: BTreeMap<String, String> =
        pairs(req.headers()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let before = digest_of_cookies(&state, &cookies);
    let browser = digest(&state.keys, &[b"browser that sent", held.browser.to_text().as_bytes()]);
    let (keeps, answer) = watch::channel(None);
    let new = SentForm { at: state.now(), form, before, answer };
    if let Some(mut first) = state.last_forms.sent(browser, new) {
        let answered = tokio::time::timeout(WAIT, first.answer.wait_for(Option::is_some)).await;
        let answered = answered.ok().and_then(|answered| answered.ok()?.clone());
        if let Some(answer) = answered.filter(|answer| before == first.before || before == answer.after) {
            return Ok(req.into_response(again(answer)));
        }
    }
    let response = next.call(req).await?.map_into_boxed_body();
    if !is_kept(&response) {
        return Ok(response);
    }
    let mut whole = None;
    let response = response.map_body(|_head, body| match body.try_into_bytes() {
        Ok(bytes) => BoxBody::new(whole.insert(bytes).clone()),
        Err(streamed) => streamed,
    });
    keeps.send_replace(whole.map(|body| kept(&state, &response, body, cookies)));
    Ok(response)
}

/// What neither leads on nor is shown once may be sent again.
fn is_kept(response: &ServiceResponse<BoxBody>) -> bool {
    let shows_secret = || response.response().extensions().get::<ShowsSecret>().is_some();
    match response.status() {
        StatusCode::SEE_OTHER => true,
        status => status == StatusCode::OK && shows_secret(),
    }
}

/// What is kept of an answer, with what the browser holds after it.
fn kept(
    state: &State,
    response: &ServiceResponse<BoxBody>,
    body: Bytes,
    mut held: BTreeMap<String, String>,
) -> Answer {
    let headers: Vec<(HeaderName, HeaderValue)> =
        response.headers().iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let cookies = headers.iter().filter(|(name, _)| name == SET_COOKIE);
    for cookie in cookies.filter_map(|(_, line)| Cookie::parse(line.to_str().ok()?).ok()) {
        if cookie.max_age().is_some_and(|age| age.is_zero()) {
            held.remove(cookie.name());
        } else {
            held.insert(cookie.name().to_owned(), cookie.value().to_owned());
        }
    }
    Answer { status: response.status(), headers, body, after: digest_of_cookies(state, &held) }
}

fn again(answer: Answer) -> HttpResponse {
    let mut response = HttpResponse::build(answer.status).body(answer.body);
    for (name, value) in answer.headers {
        response.headers_mut().append(name, value);
    }
    if answer.status == StatusCode::OK {
        response.extensions_mut().insert(ShowsSecret);
    }
    response
}

/// Of what says who somebody is and where they are: a page takes its message away and says in which language it was.
fn digest_of_cookies(state: &State, held: &BTreeMap<String, String>) -> Digest {
    let passing = [FLASH, DRAFTS, LOCALE].map(|base| state.cookies.name(base));
    let told = held.iter().filter(|(name, _)| !passing.contains(&name.as_str()));
    let parts: Vec<&[u8]> = told.flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]).collect();
    digest(&state.keys, &parts)
}

fn digest(keys: &Keys, parts: &[&[u8]]) -> Digest {
    keys.mac(Purpose::Forms, parts)
}
