//! Pages that say the same to every stranger are answered before anything is asked of sessions, routes or rows, once their route has
//! written them.

use std::cell::OnceCell;

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::header::ContentType;
use actix_web::http::{Method, Version};

use super::cookies::PRE_SESSION;
use super::csrf::{Owner, PreSession};
use super::packed::{is_packed, varies_by_encoding};
use super::page::CachedPage;
use super::state::State;
use crate::packing::Offered;
use crate::texts::Locale;

/// Each with its path.
#[derive(Clone, Copy)]
pub struct KeptPages(pub &'static [(&'static str, &'static CachedPage)]);

impl KeptPages {
    /// None where the page's route has more to say: to somebody signed in or on the way, or of something that has just happened.
    pub(super) fn answer(self, req: &ServiceRequest, state: &State, locale: Locale) -> Option<HttpResponse> {
        let head = req.head();
        if head.method != Method::GET || head.version < Version::HTTP_11 || head.uri.query().is_some() {
            return None;
        }
        let (_, page) = self.0.iter().find(|(path, _)| *path == head.uri.path())?;
        let kept = page.for_strangers(locale)?;
        let held = match state.cookies.of_stranger(req.headers())? {
            Some(cookie) => (PreSession::from_cookie(cookie, &state.keys)?, false),
            None => (PreSession::random(), true),
        };
        let token = OnceCell::new();
        // The one mark of such a page is its token.
        let value = |_mark| {
            token
                .get_or_init(|| {
                    held.0.secret.token(held.0.browser, &Owner::of(None, &state.keys), &state.keys)
                })
                .clone()
        };
        let mut response = HttpResponse::Ok();
        response.content_type(ContentType::html());
        let offered = Offered::of(req);
        let mut response = match kept.packed(offered, value) {
            Some((coding, bytes)) => {
                let mut response = response.body(bytes);
                is_packed(response.headers_mut(), coding);
                response
            }
            None if offered == Offered::default() => response.body(kept.plain(value)),
            // Until it is packed well, it is packed in passing.
            None => return None,
        };
        varies_by_encoding(response.headers_mut());
        if let (held, true) = held
            && token.get().is_some()
        {
            let cookie = state.cookies.make(PRE_SESSION, &held.to_cookie(&state.keys), None);
            // Characters of base64 and attributes of ours always fit a header.
            let _ = response.add_cookie(&cookie);
        }
        Some(response)
    }
}
