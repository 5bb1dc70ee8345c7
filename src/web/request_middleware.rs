//! The one middleware around every route: number the request, drop cookies that are not ours, refuse doubled ones, put the page into
//! bare refusals, send the security headers, count and log.

use std::time::{Duration, Instant};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName,
    HeaderValue, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::http::{Method, Version};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};

use super::cookies::same_site_last;
use super::cx::Cx;
use super::kept_pages::KeptPages;
use super::own_pages::OwnPages;
use super::page::Waited;
use super::refusal::Refusal;
use super::refusal_page;
use super::request::arrival::{Arrival, RequestId};
use super::request::body::{self, Arrived};
use super::request::content_encoding::is_encoded;
use super::request::detach_headers::detach;
use super::request::secret_address::is_secret_address;
use super::session::watching_session;
use super::state::State;
use crate::base::LogThrottle;
use crate::connections::client_ip;
use crate::db::{Cost, counting};

// Header values are checked byte by byte when they are made: these are made by the compiler.
static CSP: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'; script-src 'none'; object-src 'none'; connect-src 'none'; manifest-src 'none'",
);
static CSP_HTTPS: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'; script-src 'none'; object-src 'none'; connect-src 'none'; manifest-src 'none'; upgrade-insecure-requests",
);
static NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
static SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
static HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");
// `max-age=0` is for lynx: told `no-store` alone, it shows the page that it has when a link («Refresh») leads to the same address.
static NO_STORE: HeaderValue = HeaderValue::from_static("no-store, max-age=0");
static ALWAYS: [(HeaderName, HeaderValue); 5] = [
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), \
             gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
        ),
    ),
];

/// An answer that took so long is worth a line. (A sign-in that waits for its turn may take half of that.)
const SLOW: Duration = Duration::from_secs(2);

/// Passes a request through to its route and its answer back.
pub async fn request_middleware(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let Some(state) = req.app_data::<web::Data<State>>().cloned() else { return Err(Refusal::Broken.into()) };
    // First of all: what is read from cookies is kept with the request.
    let believed = state.cookies.keep_ours(req.headers_mut());
    let arrival = Arrival { id: RequestId::next(), locale: Cx::locale_of(req.request(), &state) };
    req.extensions_mut().insert(arrival);
    let https = state.settings.https();
    let no_referrer = is_secret_address(req.path());
    let is_return = req.method() == Method::POST
        && req.app_data::<OwnPages>().is_some_and(|pages| pages.is_return(req.path()));
    let arrived = match refused(&req, &state, believed || is_return) {
        Some(refusal) => Arrived::refused(&mut req, refusal),
        None => {
            let sender = client_ip::of(req.request(), &state.settings.trusted_proxies);
            let limit = body::limit(is_return || req.path().starts_with("/gateway/"));
            Arrived::of(&mut req, limit, Some(sender)).await
        }
    };
    let mut cost = Cost::default();
    let passed = if let Some(refusal) = arrived.refusal {
        let (request, _payload) = req.into_parts();
        ServiceResponse::from_err(refusal, request)
    } else {
        // A compressed answer is sent in chunks, which HTTP/1.0 (w3m) cannot read.
        if req.version() < Version::HTTP_11 {
            req.headers_mut().remove(ACCEPT_ENCODING);
        }
        if req.method() == Method::POST {
            detach(req.headers_mut());
        }
        // The request itself may not be held across the routing below: what a page needs is noted here.
        let path = req.uri().clone();
        let kept = req.app_data::<KeptPages>().and_then(|kept| kept.answer(&req, &state, arrival.locale));
        if let Some(kept) = kept {
            req.into_response(kept)
        } else {
            let answered;
            (answered, cost) = counting(watching_session(next.call(req))).await;
            match answered {
                (Ok(response), _) => response.map_into_boxed_body(),
                (Err(error), refusal) => {
                    tracing::debug!(request = %arrival.id, %error, "a session cannot be written");
                    let cx = Cx::bare(state.clone().into_inner(), arrival, path.path().to_owned());
                    let mut shown = refusal_page::show(refusal, cx, false);
                    put_headers(shown.headers_mut(), https, no_referrer);
                    state.metrics.answered("other", shown.status().as_u16(), began.elapsed());
                    return Err(InternalError::from_response(error, shown).into());
                }
            }
        }
    };
    let mut response = with_page(passed);
    for cookie in Cx::left_behind(&response) {
        let _ = response.response_mut().del_cookie(cookie.name());
        let _ = response.response_mut().add_cookie(&cookie);
    }
    put_headers(response.headers_mut(), https, no_referrer);
    note(&response, &state, arrival.id, began, arrived.in_part, cost);
    Ok(arrived.ends(response))
}

