//! Telling an account's owner that something about access has changed: by mail where there is an address, by SMS where there is none
//! or where the owner wants that too.

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::sms_preferences::{self, SmsTopic};
use crate::base::{Client, Keys, Moment, Money};
use crate::db::Db;
use crate::notices::{self, Change, Changed, Notice, Says, To};
use crate::texts;

/// When and from where something is done: what the journal and the notices tell of it.
#[derive(Debug, Clone)]
pub struct Occasion {
    pub now: Moment,
    pub from: Client,
    /// The public address, without a slash at the end.
    pub site: String,
}

impl Occasion {
    /// A link into the portal.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.site)
    }

    /// The notice of a change to this account. `value`: the new address or phone, masked; empty where there is none.
    pub fn change(&self, account: &Account, what: Changed, value: &str) -> Says {
        self.counted(account, what, value, 0)
    }

    /// The notice of a recovery code that was used. `left`: those that can still be used.
    pub fn code_used(&self, account: &Account, left: i64) -> Says {
        self.counted(account, Changed::RecoveryCodeUsed, "", left)
    }

    fn counted(&self, account: &Account, what: Changed, value: &str, left: i64) -> Says {
        Says::Changed(Change {
            what,
            account: account.grouped_number(),
            value: value.to_owned(),
            moment: texts::moment(account.locale, &account.time_zone, self.now),
            address: self.from.ip.clone(),
            left,
            url: self.link(page(what, account)),
        })
    }
}

/// Where the owner goes who has to do something about a change.
const fn page(what: Changed, account: &Account) -> &'static str {
    match what {
        Changed::PasswordReset if account.email.is_none() => "/recovery/phone",
        Changed::PasswordReset => "/recovery",
        Changed::FactorOn | Changed::FactorOff | Changed::RecoveryCodesMade | Changed::RecoveryCodeUsed => {
            "/security"
        }
        _ => "/sign-in",
    }
}

/// Tells the owner, by the ways that the account has as it was read. What is said has a text for mail and one for SMS.
pub fn tell(db: &mut Db, keys: &Keys, now: Moment, account: &Account, says: &Says) -> QueryResult<()> {
    tell_about(db, keys, now, account, says, (SmsTopic::Security, None))
}

/// The same for what is no change of access. `about`: what decides whether an SMS is wanted, and the sum that has moved.
pub fn tell_about(
    db: &mut Db,
    keys: &Keys,
    now: Moment,
    account: &Account,
    says: &Says,
    (topic, sum): (SmsTopic, Option<Money>),
) -> QueryResult<()> {
    let by_sms = account.email.is_none() || sms_preferences::wants(db, account, topic, sum)?;
    if let Some(email) = &account.email {
        tell_at(db, keys, now, account, email.into(), says)?;
    }
    if let Some(phone) = account.phone.as_ref().filter(|_| by_sms) {
        tell_at(db, keys, now, account, phone.into(), says)?;
    }
    Ok(())
}

/// Tells the owner at one address or phone, which need not be the account's any more.
pub fn tell_at(
    db: &mut Db,
    keys: &Keys,
    now: Moment,
    account: &Account,
    to: To,
    says: &Says,
) -> QueryResult<()> {
    let notice =
        Notice { to, account_id: Some(account.id.as_i64()), locale: account.locale, says: says.clone() };
    notices::post(db, keys, now, &notice).map(|_number| ())
}
