//! The pages of accounts.

mod cabinet;
mod email;
mod proof;
mod registration;
mod registration_steps;
mod sign_in;
mod unlock;

pub use cabinet::show as show_cabinet;
pub use email::{
    code as email_code, confirm as confirm_link, confirmation, confirmed as email_confirmed, enter_code as enter_email_code,
    new as new_email, set as set_email,
};
pub use registration::{create as send_code, done, new as new_registration, no_code, restart, send_again};
pub use registration_steps::{agree, choose_password, choose_version, code, enter_code, password, privacy, version};
pub use sign_in::{create as sign_in, destroy as sign_out, new as new_sign_in};
pub use unlock::{follow as follow_unlock, show as show_unlock};

use super::hashing::Overload;
use crate::web::Refusal;

impl From<Overload> for Refusal {
    fn from(_full: Overload) -> Refusal {
        Refusal::Busy
    }
}
