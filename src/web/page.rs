//! Answers: a page, a form shown again.

use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::cookie::Cookie;
use actix_web::http::StatusCode;
use actix_web::http::header::{ContentType, RETRY_AFTER};
use actix_web::web::Bytes;
use askama::Template;

use super::cx::Cx;
use crate::base::Moment;
use crate::texts::Locale;

/// Most pages fit, so that they are not copied while they grow.
const PAGE_BYTES: usize = 8 * 1024;

/// A template with the request's context in it.
pub trait Page: Template {
    fn cx(&self) -> &Cx;
}

/// Pages, each with its template: structs with a field `cx` before those that are named. Or the names of structs that have it.
#[macro_export]
macro_rules! pages {
    ($($(#[$doc:meta])* $path:literal => $vis:vis struct $name:ident {
        $($(#[$of_field:meta])* $field:ident: $type:ty),* $(,)?
    })+) => {
        $(
            $(#[$doc])*
            #[derive(askama::Template)]
            #[template(path = $path)]
            $vis struct $name {
                $vis cx: $crate::web::Cx,
                $($(#[$of_field])* $vis $field: $type),*
            }
        )+
        $crate::pages!($($name),+);
    };
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
    if matches!(status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::TOO_MANY_REQUESTS) {
        shown.cx().refuses();
    }
    match render(shown) {
        Some(html) => answer(status, shown.cx(), html),
        None => HttpResponse::InternalServerError().finish(),
    }
}

/// One page in each language that says the same to everybody who is not signed in. It is written once; only the token of its
/// form, if it has one, is put in anew each time.
#[derive(Default)]
pub struct CachedPage([OnceLock<Rendered>; Locale::ALL.len()]);

/// A page, cut where the token stands.
struct Rendered(Vec<Bytes>);

impl CachedPage {
    pub const fn new() -> CachedPage {
        CachedPage([const { OnceLock::new() }; Locale::ALL.len()])
    }
}

impl Rendered {
    fn new(html: &str, cx: &Cx) -> Rendered {
        let parts: Vec<&str> =
            cx.token_shown().map_or_else(|| vec![html], |token| html.split(token).collect());
        Rendered(parts.into_iter().map(|part| Bytes::copy_from_slice(part.as_bytes())).collect())
    }

    fn with_token_of(&self, cx: &Cx) -> Bytes {
        match self.0.as_slice() {
            [whole] => whole.clone(),
            parts => parts.join(cx.csrf().as_bytes()).into(),
        }
    }
}

/// Shows a page that is kept, or writes it for somebody who is signed in.
pub fn cached_page(cached: &'static CachedPage, shown: &impl Page) -> HttpResponse {
    let cx = shown.cx();
    let place = cached.0.get(cx.locale.index()).filter(|_| cx.is_for_everybody());
    if let Some(known) = place.and_then(OnceLock::get) {
        return answer(StatusCode::OK, cx, known.with_token_of(cx));
    }
    let Some(html) = render(shown) else { return HttpResponse::InternalServerError().finish() };
    if let Some(place) = place {
        let _ = place.set(Rendered::new(&html, cx));
    }
    answer(StatusCode::OK, cx, html)
}

fn render(shown: &impl Page) -> Option<String> {
    let mut html = String::with_capacity(PAGE_BYTES);
    match shown.render_into(&mut html) {
        Ok(()) => Some(html),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            None
        }
    }
}

fn answer(status: StatusCode, cx: &Cx, html: impl MessageBody + 'static) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.content_type(ContentType::html());
    for cookie in cx.cookies_to_set() {
        response.cookie(cookie);
    }
    if let Some(removal) = cx.flash_removal() {
        response.cookie(removal);
    }
    response.body(html)
}

/// The same form with what was typed and what is wrong.
pub fn unprocessable(shown: &impl Page) -> HttpResponse {
    page(StatusCode::UNPROCESSABLE_ENTITY, shown)
}

/// The same form, which says when to come again.
pub fn too_many(shown: &impl Page, until: Moment) -> HttpResponse {
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, shown);
    response.headers_mut().insert(RETRY_AFTER, until.since(shown.cx().now()).as_secs().max(1).into());
    response
}

/// The answer with a cookie: only characters of base64 and attributes of ours, so it always fits a header.
pub fn with_cookie(mut response: HttpResponse, cookie: &Cookie) -> HttpResponse {
    let _ = response.add_cookie(cookie);
    response
}
