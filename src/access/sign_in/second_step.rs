//! The second step of a sign-in: the password was right, and the account wants a code. Until it is given there is nothing of a
//! session. What the password cost the limits is given back only after the code.

pub mod pages;

use std::time::Duration;

use diesel::prelude::*;

use crate::access::sign_in::{self, Counters, Entry};
use crate::accounts::account::{Account, AccountStatus};
use crate::accounts::journal::{self, EventKind};
use crate::accounts::telling::Occasion;
use crate::base::{AccountId, Keys, Moment, Token, days, minutes, seconds};
use crate::credentials::second_factor::{self, Change, Code};
use crate::credentials::{totp, trusted_browser};
use crate::db::Db;
use crate::db::schema::second_steps;
use crate::limits::{self, Limit, Pause, Spent};

const LASTS: Duration = minutes(5);
const TRIES: i32 = 5;
/// A known browser has a counter of its own: strangers who know the password cannot spend the owner's tries.
const KNOWN_DEVICE: Limit = Limit { most: 10, within: minutes(15) };
const UNKNOWN_DEVICES: Pause = Pause { free: 10, first: minutes(15), longest: minutes(60), memory: days(1) };
const KEPT_AFTER: Duration = seconds(60);
const CLEANED_AT_ONCE: i64 = 500;

/// A sign-in that waits for its code.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = second_steps)]
pub struct SecondStep {
    account_id: AccountId,
    epoch: i64,
    spent: String,
    known: bool,
    pub tries_left: i32,
}

/// A code, and where it was typed.
pub struct Try<'a> {
    /// What the browser holds since the right password.
    pub token: &'a Token,
    pub code: &'a Code,
    /// What the browser's cookie of known devices held.
    pub held: Option<&'a Token>,
    /// No code is to be asked for here for a while.
    pub trusts: bool,
    pub on: &'a Occasion,
}

/// What became of a code.
#[derive(Debug)]
pub enum Judged {
    /// The account to be entered, and what the browser's cookie of known devices is to hold.
    Right {
        account: Box<Account>,
        device: Token,
    },
    Missed {
        left: i32,
    },
    /// All tries of this sign-in are gone: it begins again with the password.
    Spent,
    /// Too many wrong codes at this account.
    Wait {
        until: Moment,
    },
    /// Too late, used up, ended: it begins again with the password.
    Gone,
}

/// Whether this browser still has to give a code after the right password.
pub fn is_wanted(db: &mut Db, account_id: AccountId, held: Option<&Token>, now: Moment) -> QueryResult<bool> {
    if !totp::is_on(db, account_id)? {
        return Ok(false);
    }
    Ok(match held {
        Some(token) => !trusted_browser::is_trusted(db, account_id, token, now)?,
        None => true,
    })
}

/// Notes that somebody has given the right password: what the browser is to hold for the next five minutes.
pub fn begin(db: &mut Db, account: &Account, spent: &Counters, now: Moment) -> QueryResult<Token> {
    let token = Token::random();
    diesel::insert_into(second_steps::table)
        .values((
            second_steps::token_hash.eq(token.hash()),
            second_steps::account_id.eq(account.id),
            second_steps::epoch.eq(account.epoch),
            second_steps::spent.eq(spent.names.join("\n")),
            second_steps::known.eq(spent.known),
            second_steps::tries_left.eq(TRIES),
            second_steps::expires_at.eq(now.after(LASTS)),
        ))
        .execute(db)?;
    Ok(token)
}

/// What waits in this browser and can still be finished.
pub fn find(db: &mut Db, token: &Token, now: Moment) -> QueryResult<Option<SecondStep>> {
    second_steps::table
        .find(token.hash())
        .filter(second_steps::expires_at.gt(now))
        .filter(second_steps::tries_left.gt(0))
        .select(SecondStep::as_select())
        .first(db)
        .optional()
}

/// Judges a code. The try is spent before the code is looked at, in the same transaction; of a right one nothing is left.
pub fn judge(db: &mut Db, keys: &Keys, given: &Try) -> QueryResult<Judged> {
    let on = given.on;
    let Some(found) = find(db, given.token, on.now)? else { return Ok(Judged::Gone) };
    let Some(account) = found.account(db)? else { return Ok(Judged::Gone) };
    if let Spent::Wait { until } = found.spend_at_account(db, on.now)? {
        return Ok(Judged::Wait { until });
    }
    let open = second_steps::table.find(given.token.hash()).filter(second_steps::tries_left.gt(0));
    if diesel::update(open).set(second_steps::tries_left.eq(second_steps::tries_left - 1)).execute(db)? != 1 {
        return Ok(Judged::Spent);
    }
    let change = Change { account: &account, on };
    if !second_factor::use_up(db, keys, &change, given.code)? {
        journal::note_failure(db, keys, Ok(account.id), EventKind::CodeFailed, &on.from, on.now)?;
        return Ok(match found.tries_left - 1 {
            0 => Judged::Spent,
            left => Judged::Missed { left },
        });
    }
    diesel::delete(second_steps::table.find(given.token.hash())).execute(db)?;
    limits::forget(db, &found.counter())?;
    let spent = Counters { names: found.spent.lines().map(str::to_owned).collect(), known: found.known };
    let entry = Entry { account: &account, spent: &spent, held: given.held, on, trusts: given.trusts };
    let device = sign_in::succeeded(db, keys, &entry)?;
    Ok(Judged::Right { account: Box::new(account), device })
}

impl SecondStep {
    /// The account, as long as nothing has happened to it since the password was checked.
    fn account(&self, db: &mut Db) -> QueryResult<Option<Account>> {
        let account = Account::find(db, self.account_id)?;
        Ok(account.filter(|account| account.status == AccountStatus::Active && account.epoch == self.epoch))
    }

    fn spend_at_account(&self, db: &mut Db, now: Moment) -> QueryResult<Spent> {
        if self.known {
            return limits::spend(db, &self.counter(), KNOWN_DEVICE, now);
        }
        limits::spend_with_pause(db, &self.counter(), UNKNOWN_DEVICES, now).map(|(spent, _count)| spent)
    }

    /// Beside the last counter of passwords: that of the known browser, or that of the account.
    fn counter(&self) -> String {
        format!("{}:code", self.spent.lines().last().unwrap_or_default())
    }
}

/// Deletes what nobody has finished.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over: Vec<String> = second_steps::table
        .filter(second_steps::expires_at.lt(now.before(KEPT_AFTER)))
        .select(second_steps::token_hash)
        .limit(CLEANED_AT_ONCE)
        .load(db)?;
    diesel::delete(second_steps::table.filter(second_steps::token_hash.eq_any(over)))
        .execute(db)
        .map(|_rows| ())
}

#[cfg(test)]
#[path = "second_step_tests.rs"]
mod tests;
