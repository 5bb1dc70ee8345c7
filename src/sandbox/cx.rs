//! What each page of the sandbox can say.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use sha2::{Digest, Sha256};

use crate::base::{Moment, Money, hex};
use crate::texts::{self, Args, DEFAULT_TIME_ZONE, FluentValue, Locale, Words};
use crate::web::Problem;

pub(super) const STYLE_PATH: &str = "/style.css";

pub(super) struct Cx {
    pub locale: Locale,
    pub style: &'static str,
    path: String,
}

impl Cx {
    pub fn of(request: &HttpRequest) -> Cx {
        let chosen = request.uri().query().and_then(|query| {
            form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "locale").and_then(|(_, value)| Locale::read(&value))
        });
        let asked = || request.headers().get(header::ACCEPT_LANGUAGE)?.to_str().ok().and_then(texts::from_accept_language);
        let locale = chosen.or_else(asked).unwrap_or(Locale::DEFAULT);
        Cx { locale, style: STYLE_PATH, path: request.path().to_owned() }
    }

    pub fn lang(&self) -> &'static str {
        self.locale.word()
    }

    pub fn t(&self, key: &'static str) -> Words {
        texts::words(self.locale, key)
    }

    pub fn ta(&self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        let args = args.iter().map(|(name, value)| ((*name).into(), value.clone().into_owned())).collect::<Args>();
        texts::words_with(self.locale, key, args)
    }

    pub fn problem(&self, problem: &Problem) -> String {
        texts::words_with(self.locale, problem.key, problem.args.clone())
    }

    pub fn iso(&self, at: &Moment) -> String {
        texts::iso(*at)
    }

    pub fn moment(&self, at: &Moment) -> String {
        texts::moment(self.locale, DEFAULT_TIME_ZONE, *at)
    }

    pub fn money(&self, sum: &Money) -> String {
        texts::money(self.locale, *sum)
    }

    /// The address of a form of the bank is a secret itself: whoever knows this token has been shown the page.
    pub fn csrf(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        hex(&Sha256::digest(format!("form of {name}").as_bytes()))
    }
}

pub(super) fn page(template: &impl Template) -> HttpResponse {
    shown(HttpResponse::Ok(), template)
}

/// A form again, with what is wrong.
pub(super) fn page_again(template: &impl Template) -> HttpResponse {
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
