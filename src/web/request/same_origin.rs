//! Where browsers tell it (text browsers never do): whether a form was sent by a page of another site.

use actix_web::http::header::{HeaderMap, ORIGIN};

/// A second look beside the form's token. `own` says which origins are ours. What stands there twice, or in a word that browsers do not
/// use, comes from elsewhere.
pub fn is_foreign(headers: &HeaderMap, own: impl Fn(&str) -> bool) -> bool {
    let said = |name: &str| {
        headers
            .get_all(name)
            .map(|value| value.to_str().unwrap_or("?").to_ascii_lowercase())
            .collect::<Vec<_>>()
    };
    let is_own_page = match said("sec-fetch-site").as_slice() {
        [] => true,
        [site] => matches!(site.as_str(), "same-origin" | "none"),
        _ => false,
    };
    // Pages that send no referrer send `null` here: then the token alone decides.
    let is_own_origin = match said(ORIGIN.as_str()).as_slice() {
        [] => true,
        [origin] => origin == "null" || own(origin),
        _ => false,
    };
    !(is_own_page && is_own_origin)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn whatever_is_not_clearly_ours_is_foreign() {
        let own = "https://pay.example.org";
        for (headers, foreign) in [
            (vec![], false),
            (vec![("origin", own)], false),
            (vec![("origin", "https://Pay.Example.org")], false),
            (vec![("origin", "null")], false),
            (vec![("sec-fetch-site", "none"), ("origin", own)], false),
            (vec![("sec-fetch-site", "same-origin")], false),
            (vec![("origin", "https://evil.example")], true),
            (vec![("origin", "")], true),
            (vec![("origin", own), ("origin", "https://evil.example")], true),
            (vec![("sec-fetch-site", "cross-site"), ("origin", own)], true),
            (vec![("sec-fetch-site", "Cross-Site")], true),
            (vec![("sec-fetch-site", "same-site")], true),
            (vec![("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")], true),
            (vec![("sec-fetch-site", "whatever")], true),
        ] {
            let mut map = HeaderMap::new();
            for (name, value) in &headers {
                map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            assert_eq!(is_foreign(&map, |origin| origin == own), foreign, "{headers:?}");
        }
    }
}
