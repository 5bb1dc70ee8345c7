//! What every page needs: its context, forms, refusals, sessions, limits, headers.

mod address;
mod assets;
mod browser;
mod cookies;
mod csrf;
mod cx;
mod door;
mod form;
mod metrics;
mod page;
mod passing;
mod refusal;
mod session;
mod state;

pub use assets::{favicon, style_path as stylesheet_path, stylesheet};
pub use browser::short as short_browser;
pub use cookies::{Cookies, DEVICE, FACTOR, INVITATION, PRE, RECOVERY, REGISTRATION, SESSION};
pub use cx::{Cx, SignedIn, Who, keep_visit};
pub use door::door;
pub use form::{BODY_WAIT, Form, Nothing, Problem, Shown, problems};
pub use metrics::{Metrics, show as show_metrics};
pub use page::{Kept, Page, instead, page, page_for_all, see_other, shown_again, too_many};
pub use passing::{closes, lets_go};
pub use refusal::Refusal;
pub use session::{Entries, NewSession, NewVisit, Visit, unreadable_entries};
pub use state::State;
