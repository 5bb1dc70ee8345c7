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
use super::packed::{ShowsSecret, is_packed};
use crate::base::Moment;
use crate::packing::{Coding, Kept};
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
        Some(html) => answer(status, shown.cx(), shown.cx().with_old_form(html)),
        None => HttpResponse::InternalServerError().finish(),
    }
}

/// An answer with this has waited on purpose: it is not slow.
pub struct Waited;

/// Shows a page with a secret in it.
pub fn secret_page(status: StatusCode, shown: &impl Page) -> HttpResponse {
    let mut response = page(status, shown);
    response.extensions_mut().insert(ShowsSecret);
    response
}

/// One page in each language that says the same to everybody who is not signed in, and one for everybody who is. It is written once,
/// and packed once; what differs is put into its places each time.
#[derive(Default)]
pub struct CachedPage([[OnceLock<Kept>; Locale::ALL.len()]; 2]);

impl CachedPage {
    pub const fn new() -> CachedPage {
        CachedPage([const { [const { OnceLock::new() }; Locale::ALL.len()] }; 2])
    }

    /// The strangers' page in this language, once somebody has asked for it.
    pub(super) fn for_strangers(&'static self, locale: Locale) -> Option<&'static Kept> {
        let Self([strangers, _]) = self;
        strangers.get(locale.index())?.get()
    }

    fn place(&'static self, cx: &Cx) -> Option<&'static OnceLock<Kept>> {
        let Self([strangers, signed_in]) = self;
        let pages = if cx.session.is_some() { signed_in } else { strangers };
        pages.get(cx.locale.index()).filter(|_| cx.is_for_everybody())
    }
}

/// Shows a page that is kept.
pub fn cached_page(cached: &'static CachedPage, shown: &impl Page) -> HttpResponse {
    let cx = shown.cx();
    let Some(place) = cached.place(cx) else { return page(StatusCode::OK, shown) };
    let kept = match place.get() {
        Some(kept) => kept,
        None => {
            let marks = cx.put_marks();
            let Some(html) = render(shown) else { return HttpResponse::InternalServerError().finish() };
            place.get_or_init(|| Kept::new(&html, marks))
        }
    };
    match kept.packed(cx.offered, |of| cx.of_mark(of)) {
        Some(packed) => answer_packed(cx, packed),
        None => answer(StatusCode::OK, cx, kept.plain(|of| cx.of_mark(of))),
    }
}

fn answer_packed(cx: &Cx, (coding, bytes): (Coding, Bytes)) -> HttpResponse {
    let mut response = answer(StatusCode::OK, cx, bytes);
    is_packed(response.headers_mut(), coding);
    response
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
    if let Some(left) = cx.drafts_left() {
        response.cookie(left);
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
