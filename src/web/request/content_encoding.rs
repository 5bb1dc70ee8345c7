//! Compressed bodies are refused: the framework's own readers would inflate them before any limit looks. 152 bytes become 300 MiB.

use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

/// Whether a body is said to be in another form than as it is, by any of the headers, in any spelling.
pub(in crate::web) fn is_encoded(headers: &HeaderMap) -> bool {
    let mut codings =
        headers.get_all(CONTENT_ENCODING).flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    codings.any(|coding| {
        !coding.trim_ascii().is_empty() && !coding.trim_ascii().eq_ignore_ascii_case(b"identity")
    })
}

/// Says what is taken (RFC 7694).
pub(in crate::web) fn wants_identity(headers: &mut HeaderMap) {
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
}

/// For servers beside the portal: 415 without a page.
pub async fn refuse_encoded(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_encoded(req.headers()) {
        let mut refused = HttpResponse::new(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        wants_identity(refused.headers_mut());
        return Ok(req.into_response(refused));
    }
    Ok(next.call(req).await?.map_into_boxed_body())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_compressed_body_is_seen() {
        let encoded = |values: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
            }
            is_encoded(&headers)
        };
        for plain in [
            [].as_slice(),
            &["identity"],
            &["IDENTITY"],
            &[" identity , Identity"],
            &[""],
            &["identity", "identity"],
        ] {
            assert!(!encoded(plain), "{plain:?}");
        }
        for packed in [
            ["gzip"].as_slice(),
            &["GZip"],
            &["br"],
            &["deflate"],
            &["zstd"],
            &["x-gzip"],
            &["identity, gzip"],
            &["gzip, identity"],
            &["identity", "br"],
            &["br", "identity"],
            &["\tbr"],
            &["nonsense"],
            &["identity;q=1"],
        ] {
            assert!(encoded(packed), "{packed:?}");
        }
    }
}
