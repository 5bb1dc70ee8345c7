//! What a person cannot mend on the page that they sent.

use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};

use super::request::content_encoding::wants_identity;
use crate::base::Moment;
use crate::db::StoreError;

/// When whoever is told that it passes may come again, in seconds.
const BUSY_SECONDS: &str = "5";

/// Why a request is not served. Everything that can be mended in a form is a `Problem` at its field instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is signed in: the way leads to the sign-in page.
    SignIn,
    Forbidden,
    /// A form of another browser or another site, or one that was made up.
    Stale,
    /// A form of this browser from before somebody signed in or out: it is shown again, with what was typed.
    OldForm,
    /// A form that a page of another site sends.
    Foreign,
    NotFound,
    TooMany {
        until: Moment,
    },
    /// The same, counted by the address that the request came from: others may have it as well.
    Network {
        until: Moment,
    },
    BadRequest,
    /// For a host that is not ours.
    WrongHost,
    /// A compressed body.
    Encoded,
    TooLarge,
    MethodNotAllowed,
    Timeout,
    /// Too much work at once, or something is away for a while; nothing was changed.
    Busy,
    /// The database did not say whether it has written.
    Unsure,
    Broken,
}

impl Refusal {
    /// What an answer without a page of its own says.
    pub fn of_status(status: StatusCode) -> Refusal {
        match status {
            StatusCode::FORBIDDEN => Refusal::Forbidden,
            StatusCode::NOT_FOUND => Refusal::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Refusal::MethodNotAllowed,
            StatusCode::REQUEST_TIMEOUT => Refusal::Timeout,
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
            StatusCode::SERVICE_UNAVAILABLE => Refusal::Busy,
            status if status.is_client_error() => Refusal::BadRequest,
            _ => Refusal::Broken,
        }
    }

    /// What passes by itself is busy, what does not is broken.
    pub(super) fn of_store(error: &StoreError) -> Refusal {
        match error {
            StoreError::Busy | StoreError::Unavailable(_) => Refusal::Busy,
            StoreError::Unanswered => Refusal::Unsure,
            StoreError::Query(_) => Refusal::Broken,
        }
    }

    /// Its status, and what its page is called and says.
    #[rustfmt::skip]
    pub(super) const fn told(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Refusal::SignIn => (StatusCode::SEE_OTHER, "refusal-sign-in-title", "refusal-sign-in-text"),
            Refusal::Forbidden => (StatusCode::FORBIDDEN, "refusal-forbidden-title", "refusal-forbidden-text"),
            Refusal::Stale | Refusal::Foreign => (StatusCode::FORBIDDEN, "refusal-stale-title", "refusal-stale-text"),
            Refusal::OldForm => (StatusCode::SEE_OTHER, "refusal-stale-title", "refusal-stale-text"),
            Refusal::NotFound => (StatusCode::NOT_FOUND, "refusal-not-found-title", "refusal-not-found-text"),
            Refusal::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "refusal-too-many-title", "refusal-too-many-text"),
            Refusal::Network { .. } => (StatusCode::TOO_MANY_REQUESTS, "refusal-too-many-title", "refusal-network-text"),
            Refusal::BadRequest => (StatusCode::BAD_REQUEST, "refusal-bad-request-title", "refusal-bad-request-text"),
            Refusal::WrongHost => (StatusCode::MISDIRECTED_REQUEST, "refusal-wrong-host-title", "refusal-wrong-host-text"),
            Refusal::Encoded => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "refusal-encoded-title", "refusal-encoded-text"),
            Refusal::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "refusal-too-large-title", "refusal-too-large-text"),
            Refusal::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "refusal-method-title", "refusal-method-text"),
            Refusal::Timeout => (StatusCode::REQUEST_TIMEOUT, "refusal-slow-title", "refusal-slow-text"),
            Refusal::Busy => (StatusCode::SERVICE_UNAVAILABLE, "refusal-busy-title", "refusal-busy-text"),
            Refusal::Unsure => (StatusCode::SERVICE_UNAVAILABLE, "refusal-unsure-title", "refusal-unsure-text"),
            Refusal::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "refusal-broken-title", "refusal-broken-text"),
        }
    }

    /// What would be taken instead, and when.
    pub(super) fn put_headers(self, response: &mut HttpResponse) {
        match self {
            Refusal::MethodNotAllowed => {
                response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
            }
            Refusal::Encoded => wants_identity(response.headers_mut()),
            Refusal::Busy | Refusal::Unsure => {
                response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(BUSY_SECONDS));
            }
            _ => {}
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.told().0
    }

    /// Bare: the middleware puts the page in, where the reader's language is known.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        self.put_headers(&mut response);
        response.extensions_mut().insert(*self);
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        error.log("the database has not done it");
        Refusal::of_store(&error)
    }
}
