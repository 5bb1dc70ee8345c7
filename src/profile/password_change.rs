//! A new password, chosen by somebody who is signed in and has just given the old one.
//!
//! Everything that the old password had opened is closed: all sessions (this browser gets a new one), browsers that were known (but
//! this one), links and codes that are under way.

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::revoke::{Cause, revoke};
use crate::base::{Moment, Token, days};
use crate::db::Tx;
use crate::limits::{Per, RateLimit, Spent};
use crate::profile::{events, messages};

/// Each is a notice.
pub const CHANGES: RateLimit = RateLimit::new("profile.passwords", Per::Account, 10, days(1));

/// What became of a new password.
#[derive(Debug, PartialEq, Eq)]
pub enum PasswordOutcome {
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
    tx: &mut Tx,
    account: &Account,
    password_hash: &str,
    held: Option<&Token>,
) -> QueryResult<PasswordOutcome> {
    if let Spent::Wait { until } = tx.spend(&CHANGES, &account.id.as_i64().to_string())? {
        return Ok(PasswordOutcome::Wait { until });
    }
    if !account.change_password_hash(tx.db, tx.keys, password_hash)? {
        return Ok(PasswordOutcome::Ended);
    }
    revoke(tx.db, account.id, Cause::PasswordChanged, held)?;
    tx.record(account.id, &events::PASSWORD_CHANGED, "")?;
    tx.notify(account, &messages::password_changed(account.email.is_some()))?;
    Ok(PasswordOutcome::Changed { epoch: account.epoch.saturating_add(1) })
}
