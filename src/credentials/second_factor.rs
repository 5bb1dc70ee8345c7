//! Turning the second factor on and off, and what its codes are worth. The owner is told of each change.

use std::time::Duration;

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::activity::ActivityEvent;
use crate::accounts::revoke::{Cause, revoke};
use crate::base::{Moment, minutes, normalize_digits};
use crate::credentials::backup_code::{self, BackupCode};
use crate::credentials::totp::{self, CODE_DIGITS, FirstCode};
use crate::credentials::{events, messages};
use crate::db::Tx;
use crate::limits::{Declared, Per, RateLimit, Spent};
use crate::notices::SimpleMessage;

/// Codes that somebody who is signed in may try.
const TRIES: RateLimit = RateLimit::new("credentials.second_factor", Per::Account, 10, minutes(15));
/// How long a code is known again. A code of the app that was wrong may be right later: its owner has another one by then.
const REPEATED_WITHIN: Duration = minutes(5);
pub const LIMITS: &[Declared] = &[TRIES.declared()];

/// A code as it was typed: the app's, or one from the printed page.
#[derive(Debug, Clone)]
pub enum Code {
    App(String),
    Backup(BackupCode),
}

impl Code {
    /// None when it can be neither.
    pub fn read(typed: &str) -> Option<Code> {
        let plain = normalize_digits(typed);
        let digits: String = plain.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if u32::try_from(digits.len()) == Ok(CODE_DIGITS) && digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Some(Code::App(digits));
        }
        BackupCode::read(&plain).map(Code::Backup)
    }

    /// In the one spelling that it is judged in.
    pub fn text(&self) -> String {
        match self {
            Code::App(digits) => digits.clone(),
            Code::Backup(code) => code.shown(),
        }
    }
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorOutcome {
    Done,
    /// The code was not right, or was used before.
    Wrong,
    /// Nothing here is as the form thought.
    WrongStep,
    TooMany {
        until: Moment,
    },
}

/// The first code of the app turns the factor on, with these backup codes.
pub fn turn_on(
    tx: &mut Tx,
    account: &Account,
    typed: &str,
    codes: &[BackupCode],
) -> QueryResult<FactorOutcome> {
    let subject = account.id.as_i64().to_string();
    let judged = tx.judged("first-code", &[subject.as_bytes(), typed.as_bytes()]);
    if tx.is_repeat(&judged)? {
        return Ok(FactorOutcome::Wrong);
    }
    if let Spent::Wait { until } = tx.spend(&TRIES, &subject)? {
        return Ok(FactorOutcome::TooMany { until });
    }
    match totp::turn_on(tx, account.id, typed)? {
        FirstCode::Wrong => {
            tx.remember_judged(&judged, REPEATED_WITHIN);
            return Ok(FactorOutcome::Wrong);
        }
        FirstCode::WrongStep => return Ok(FactorOutcome::WrongStep),
        FirstCode::Right => {}
    }
    tx.reset_failures(&[tx.counter(TRIES.name, &subject)])?;
    backup_code::replace(tx, account.id, codes)?;
    record(tx, account, &events::FACTOR_ON, &messages::FACTOR_ON)
}

/// A code turns the factor off; nothing of it is kept.
pub fn turn_off(tx: &mut Tx, account: &Account, code: &Code) -> QueryResult<FactorOutcome> {
    let verified = verify_code(tx, account, code, "factor-off")?;
    if verified != FactorOutcome::Done {
        return Ok(verified);
    }
    totp::forget(tx.db, account.id)?;
    backup_code::forget(tx.db, account.id)?;
    revoke(tx.db, account.id, Cause::SecondFactorOff, None)?;
    record(tx, account, &events::FACTOR_OFF, &messages::FACTOR_OFF)
}

/// New backup codes for a code; the older ones are dead.
pub fn replace_codes(
    tx: &mut Tx,
    account: &Account,
    code: &Code,
    codes: &[BackupCode],
) -> QueryResult<FactorOutcome> {
    let verified = verify_code(tx, account, code, "factor-codes")?;
    if verified != FactorOutcome::Done {
        return Ok(verified);
    }
    backup_code::replace(tx, account.id, codes)?;
    record(tx, account, &events::BACKUP_CODES_MADE, &messages::BACKUP_CODES_MADE)
}

/// Uses a code up, whichever it is. A backup code leaves an entry in the activity log, and its owner is told.
pub fn use_up(tx: &mut Tx, account: &Account, code: &Code) -> QueryResult<bool> {
    let id = account.id;
    if !totp::is_on(tx.db, id)? {
        return Ok(false);
    }
    let code = match code {
        Code::App(digits) => return totp::use_code(tx, id, digits),
        Code::Backup(code) => code,
    };
    if !backup_code::use_one(tx, id, code)? {
        return Ok(false);
    }
    let left = backup_code::left(tx.db, id)?;
    tx.record(id, &events::BACKUP_CODE_USED, "")?;
    tx.notify(account, &messages::backup_code_used(left))?;
    Ok(true)
}

/// A code of somebody who is signed in; the try is spent before it is looked at.
/// The same code for the same change once more is no new try: it is as wrong as it was, or the change is made.
fn verify_code(tx: &mut Tx, account: &Account, code: &Code, change: &str) -> QueryResult<FactorOutcome> {
    if !totp::is_on(tx.db, account.id)? {
        return Ok(FactorOutcome::WrongStep);
    }
    let (subject, text) = (account.id.as_i64().to_string(), code.text());
    let judged = |tx: &Tx, as_what: &str| {
        tx.judged(change, &[as_what.as_bytes(), subject.as_bytes(), text.as_bytes()])
    };
    let (wrong, used) = (judged(tx, "wrong"), judged(tx, "used"));
    if tx.is_repeat(&used)? {
        return Ok(FactorOutcome::WrongStep);
    }
    if tx.is_repeat(&wrong)? {
        return Ok(FactorOutcome::Wrong);
    }
    if let Spent::Wait { until } = tx.spend(&TRIES, &subject)? {
        return Ok(FactorOutcome::TooMany { until });
    }
    if !use_up(tx, account, code)? {
        tx.remember_judged(&wrong, REPEATED_WITHIN);
        return Ok(FactorOutcome::Wrong);
    }
    tx.remember_judged(&used, REPEATED_WITHIN);
    tx.reset_failures(&[tx.counter(TRIES.name, &subject)])?;
    Ok(FactorOutcome::Done)
}

fn record(
    tx: &mut Tx,
    account: &Account,
    event: &ActivityEvent,
    message: &SimpleMessage,
) -> QueryResult<FactorOutcome> {
    tx.record(account.id, event, "")?;
    tx.notify(account, message)?;
    Ok(FactorOutcome::Done)
}
