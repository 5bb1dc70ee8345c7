//! What every page needs: its context, forms, refusals, sessions, limits, headers.

mod address;
mod assets;
mod cookies;
mod csrf;
mod cx;
mod door;
mod form;
pub mod limits;
mod metrics;
mod page;
mod refusal;
mod sessions;
mod state;

pub use assets::{favicon, style_path as stylesheet_path, stylesheet};
pub use cookies::{Cookies, DEVICE, PRE, REGISTRATION, SESSION};
pub use cx::{Cx, SignedIn, Who};
pub use door::door;
pub use form::{Form, Nothing, Problem, Shown};
pub use metrics::{Metrics, show as show_metrics};
pub use page::{Kept, Page, page, page_for_all, see_other, shown_again};
pub use refusal::Refusal;
pub use sessions::{Sessions, Visit, clean as clean_sessions, end_all as end_all_sessions};
pub use state::State;
