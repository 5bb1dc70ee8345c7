//! Answers that lead elsewhere.

use actix_web::cookie::Cookie;
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{Error, HttpResponse};

/// The answer to give instead, for `?`: the page that a request asks for or sends to is not where its sender is.
pub fn instead(response: HttpResponse) -> Error {
    InternalError::from_response("another page is due", response).into()
}

/// The same, where the answer leads elsewhere: the page there says that a step was opened out of its order.
pub fn out_of_order(said: &Cookie, mut response: HttpResponse) -> Error {
    if response.status() == StatusCode::SEE_OTHER {
        let _ = response.add_cookie(said);
    }
    instead(response)
}

/// After a form that succeeded: always 303, which every browser follows with GET.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}
