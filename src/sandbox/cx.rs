//! What each page of the sandbox can say.

use std::ops::Deref;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use askama::Template;

use super::bank::Bank;
use super::file::FileError;
use super::forms::browser_of;
use crate::base::constant_time_eq;
use crate::texts::{self, Locale, Reader};
use crate::web::Problem;

pub(super) const STYLE_PATH: &str = "/style.css";

pub(super) struct Cx {
    reader: Reader,
    pub style: &'static str,
    csrf: String,
}

impl Cx {
    pub fn of(request: &HttpRequest) -> Cx {
        let query = request.uri().query().unwrap_or_default();
        let chosen = form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "locale")
            .and_then(|(_, value)| Locale::read(&value));
        let asked =
            || texts::from_accept_language(request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok()?);
        let locale = chosen.or_else(asked).unwrap_or(Locale::DEFAULT);
        let bank = request.app_data::<web::Data<Bank>>();
        let csrf = bank.zip(browser_of(request)).map(|(bank, browser)| bank.form_token(&browser));
        Cx { reader: Reader::new(locale), style: STYLE_PATH, csrf: csrf.unwrap_or_default() }
    }

    /// Of a form that is sent: only one of ours has the token.
    pub fn of_form(request: &HttpRequest, token: &str) -> Result<Cx, PageError> {
        let cx = Cx::of(request);
        let is_ours = !token.is_empty() && constant_time_eq(token.as_bytes(), cx.csrf.as_bytes());
        if is_ours { Ok(cx) } else { Err(PageError::Forged) }
    }

    pub fn problem(&self, problem: &Problem) -> String {
        texts::words_with(self.locale, &problem.key, problem.args.clone())
    }

    /// The hidden field of every form here: it belongs to this browser, and no page of another site can read it.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// As pages of the portal ask for it, whose forms are shown again.
    pub(super) fn typed<'a>(&self, _field: &str, held: &'a str) -> &'a str {
        held
    }
}

impl Deref for Cx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

/// Why a page of the sandbox is not shown.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageError {
    #[error("no such page")]
    NotFound,
    #[error("not a form of ours")]
    Forged,
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Template(#[from] askama::Error),
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            PageError::NotFound => StatusCode::NOT_FOUND,
            PageError::Forged => StatusCode::FORBIDDEN,
            PageError::File(_) | PageError::Template(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let status = self.status_code();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            tracing::warn!(error = %self, "a page of the sandbox cannot be shown");
        }
        HttpResponse::new(status)
    }
}

pub(super) type Shown = Result<HttpResponse, PageError>;

pub(super) fn page(status: StatusCode, template: &impl Template) -> Shown {
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(template.render()?))
}

/// 303 to an address of the sandbox's or the portal's.
pub(super) fn redirect_to(url: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, url)).finish()
}
