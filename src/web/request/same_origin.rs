//! Where browsers tell it (text browsers never do): whether a form was sent by a page of another site.

use actix_web::http::header::{HeaderMap, ORIGIN};

/// A second look beside the form's token. `own` says which origins are ours.
pub fn is_foreign(headers: &HeaderMap, own: impl Fn(&str) -> bool) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if matches!(text("sec-fetch-site"), Some("cross-site" | "same-site")) {
        return true;
    }
    // Pages that send no referrer send `null` here: then the token alone decides.
    text(ORIGIN.as_str()).is_some_and(|origin| origin != "null" && !own(origin))
}
