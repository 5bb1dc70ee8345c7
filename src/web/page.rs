//! Answers: a page, a form shown again, a way to go on.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, LOCATION};
use askama::Template;

use super::cx::Cx;

/// A template with the request's context in it.
pub trait Page: Template {
    fn cx(&self) -> &Cx;
}

/// Names structs that are pages: each has a field `cx`.
#[macro_export]
macro_rules! pages {
    ($($name:ty),+ $(,)?) => {
        $(impl $crate::web::Page for $name {
            fn cx(&self) -> &$crate::web::Cx {
                &self.cx
            }
        })+
    };
}

/// Shows a page.
pub fn page(status: StatusCode, shown: &impl Page) -> HttpResponse {
    let html = match shown.render() {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "a template failed");
            return HttpResponse::InternalServerError().finish();
        }
    };
    let mut response = HttpResponse::build(status);
    response.content_type(ContentType::html());
    for cookie in shown.cx().cookies_to_set() {
        response.cookie(cookie);
    }
    response.body(html)
}

/// The same form with what was typed and what is wrong.
pub fn shown_again(shown: &impl Page) -> HttpResponse {
    page(StatusCode::UNPROCESSABLE_ENTITY, shown)
}

/// After a form that succeeded: always 303, which every browser follows with GET.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}
