//! A button that is pressed twice on a slow line sends its form twice, and the browser drops the first answer with its cookies. What
//! led on then leads on again, and what is shown once is shown again: the second is given the first one's answer, and nothing is done
//! a second time.
//!
//! Kept for some seconds in this instance's memory, for each browser its last form alone: with any other form in between, the same one
//! is a new wish. It is told by all its bytes, among which stands a token that no other copy of the page has, and by the cookies: those
//! that the first was sent with, or those that its answer has left.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
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
use crate::base::{Keys, Moment, Purpose, seconds};

/// How long somebody waits for an answer before they press again.
const KEPT_FOR: Duration = seconds(30);
/// How long a second press waits for the answer to the first.
const WAIT: Duration = Duration::from_secs(15);
/// Of so many browsers; some hundred bytes each.
const MOST: usize = 4_096;

type Digest = [u8; 32];

/// The last form of each browser that has just sent one, and the answer that led on from it.
#[derive(Default)]
pub struct LastForms(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    of: HashMap<Digest, Sent>,
    /// Browsers in the order of their forms.
    order: VecDeque<(Moment, Digest)>,
}

#[derive(Clone)]
struct Sent {
    at: Moment,
    form: Digest,
    /// The cookies that it was sent with.
    before: Digest,
    answer: watch::Receiver<Option<Answer>>,
}

/// A way on, or a page that is shown once, with the cookies that go with it.
#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
    /// What the browser holds once it has read them.
    after: Digest,
}

impl LastForms {
    /// What this browser has sent last, if that is the same; otherwise this is the last from here on.
    fn sent(&self, browser: Digest, new: Sent) -> Option<Sent> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((at, oldest)) = kept.order.front().copied()
            && (new.at.since(at) > KEPT_FOR || kept.order.len() >= MOST)
        {
            kept.order.pop_front();
            if kept.of.get(&oldest).is_some_and(|sent| sent.at == at) {
                kept.of.remove(&oldest);
            }
        }
        if let Some(same) = kept.of.get(&browser).filter(|sent| sent.form == new.form) {
            return Some(same.clone());
        }
        kept.order.push_back((new.at, browser));
        kept.of.insert(browser, new);
        None
    }
}

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
    let new = Sent { at: state.now(), form, before, answer };
    if let Some(mut first) = state.last_forms.sent(browser, new) {
        let answered = tokio::time::timeout(WAIT, first.answer.wait_for(Option::is_some)).await;
        let answered = answered.ok().and_then(|answered| answered.ok()?.clone());
        if let Some(answer) = answered.filter(|answer| before == first.before || before == answer.after) {
            return Ok(req.into_response(answer.again()));
        }
    }
    let response = next.call(req).await?.map_into_boxed_body();
    if !Answer::is_kept(&response) {
        return Ok(response);
    }
    let mut whole = None;
    let response = response.map_body(|_head, body| match body.try_into_bytes() {
        Ok(bytes) => BoxBody::new(whole.insert(bytes).clone()),
        Err(streamed) => streamed,
    });
    keeps.send_replace(whole.map(|body| Answer::of(&state, &response, body, cookies)));
    Ok(response)
}

impl Answer {
    /// What neither leads on nor is shown once may be sent again.
    fn is_kept(response: &ServiceResponse<BoxBody>) -> bool {
        let shows_secret = || response.response().extensions().get::<ShowsSecret>().is_some();
        match response.status() {
            StatusCode::SEE_OTHER => true,
            status => status == StatusCode::OK && shows_secret(),
        }
    }

    fn of(
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

    fn again(self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status).body(self.body);
        for (name, value) in self.headers {
            response.headers_mut().append(name, value);
        }
        if self.status == StatusCode::OK {
            response.extensions_mut().insert(ShowsSecret);
        }
        response
    }
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