/// Why a request is not even looked at.
fn refused(req: &ServiceRequest, state: &State, believed: bool) -> Option<Refusal> {
    // Whoever watches over this machine, and a gateway, may know it by another name.
    let any_host = is_for_machines(req.path());
    if !any_host && !state.own_host.is_asked(req.head()) {
        return Some(Refusal::WrongHost);
    }
    if is_encoded(req.headers()) {
        return Some(Refusal::Encoded);
    }
    (!believed).then_some(Refusal::BadRequest)
}

fn is_for_machines(path: &str) -> bool {
    path.starts_with("/health/") || path.starts_with("/gateway/")
}

/// A bare refusal, or a bare error status of the framework, becomes a page in the reader's language.
fn with_page(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let refusal = response.response().extensions().get::<Refusal>().copied();
    if is_for_machines(response.request().path()) {
        return response;
    }
    let bare = status.is_client_error() || status.is_server_error();
    let has_page =
        response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let refusal = match refusal {
        Some(refusal) => refusal,
        None if bare && !has_page => Refusal::of_status(status),
        None => return response,
    };
    let Some(cx) = Cx::of_request(response.request()) else { return response };
    let is_form = response.request().method() == Method::POST;
    let (request, old) = response.into_parts();
    let mut shown = refusal_page::show(refusal, cx, is_form);
    for cookie in old.cookies() {
        // Cookies that the inner layers set (a session that ended) go along.
        let _ = shown.add_cookie(&cookie);
    }
    ServiceResponse::new(request, shown)
}

fn put_headers(headers: &mut HeaderMap, https: bool, no_referrer: bool) {
    same_site_last(headers);
    headers.insert(CONTENT_SECURITY_POLICY, if https { CSP_HTTPS.clone() } else { CSP.clone() });
    headers.insert(REFERRER_POLICY, if no_referrer { NO_REFERRER.clone() } else { SAME_ORIGIN.clone() });
    for (name, value) in &ALWAYS {
        headers.insert(name.clone(), value.clone());
    }
    if https {
        headers.insert(STRICT_TRANSPORT_SECURITY, HSTS.clone());
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, NO_STORE.clone());
    }
}

/// One line a request: of what is broken and what is slow; of all others at `debug`, with what they cost the database. The path stands
/// for the route, so that no token in a link gets into a log.
fn note(
    response: &ServiceResponse<BoxBody>,
    state: &State,
    id: RequestId,
    began: Instant,
    in_part: bool,
    cost: Cost,
) {
    let request = response.request();
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let method = known_method(request.method().as_str());
    state.metrics.answered(method, status, took);
    // Looked for only where a line is written: most requests write none.
    let route = || request.match_pattern().unwrap_or_else(|| "(none)".to_owned());
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    let Cost { statements, transactions, time } = cost;
    let database_micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    if status == 503 {
        // What it passes by is said once a minute, wherever it was found out.
        tracing::debug!(request = %id, method, route = route(), status, millis, "answered");
    } else if in_part {
        static SAID: LogThrottle = LogThrottle::new();
        if let Some(left_out) = SAID.next_line() {
            tracing::info!(request = %id, method, status, millis, left_out, "a body did not come whole, and in time");
        }
    } else if status >= 500 {
        tracing::error!(request = %id, method, route = route(), status, millis, "answered");
    } else if took >= SLOW && response.response().extensions().get::<Waited>().is_none() {
        tracing::warn!(request = %id, method, route = route(), status, millis, statements, database_micros, "answered slowly");
    } else {
        let route = route();
        tracing::debug!(
            request = %id, method, route, status, millis, statements, transactions, database_micros, "answered"
        );
    }
}

/// Methods as labels: strangers cannot fill the metrics with names of their own.
fn known_method(method: &str) -> &'static str {
    match method {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        _ => "other",
    }
}
