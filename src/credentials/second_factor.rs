//! Turning the second factor on and off, and what its codes are worth. The owner is told of each change.

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::revoke::{Cause, revoke};
use crate::accounts::telling::{Occasion, tell};
use crate::base::{AccountId, Keys, Moment, Purpose, minutes, plain_number};
use crate::credentials::backup_code::{self, BackupCode};
use crate::credentials::totp::{self, CODE_DIGITS, TurnedOn};
use crate::db::Db;
use crate::limits::{self, Limit, Spent};
use crate::notices;

/// Codes that somebody who is signed in may try.
const TRIES: Limit = Limit { most: 10, within: minutes(15) };

/// A code as it was typed: the app's, or one from the printed page.
#[derive(Debug, Clone)]
pub enum Code {
    App(String),
    Backup(BackupCode),
}

impl Code {
    /// None when it can be neither.
    pub fn read(typed: &str) -> Option<Code> {
        let plain = plain_number(typed);
        let digits: String = plain.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if u32::try_from(digits.len()) == Ok(CODE_DIGITS) && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Some(Code::App(digits));
        }
        BackupCode::read(&plain).map(Code::Backup)
    }
}

/// Whose factor is changed, when and from where.
pub struct Change<'a> {
    pub account: &'a Account,
    pub on: &'a Occasion,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    Yes,
    /// The code was not right, or was used before.
    Missed,
    /// Nothing here is as the form thought.
    Elsewhere,
    TooMany {
        until: Moment,
    },
}

/// The first code of the app turns the factor on, with these backup codes.
pub fn turn_on(
    db: &mut Db,
    keys: &Keys,
    change: &Change,
    typed: &str,
    codes: &[BackupCode],
) -> QueryResult<Changed> {
    let id = change.account.id;
    if let Spent::Wait { until } = spend(db, keys, id, change.on.now)? {
        return Ok(Changed::TooMany { until });
    }
    match totp::turn_on(db, keys, id, typed, change.on.now)? {
        TurnedOn::Missed => return Ok(Changed::Missed),
        TurnedOn::Elsewhere => return Ok(Changed::Elsewhere),
        TurnedOn::Yes => {}
    }
    limits::forget(db, &counter(keys, id))?;
    backup_code::replace(db, keys, id, codes)?;
    change.note(db, EventKind::FactorOn)?;
    change.tell(db, keys, notices::Changed::FactorOn)?;
    Ok(Changed::Yes)
}

/// A code turns the factor off; nothing of it is kept.
pub fn turn_off(db: &mut Db, keys: &Keys, change: &Change, code: &Code) -> QueryResult<Changed> {
    let id = change.account.id;
    match prove(db, keys, change, code)? {
        Changed::Yes => {}
        other => return Ok(other),
    }
    totp::forget(db, id)?;
    backup_code::forget(db, id)?;
    revoke(db, id, Cause::SecondFactorOff, None)?;
    change.note(db, EventKind::FactorOff)?;
    change.tell(db, keys, notices::Changed::FactorOff)?;
    Ok(Changed::Yes)
}

/// New backup codes for a code; the older ones are dead.
pub fn replace_codes(
    db: &mut Db,
    keys: &Keys,
    change: &Change,
    code: &Code,
    codes: &[BackupCode],
) -> QueryResult<Changed> {
    match prove(db, keys, change, code)? {
        Changed::Yes => {}
        other => return Ok(other),
    }
    backup_code::replace(db, keys, change.account.id, codes)?;
    change.note(db, EventKind::RecoveryCodesMade)?;
    change.tell(db, keys, notices::Changed::RecoveryCodesMade)?;
    Ok(Changed::Yes)
}

/// Uses a code up, whichever it is. A backup code leaves a line in the journal, and its owner is told.
pub(crate) fn use_up(db: &mut Db, keys: &Keys, change: &Change, code: &Code) -> QueryResult<bool> {
    let id = change.account.id;
    if !totp::is_on(db, id)? {
        return Ok(false);
    }
    match code {
        Code::App(digits) => totp::use_code(db, keys, id, digits, change.on.now),
        Code::Backup(code) => {
            if !backup_code::use_one(db, keys, id, code, change.on.now)? {
                return Ok(false);
            }
            let left = backup_code::left(db, id)?;
            change.note(db, EventKind::RecoveryCodeUsed)?;
            tell(db, keys, change.on.now, change.account, &change.on.code_used(change.account, left))?;
            Ok(true)
        }
    }
}

/// A code of somebody who is signed in; the try is spent before it is looked at.
fn prove(db: &mut Db, keys: &Keys, change: &Change, code: &Code) -> QueryResult<Changed> {
    let id = change.account.id;
    if !totp::is_on(db, id)? {
        return Ok(Changed::Elsewhere);
    }
    if let Spent::Wait { until } = spend(db, keys, id, change.on.now)? {
        return Ok(Changed::TooMany { until });
    }
    if !use_up(db, keys, change, code)? {
        return Ok(Changed::Missed);
    }
    limits::forget(db, &counter(keys, id))?;
    Ok(Changed::Yes)
}

fn spend(db: &mut Db, keys: &Keys, id: AccountId, now: Moment) -> QueryResult<Spent> {
    limits::spend(db, &counter(keys, id), TRIES, now)
}

fn counter(keys: &Keys, id: AccountId) -> String {
    format!("factor:{}", keys.name(Purpose::Counters, &[b"factor", &id.as_i64().to_be_bytes()]))
}

impl Change<'_> {
    fn note(&self, db: &mut Db, kind: EventKind) -> QueryResult<()> {
        journal::note(db, self.account.id, kind, "", &self.on.from, self.on.now)
    }

    fn tell(&self, db: &mut Db, keys: &Keys, what: notices::Changed) -> QueryResult<()> {
        tell(db, keys, self.on.now, self.account, &self.on.change(self.account, what, ""))
    }
}

#[cfg(test)]
#[path = "second_factor_tests.rs"]
mod tests;
