//! What a person cannot mend on the page that they sent.

use std::borrow::Cow;
use std::fmt;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, HeaderValue, LOCATION, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use askama::Template;

use super::content_encoding::wants_identity;
use super::cx::Cx;
use super::page::{Page, page};
use crate::base::Moment;
use crate::db::StoreError;

/// Why a request is not served. Everything that can be mended in a form is a `Problem` at its field instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody is signed in: the way leads to the sign-in page.
    SignIn,
    Forbidden,
    /// A form of another browser, or of a session that has ended.
    Stale,
    NotFound,
    TooMany {
        until: Moment,
    },
    BadRequest,
    /// For a host that is not ours.
    WrongHost,
    /// A compressed body.
    Encoded,
    TooLarge,
    Method,
    Slow,
    /// Too much work at once; nothing was begun.
    Busy,
    Broken,
}

impl Refusal {
    /// What an answer without a page of its own says.
    pub fn of_status(status: StatusCode) -> Refusal {
        match status {
            StatusCode::FORBIDDEN => Refusal::Forbidden,
            StatusCode::NOT_FOUND => Refusal::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Refusal::Method,
            StatusCode::REQUEST_TIMEOUT => Refusal::Slow,
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
            StatusCode::SERVICE_UNAVAILABLE => Refusal::Busy,
            status if status.is_client_error() => Refusal::BadRequest,
            _ => Refusal::Broken,
        }
    }

    const fn status(self) -> StatusCode {
        match self {
            Refusal::SignIn => StatusCode::SEE_OTHER,
            Refusal::Forbidden | Refusal::Stale => StatusCode::FORBIDDEN,
            Refusal::NotFound => StatusCode::NOT_FOUND,
            Refusal::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Refusal::BadRequest => StatusCode::BAD_REQUEST,
            Refusal::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            Refusal::Encoded => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Method => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::Slow => StatusCode::REQUEST_TIMEOUT,
            Refusal::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Refusal::SignIn => ("refusal-sign-in-title", "refusal-sign-in-text"),
            Refusal::Forbidden => ("refusal-forbidden-title", "refusal-forbidden-text"),
            Refusal::Stale => ("refusal-stale-title", "refusal-stale-text"),
            Refusal::NotFound => ("refusal-not-found-title", "refusal-not-found-text"),
            Refusal::TooMany { .. } => ("refusal-too-many-title", "refusal-too-many-text"),
            Refusal::BadRequest => ("refusal-bad-request-title", "refusal-bad-request-text"),
            Refusal::WrongHost => ("refusal-wrong-host-title", "refusal-wrong-host-text"),
            Refusal::Encoded => ("refusal-encoded-title", "refusal-encoded-text"),
            Refusal::TooLarge => ("refusal-too-large-title", "refusal-too-large-text"),
            Refusal::Method => ("refusal-method-title", "refusal-method-text"),
            Refusal::Slow => ("refusal-slow-title", "refusal-slow-text"),
            Refusal::Busy => ("refusal-busy-title", "refusal-busy-text"),
            Refusal::Broken => ("refusal-broken-title", "refusal-broken-text"),
        }
    }

    /// The page that says so, in the reader's language.
    pub(super) fn show(self, cx: Cx) -> HttpResponse {
        if self == Refusal::SignIn {
            return HttpResponse::SeeOther().insert_header((LOCATION, "/sign-in")).finish();
        }
        let (title_key, text_key) = self.words();
        let home = if cx.session.is_some() { ("/cabinet", "next-cabinet") } else { ("/", "next-home") };
        let next = match self {
            // Under this name there is nothing; under the right one there is.
            Refusal::WrongHost => vec![(cx.state.settings.link("/").into(), "next-home")],
            _ => [home, ("/help", "next-help")].map(|(path, key)| (path.into(), key)).into(),
        };
        let wait = match self {
            Refusal::TooMany { until } => Some(until),
            _ => None,
        };
        let retry = wait.map(|until| cx.when(&until));
        let seconds =
            wait.map(|until| until.since(cx.now()).as_secs().max(1)).or((self == Refusal::Busy).then_some(5));
        let shown = RefusalPage { title_key, text_key, retry, next, cx };
        let mut response = page(self.status(), &shown);
        if let Some(seconds) = seconds {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        self.put_headers(&mut response);
        response
    }
}

impl Refusal {
    /// What would be taken instead.
    fn put_headers(self, response: &mut HttpResponse) {
        match self {
            Refusal::Method => {
                response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD, POST"));
            }
            Refusal::Encoded => wants_identity(response.headers_mut()),
            _ => {}
        }
    }
}

#[derive(Template)]
#[template(path = "web/refusal.html")]
struct RefusalPage {
    cx: Cx,
    title_key: &'static str,
    text_key: &'static str,
    retry: Option<String>,
    next: Vec<(Cow<'static, str>, &'static str)>,
}

impl Page for RefusalPage {
    fn cx(&self) -> &Cx {
        &self.cx
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// Bare: the middleware puts the page in, where the reader's language is known.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status());
        self.put_headers(&mut response);
        response.extensions_mut().insert(*self);
        response
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Refusal {
        match error {
            StoreError::Busy => Refusal::Busy,
            StoreError::Unavailable(cause) => {
                tracing::error!(cause, "the database does not answer");
                Refusal::Busy
            }
            StoreError::Query(error) => {
                tracing::error!(%error, "a query failed");
                Refusal::Broken
            }
        }
    }
}
