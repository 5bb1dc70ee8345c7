//! Answers are packed on their way out, where the browser can undo it.

use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, VARY};
use actix_web::middleware::Next;

use super::request::secret_address::is_secret_address;
use crate::packing::{Coding, Offered, pack_now};

/// What is shorter gains nothing.
const LEAST_BYTES: usize = 600;
static BY_ENCODING: HeaderValue = HeaderValue::from_static("accept-encoding");

/// An answer with this shows a secret. It is not packed: the secret would stay behind in what packs.
pub(super) struct ShowsSecret;

/// Packs what is not packed yet.
pub async fn pack_answers(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let offered = Offered::of(&req);
    let is_secret = is_secret_address(req.path());
    let mut response = next.call(req).await?.map_into_boxed_body();
    if !is_text(response.headers()) {
        return Ok(response);
    }
    varies_by_encoding(response.headers_mut());
    let shows_secret = is_secret || response.response().extensions().get::<ShowsSecret>().is_some();
    let Some(coding) = offered.quickest().filter(|_| !shows_secret) else { return Ok(response) };
    if response.headers().contains_key(CONTENT_ENCODING) {
        return Ok(response);
    }
    let mut packed_with = None;
    let mut response = response.map_body(|_head, body| match body.try_into_bytes() {
        Ok(bytes) if bytes.len() >= LEAST_BYTES => match pack_now(coding, &bytes) {
            Some(packed) => {
                packed_with = Some(coding);
                BoxBody::new(packed)
            }
            None => BoxBody::new(bytes),
        },
        Ok(bytes) => BoxBody::new(bytes),
        Err(body) => body,
    });
    if let Some(coding) = packed_with {
        is_packed(response.headers_mut(), coding);
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    Ok(response)
}

/// Says so.
pub(super) fn is_packed(headers: &mut HeaderMap, coding: Coding) {
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
}

/// Whoever keeps an answer must not give it to a browser that asks otherwise.
pub(super) fn varies_by_encoding(headers: &mut HeaderMap) {
    headers.append(VARY, BY_ENCODING.clone());
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    kind.starts_with(b"text/") || kind.starts_with(b"image/svg")
}
