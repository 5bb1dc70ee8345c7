//! What every page needs: its context, forms, refusals, sessions, limits, headers.

mod assets;
mod cookies;
mod csrf;
mod cx;
mod drafts;
mod field_error;
mod flash;
mod form;
mod kept_pages;
mod own_pages;
mod packed;
mod page;
mod redirect;
mod refusal;
mod refusal_page;
mod request;
mod request_middleware;
mod sent_twice;
mod session;
mod state;

pub use assets::{favicon, icon, stylesheet, stylesheet_path, touch_icon};
pub use cookies::{
    Cookies, FACTOR, INVITATION, PRE_SESSION, RECOVERED, RECOVERY, REGISTRATION, SESSION, TRUSTED_BROWSER,
};
pub use cx::{AfterForm, CurrentSession, Cx, keep_session};
pub use field_error::{Problem, problems};
pub use flash::Flash;
pub use form::{ButtonForm, Form, FormState, ShownAgain};
pub use kept_pages::KeptPages;
pub use own_pages::{OwnPages, WantedPage, anew};
pub use packed::pack_answers;
pub use page::{
    CachedPage, Page, Waited, cached_page, page, secret_page, too_many, unprocessable, with_cookie,
};
pub use redirect::{instead, out_of_order, see_other};
pub use refusal::Refusal;
pub use request::body::{WholeBody, whole_body};
pub use request::content_encoding::refuse_encoded;
pub use request::detach_headers::{close_connection, detach_headers};
pub use request::same_origin::is_foreign;
pub use request_middleware::request_middleware;
pub use sent_twice::answer_once;
pub use session::{
    BegunSession, Entries, NewSession, Session, SessionColumns, session_not_written, unreadable_entries,
};
pub use state::State;
