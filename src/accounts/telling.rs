//! Telling an account's owner that something about access has changed: by mail where there is an address, by SMS where there is none
//! or where the owner wants that too.

use diesel::result::QueryResult;

use super::account::Account;
use super::journal;
use super::sms_settings::{self, SmsTopic};
use crate::base::{Keys, Moment};
use crate::db::Db;
use crate::notices::{self, Change, Changed, Notice, Says, To};
use crate::texts;

/// When and from where something is done: what the journal and the notices tell of it.
#[derive(Debug, Clone)]
pub struct Occasion {
    pub now: Moment,
    pub from: journal::From,
    pub sign_in_url: String,
}

impl Occasion {
    /// The notice of a change to this account. `value`: the new address or phone, masked; empty where there is none.
    pub fn change(&self, account: &Account, what: Changed, value: &str) -> Says {
        Says::Changed(Change {
            what,
            account: account.grouped_number(),
            value: value.to_owned(),
            moment: texts::moment(account.locale, &account.time_zone, self.now),
            address: self.from.address.clone(),
            url: self.sign_in_url.clone(),
        })
    }
}

/// Tells the owner, by the ways that the account has as it was read. What is said has a text for mail and one for SMS.
pub fn tell(db: &mut Db, keys: &Keys, now: Moment, account: &Account, says: &Says) -> QueryResult<()> {
    let by_sms = account.email.is_none() || sms_settings::wants(db, account, SmsTopic::Security, None)?;
    if let Some(email) = &account.email {
        tell_at(db, keys, now, account, To::Mail(email.clone()), says)?;
    }
    if let Some(phone) = account.phone.as_ref().filter(|_| by_sms) {
        tell_at(db, keys, now, account, To::Phone(phone.clone()), says)?;
    }
    Ok(())
}

/// Tells the owner at one address or phone, which need not be the account's any more.
pub fn tell_at(db: &mut Db, keys: &Keys, now: Moment, account: &Account, to: To, says: &Says) -> QueryResult<()> {
    let notice = Notice { to, account_id: Some(account.id.as_i64()), locale: account.locale, says: says.clone() };
    notices::post(db, keys, now, &notice).map(|_number| ())
}
