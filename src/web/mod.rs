//! What every page needs: its context, forms, refusals, sessions, limits, headers.

mod assets;
mod client_ip;
mod connection;
mod connections;
mod cookies;
mod csrf;
mod cx;
mod detach_headers;
mod form;
mod metrics;
mod page;
mod refusal;
mod request_middleware;
mod session;
mod state;
mod user_agent;

pub use assets::{favicon, stylesheet, stylesheet_path};
pub use connection::{Connection, hold_place};
pub use connections::{Bounds, Connections};
pub use cookies::{Cookies, FACTOR, INVITATION, PRE, RECOVERY, REGISTRATION, SESSION, TRUSTED_BROWSER};
pub use cx::{CurrentSession, Cx, keep_session};
pub use detach_headers::{close_connection, detach_headers};
pub use form::{BODY_WAIT, ButtonForm, Form, FormState, Problem, problems};
pub use metrics::{Metrics, show_metrics};
pub use page::{CachedPage, Page, cached_page, instead, page, see_other, too_many, unprocessable};
pub use refusal::Refusal;
pub use request_middleware::request_middleware;
pub use session::{Entries, NewSession, Session, SessionColumns, unreadable_entries};
pub use state::State;
pub use user_agent::short_browser;
