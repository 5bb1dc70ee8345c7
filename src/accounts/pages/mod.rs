//! The pages of accounts.

mod email;
mod factor;
mod invitation;
mod invitation_steps;
mod journal;
mod messages;
mod new_password;
mod overview;
mod password_change;
mod phone;
mod profile;
pub mod proof;
mod questions;
mod recovery;
mod recovery_steps;
mod registration;
mod registration_steps;
mod removal;
mod second_step;
mod security;
mod sign_in;
mod sms_settings;
mod unlock;

pub use email::{
    code as email_code, confirm as confirm_link, confirmation, confirmed as email_confirmed,
    enter_code as enter_email_code, new as new_email, set as set_email,
};
pub use factor::{
    begin as begin_factor, confirm as confirm_factor, off as factor_off, recovery_codes,
    replace as replace_recovery_codes, show as show_factor, turn_off as turn_factor_off,
};
pub use invitation::{
    code as invitation_code, confirm as accept_invitation, enter_code as enter_invitation_code,
    link as invitation, send_again as invite_again, send_mine_again as invite_me_again,
    wish as wish_invitation,
};
pub use invitation_steps::{
    agree as agree_invited, choose_password as choose_invited_password,
    choose_questions as choose_invited_questions, password as invited_password, privacy as invited_privacy,
    questions as invited_questions,
};
pub use journal::show as show_journal;
pub use messages::index as messages;
pub use overview::{Overview, overview};
pub use password_change::{change as change_password, changed as password_changed, new as new_password};
pub use phone::{
    ask as ask_for_phone, changed as phone_changed, code as phone_code, enter_code as enter_phone_code,
    new as new_phone, send_again as send_phone_code_again,
};
pub use profile::{language, name, rename, set_language, set_time_zone, show as profile, time_zone};
pub use questions::{done as questions_set, new as new_questions, set as set_questions};
pub use recovery::{
    code as recovery_code, create as ask_recovery, create_by_phone as ask_recovery_by_phone,
    enter_code as enter_recovery_code, link as recovery_link, new as new_recovery,
    new_by_phone as new_recovery_by_phone,
};
pub use recovery_steps::{
    answer as answer_questions, follow as follow_recovery, password as recovery_password,
    questions as recovery_questions, set_password as set_recovered_password, step as recovery_step,
    support as recovery_support,
};
pub use registration::{create as send_code, done, new as new_registration, no_code, restart, send_again};
pub use registration_steps::{
    agree, choose_password, choose_version, code, enter_code, password, privacy, version,
};
pub use removal::{email as email_removal, phone as phone_removal, remove_email, remove_phone};
pub use second_step::{enter as enter_second_step, show as show_second_step};
pub use security::{end_others as end_other_sessions, end_session, forget_browser, show as show_security};
pub use sign_in::{create as sign_in, destroy as sign_out, new as new_sign_in};
pub use sms_settings::{change as change_sms_settings, show as sms_settings};
pub use unlock::{follow as follow_unlock, show as show_unlock};

use diesel::result::QueryResult;

use super::account::{Account, AccountId};
use super::hashing::Overload;
use super::journal::From as Whence;
use super::telling::Occasion;
use crate::db::Db;
use crate::web::{Cx, Refusal, Visit, session_lives};

/// Where a request came from, for the journal.
fn whence(cx: &Cx) -> Whence {
    Whence { address: cx.address.to_string(), browser: cx.browser.clone() }
}

/// When and from where a request is made, as the journal and the notices tell it.
pub fn occasion(cx: &Cx) -> Occasion {
    Occasion { now: cx.now(), from: whence(cx), site: cx.state.settings.link("") }
}

/// Writes for whoever is signed in, unless the session was ended while the request was on its way: then nothing is written.
pub async fn write_for<T: Send + 'static>(
    cx: &Cx,
    visit: &Visit,
    mut job: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static,
) -> Result<T, Refusal> {
    let (visit, now) = (visit.clone(), cx.now());
    let write = move |db: &mut Db| if session_lives(db, &visit, now)? { job(db).map(Some) } else { Ok(None) };
    cx.state.store.write(write).await?.ok_or(Refusal::SignIn)
}

/// The account of whoever is signed in.
pub async fn account_of(cx: &Cx, visit: &Visit) -> Result<Account, Refusal> {
    let id = AccountId::from_i64(visit.account_id);
    cx.state.store.read(move |db| Account::find(db, id)).await?.ok_or(Refusal::SignIn)
}

impl From<Overload> for Refusal {
    fn from(_full: Overload) -> Refusal {
        Refusal::Busy
    }
}
