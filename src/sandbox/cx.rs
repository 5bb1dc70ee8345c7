//! What each page of the sandbox can say.

use std::ops::Deref;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::bank::Bank;
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
        let chosen = request.uri().query().and_then(|query| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == "locale")
                .and_then(|(_, value)| Locale::read(&value))
        });
        let asked = || {
            request
                .headers()
                .get(header::ACCEPT_LANGUAGE)?
                .to_str()
                .ok()
                .and_then(texts::from_accept_language)
        };
        let locale = chosen.or_else(asked).unwrap_or(Locale::DEFAULT);
        let bank = request.app_data::<web::Data<Bank>>();
        let csrf = bank.zip(browser_of(request)).map(|(bank, browser)| bank.form_token(&browser));
        Cx { reader: Reader::new(locale), style: STYLE_PATH, csrf: csrf.unwrap_or_default() }
    }

    pub fn problem(&self, problem: &Problem) -> String {
        texts::words_with(self.locale, &problem.key, problem.args.clone())
    }

    /// The hidden field of every form here: it belongs to this browser, and no page of another site can read it.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    pub fn accepts(&self, token: &str) -> bool {
        !token.is_empty() && constant_time_eq(token.as_bytes(), self.csrf.as_bytes())
    }
}

impl Deref for Cx {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}

pub(super) fn page(template: &impl Template) -> HttpResponse {
    shown(HttpResponse::Ok(), template)
}

/// A form again, with what is wrong.
pub(super) fn unprocessable(template: &impl Template) -> HttpResponse {
    shown(HttpResponse::UnprocessableEntity(), template)
}

fn shown(mut answer: actix_web::HttpResponseBuilder, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => answer.content_type("text/html; charset=utf-8").body(html),
        Err(error) => unavailable(&error),
    }
}

pub(super) fn unavailable(error: &dyn std::error::Error) -> HttpResponse {
    tracing::warn!(error = %error, "a page of the sandbox cannot be shown");
    HttpResponse::ServiceUnavailable().finish()
}
