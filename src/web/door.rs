//! The one middleware around every route: number the request, refuse doubled cookies, put the page into bare refusals,
//! send the security headers, count and log.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::Version;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, web};

use super::cx::Cx;
use super::refusal::Refusal;
use super::state::State;
use crate::base::random_bytes;

const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'; script-src 'none'; object-src 'none'; connect-src 'none'; manifest-src 'none'";
const CSP_HTTPS: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; \
     base-uri 'none'; script-src 'none'; object-src 'none'; connect-src 'none'; manifest-src 'none'; upgrade-insecure-requests";
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

/// Pages whose address is a secret: it is told to nobody.
const LINKS: [&str; 2] = ["/confirmations/", "/unlock/"];

/// The number of a request: in its log lines and on its error page.
#[derive(Clone)]
pub struct RequestId(pub String);

impl RequestId {
    /// Unguessable enough, short enough to be read over the telephone.
    fn next() -> RequestId {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        static START: std::sync::LazyLock<u32> = std::sync::LazyLock::new(|| u32::from_le_bytes(random_bytes()));
        RequestId(format!("{:08x}-{:x}", *START, COUNT.fetch_add(1, Ordering::Relaxed)))
    }
}

/// Passes a request through to its route and its answer back.
pub async fn door(mut req: ServiceRequest, next: Next<impl MessageBody + 'static>) -> Result<ServiceResponse<BoxBody>, Error> {
    let began = Instant::now();
    let id = RequestId::next();
    req.extensions_mut().insert(id.clone());
    let Some(state) = req.app_data::<web::Data<State>>().cloned() else { return Err(Refusal::Broken.into()) };
    let https = state.settings.https();
    let no_referrer = LINKS.iter().any(|link| req.path().starts_with(link));
    let passed = if state.cookies.doubled(req.request()) {
        let (request, _payload) = req.into_parts();
        ServiceResponse::from_err(Refusal::BadRequest, request)
    } else {
        // A compressed answer is sent in chunks, which HTTP/1.0 (w3m) cannot read.
        if req.version() < Version::HTTP_11 {
            req.headers_mut().remove(ACCEPT_ENCODING);
        }
        // The request itself may not be held across the routing below: what a page needs is noted here.
        let (locale, path) = (Cx::locale_of(req.request(), &state), req.path().to_owned());
        match next.call(req).await {
            Ok(response) => response.map_into_boxed_body(),
            Err(error) => {
                tracing::error!(request = id.0, %error, "a session cannot be written");
                let mut shown = Refusal::Busy.show(Cx::bare(state.clone().into_inner(), locale, path, id.0));
                put_headers(shown.headers_mut(), https, no_referrer);
                state.metrics.answered("other", shown.status().as_u16(), began.elapsed());
                return Err(InternalError::from_response(error, shown).into());
            }
        }
    };
    let mut response = with_page(passed);
    put_headers(response.headers_mut(), https, no_referrer);
    note(&response, &state, &id, began);
    Ok(response)
}

/// A bare refusal, or a bare error status of the framework, becomes a page in the reader's language.
fn with_page(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let refusal = response.response().extensions().get::<Refusal>().copied();
    let for_machines = response.request().path().starts_with("/health/");
    let bare = (status.is_client_error() || status.is_server_error()) && !for_machines;
    let has_page = response.headers().get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let refusal = match refusal {
        Some(refusal) => refusal,
        None if bare && !has_page => Refusal::of_status(status),
        None => return response,
    };
    let Some(cx) = Cx::read(response.request()) else { return response };
    let (request, old) = response.into_parts();
    let mut shown = refusal.show(cx);
    for cookie in old.cookies() {
        // Cookies that the inner layers set (a session that ended) go along.
        let _ = shown.add_cookie(&cookie);
    }
    ServiceResponse::new(request, shown)
}

fn put_headers(headers: &mut HeaderMap, https: bool, no_referrer: bool) {
    let mut put = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    put(CONTENT_SECURITY_POLICY, if https { CSP_HTTPS } else { CSP });
    put(X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(X_FRAME_OPTIONS, "DENY");
    put(REFERRER_POLICY, if no_referrer { "no-referrer" } else { "same-origin" });
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    put(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    if https {
        put(STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// One line a request: page views at `debug`, everything that changes something or fails at `info`. The path stands for the
/// route, so that no token in a link gets into a log.
fn note(response: &ServiceResponse<BoxBody>, state: &State, id: &RequestId, began: Instant) {
    let request = response.request();
    let (status, took) = (response.status().as_u16(), began.elapsed());
    let method = known_method(request.method().as_str());
    state.metrics.answered(method, status, took);
    let route = request.match_pattern();
    let route = route.as_deref().unwrap_or("(none)");
    let millis = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::error!(request = id.0, method, route, status, millis, "answered");
    } else if status >= 400 || method == "POST" {
        tracing::info!(request = id.0, method, route, status, millis, "answered");
    } else {
        tracing::debug!(request = id.0, method, route, status, millis, "answered");
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
