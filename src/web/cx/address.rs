//! What the address of a request says after its question mark.

use actix_web::HttpRequest;

use crate::texts::Locale;

/// `?locale=ru_RU`; nonsense is as good as nothing.
pub(super) fn query_locale(req: &HttpRequest) -> Option<Locale> {
    query(req, "locale").and_then(|value| Locale::read(&value))
}

/// One of its words.
pub(super) fn query(req: &HttpRequest, wanted: &str) -> Option<String> {
    let query = req.query_string();
    if query.is_empty() {
        return None;
    }
    let found = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == wanted);
    found.map(|(_, value)| value.into_owned())
}
