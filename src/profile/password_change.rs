//! A new password, chosen by somebody who is signed in and has just given the old one.
//!
//! Everything that the old password had opened is closed: all sessions (this browser gets a new one), browsers that were known (but
//! this one), links and codes that are under way.

use std::time::Duration;

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::revoke::{Cause, revoke};
use crate::accounts::telling::{Occasion, tell};
use crate::base::{AccountId, Keys, Moment, Purpose, Token, days};
use crate::db::Db;
use crate::limits::{self, Limit, Spent};
use crate::notices::Changed;

const A_DAY: Duration = days(1);
/// Each is a notice.
const CHANGES: Limit = Limit { most: 10, within: A_DAY };

/// What became of the wish.
#[derive(Debug, PartialEq, Eq)]
pub enum Changing {
    /// The epoch of the sessions that may begin now.
    Changed {
        epoch: i64,
    },
    /// All sessions were ended since the account was read: whoever asked is nobody any more.
    Ended,
    Wait {
        until: Moment,
    },
}

/// Changes the password of an account as it was read before the old password was compared. `held`: the browser that stays known.
pub fn change(
    db: &mut Db,
    keys: &Keys,
    on: &Occasion,
    account: &Account,
    phc: &str,
    held: Option<&Token>,
) -> QueryResult<Changing> {
    if let Spent::Wait { until } = limits::spend(db, &counter(keys, account.id), CHANGES, on.now)? {
        return Ok(Changing::Wait { until });
    }
    if !account.change_phc(db, keys, phc)? {
        return Ok(Changing::Ended);
    }
    revoke(db, account.id, Cause::PasswordChanged, held)?;
    journal::note(db, account.id, EventKind::PasswordChanged, "", &on.from, on.now)?;
    tell(db, keys, on.now, account, &on.change(account, Changed::Password, ""))?;
    Ok(Changing::Changed { epoch: account.epoch.saturating_add(1) })
}

fn counter(keys: &Keys, id: AccountId) -> String {
    format!("password:{}", keys.name(Purpose::Counters, &[b"password", &id.as_i64().to_be_bytes()]))
}
