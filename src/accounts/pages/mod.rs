//! The pages of accounts.

mod cabinet;
mod email;
mod messages;
mod new_password;
mod phone;
mod profile;
mod proof;
mod registration;
mod registration_steps;
mod removal;
mod sign_in;
mod sms_settings;
mod unlock;

pub use cabinet::show as show_cabinet;
pub use email::{
    code as email_code, confirm as confirm_link, confirmation, confirmed as email_confirmed, enter_code as enter_email_code,
    new as new_email, set as set_email,
};
pub use messages::index as messages;
pub use new_password::{change as change_password, changed as password_changed, new as new_password};
pub use phone::{
    ask as ask_for_phone, changed as phone_changed, code as phone_code, enter_code as enter_phone_code, new as new_phone,
    send_again as send_phone_code_again,
};
pub use profile::{language, name, rename, set_language, set_time_zone, show as profile, time_zone};
pub use registration::{create as send_code, done, new as new_registration, no_code, restart, send_again};
pub use registration_steps::{agree, choose_password, choose_version, code, enter_code, password, privacy, version};
pub use removal::{email as email_removal, phone as phone_removal, remove_email, remove_phone};
pub use sign_in::{create as sign_in, destroy as sign_out, new as new_sign_in};
pub use sms_settings::{change as change_sms_settings, show as sms_settings};
pub use unlock::{follow as follow_unlock, show as show_unlock};

use diesel::result::QueryResult;

use super::account::{Account, AccountId};
use super::hashing::Overload;
use super::journal;
use super::telling::Occasion;
use crate::db::Db;
use crate::web::{Cx, Refusal, Visit, session_lives};

/// When and from where a request is made, as the journal and the notices tell it.
pub(super) fn occasion(cx: &Cx) -> Occasion {
    let from = journal::From { address: cx.address.to_string(), browser: cx.browser.clone() };
    Occasion { now: cx.now(), from, sign_in_url: cx.state.settings.link("/sign-in") }
}

/// Writes for whoever is signed in, unless the session was ended while the request was on its way: then nothing is written.
async fn write_for<T: Send + 'static>(
    cx: &Cx,
    visit: &Visit,
    mut job: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static,
) -> Result<T, Refusal> {
    let (visit, now) = (visit.clone(), cx.now());
    let write = move |db: &mut Db| if session_lives(db, &visit, now)? { job(db).map(Some) } else { Ok(None) };
    cx.state.store.write(write).await?.ok_or(Refusal::SignIn)
}

/// The account of whoever is signed in.
async fn account_of(cx: &Cx, visit: &Visit) -> Result<Account, Refusal> {
    let id = AccountId::from_i64(visit.account_id);
    cx.state.store.read(move |db| Account::find(db, id)).await?.ok_or(Refusal::SignIn)
}

impl From<Overload> for Refusal {
    fn from(_full: Overload) -> Refusal {
        Refusal::Busy
    }
}
