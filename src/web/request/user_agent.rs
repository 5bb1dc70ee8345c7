//! What a browser says of itself.

use actix_web::HttpRequest;
use actix_web::http::header::USER_AGENT;

use crate::base::is_invisible;

const MAX_CHARS: usize = 200;

/// The `User-Agent` header, cut and without characters that nobody sees.
pub fn of(req: &HttpRequest) -> String {
    let header = req.headers().get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    header.chars().filter(|c| !is_invisible(*c)).take(MAX_CHARS).collect()
}
