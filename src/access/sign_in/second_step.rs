//! The second step of a sign-in: the password was right, and the account wants a code. Until it is given there is nothing of a
//! session. What the password cost the limits is given back only after the code.

pub mod pages;

use std::time::Duration;

use diesel::prelude::*;

use crate::access::events::CODE_FAILED;
use crate::access::sign_in::{self, Admission, Counters, Entered};
use crate::accounts::account::Account;
use crate::base::{AccountId, Moment, Token, days, minutes, seconds};
use crate::credentials::second_factor::{self, Code};
use crate::credentials::standing::Standing;
use crate::db::schema::pending_sign_ins;
use crate::db::{Db, Tx};
use crate::limits::{Backoff, Counter, Declared, Per, RateLimit, Spent};

const LIFETIME: Duration = minutes(5);
const TRIES: i32 = 5;
/// A known browser has a counter of its own: strangers who know the password cannot spend the owner's tries.
const CODES_PER_BROWSER: RateLimit =
    RateLimit::new("sign_in.codes_per_browser", Per::Browser, 10, minutes(15));
/// From unknown browsers.
const CODES_PER_ACCOUNT: Backoff = Backoff {
    name: "sign_in.codes_per_account",
    per: Per::Account,
    free: 10,
    first: minutes(15),
    longest: minutes(60),
    memory: days(1),
};
pub const LIMITS: &[Declared] = &[CODES_PER_BROWSER.declared(), CODES_PER_ACCOUNT.declared()];
const KEPT_AFTER: Duration = seconds(60);
const PURGE_BATCH: i64 = 500;

/// A sign-in that waits for its code.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = pending_sign_ins)]
pub struct SecondStep {
    account_id: AccountId,
    epoch: i64,
    spent: String,
    known: bool,
    login: String,
    pub tries_left: i32,
}

/// A code, and where it was typed.
pub struct CodeAttempt<'a> {
    /// What the browser holds since the right password.
    pub token: &'a Token,
    pub code: &'a Code,
    /// What the browser's cookie of known browsers held.
    pub held: Option<&'a Token>,
    /// No code is to be asked for here for a while.
    pub trusts: bool,
}

/// What became of a code.
#[derive(Debug)]
pub enum StepOutcome {
    Right {
        account: Box<Account>,
        entered: Entered,
    },
    Wrong {
        left: i32,
    },
    /// All tries of this sign-in are gone: it begins again with the password.
    NoTriesLeft,
    /// Too many wrong codes at this account.
    Wait {
        until: Moment,
    },
    /// Too late, used up, ended: it begins again with the password.
    WrongStep,
}

/// Notes that somebody has given the right password: what the browser is to hold for the next five minutes.
pub fn begin(tx: &mut Tx, admission: &Admission) -> QueryResult<Token> {
    let Admission { account, spent, login, .. } = admission;
    let token = Token::random();
    let names: Vec<&str> = spent.counters.iter().map(Counter::as_str).collect();
    diesel::insert_into(pending_sign_ins::table)
        .values((
            pending_sign_ins::token_hash.eq(token.hash()),
            pending_sign_ins::account_id.eq(account.id),
            pending_sign_ins::epoch.eq(account.epoch),
            pending_sign_ins::spent.eq(names.join("\n")),
            pending_sign_ins::known.eq(spent.known),
            pending_sign_ins::login.eq(login),
            pending_sign_ins::tries_left.eq(TRIES),
            pending_sign_ins::expires_at.eq(tx.now.after(LIFETIME)),
        ))
        .execute(tx.db)?;
    Ok(token)
}

/// What waits in this browser and can still be finished.
pub fn find(tx: &mut Tx, token: &Token) -> QueryResult<Option<SecondStep>> {
    Ok(unexpired(tx, token)?.filter(|found| found.tries_left > 0))
}

fn unexpired(tx: &mut Tx, token: &Token) -> QueryResult<Option<SecondStep>> {
    pending_sign_ins::table
        .find(token.hash())
        .filter(pending_sign_ins::expires_at.gt(tx.now))
        .select(SecondStep::as_select())
        .first(tx.db)
        .optional()
}

/// Checks a code. The try is spent before the code is looked at, in the same transaction; of a right one nothing is left.
pub fn check(tx: &mut Tx, given: &CodeAttempt) -> QueryResult<StepOutcome> {
    let Some(found) = unexpired(tx, given.token)? else { return Ok(StepOutcome::WrongStep) };
    if found.tries_left <= 0 {
        return Ok(StepOutcome::NoTriesLeft);
    }
    let Some(account) = found.account(tx.db)? else { return Ok(StepOutcome::WrongStep) };
    let judged = tx.judged("second-step", &[given.token.as_str().as_bytes(), given.code.text().as_bytes()]);
    if tx.is_repeat(&judged)? {
        return Ok(StepOutcome::Wrong { left: found.tries_left });
    }
    let Some(standing) = Standing::find(tx.db, account.id, given.held, tx.now)? else {
        return Ok(StepOutcome::WrongStep);
    };
    let codes = found.codes(tx, &account, &standing);
    if let Spent::Wait { until } = codes.spend(tx)? {
        return Ok(StepOutcome::Wait { until });
    }
    let open = pending_sign_ins::table.find(given.token.hash()).filter(pending_sign_ins::tries_left.gt(0));
    let spend = pending_sign_ins::tries_left.eq(pending_sign_ins::tries_left - 1);
    if diesel::update(open).set(spend).execute(tx.db)? != 1 {
        return Ok(StepOutcome::NoTriesLeft);
    }
    if !second_factor::use_up(tx, &account, given.code)? {
        tx.record_failure(Ok(account.id), &CODE_FAILED)?;
        tx.remember_judged(&judged, LIFETIME);
        return Ok(match found.tries_left - 1 {
            0 => StepOutcome::NoTriesLeft,
            left => StepOutcome::Wrong { left },
        });
    }
    diesel::delete(pending_sign_ins::table.find(given.token.hash())).execute(tx.db)?;
    tx.reset_failures(&[tx.counter(codes.limit(), &codes.subject)])?;
    let counters = found.spent.lines().map(Counter::from_stored).collect();
    let spent = Counters { counters, known: found.known };
    let (held, trusts) = (given.held, given.trusts);
    let admission = Admission { account: &account, spent: &spent, held, login: &found.login, trusts };
    let entered = sign_in::succeeded(tx, &admission, &standing)?;
    Ok(StepOutcome::Right { account: Box::new(account), entered })
}

impl SecondStep {
    /// The account, as long as nothing has happened to it since the password was checked.
    fn account(&self, db: &mut Db) -> QueryResult<Option<Account>> {
        let account = Account::find(db, self.account_id)?;
        Ok(account.filter(|account| account.is_active() && account.epoch == self.epoch))
    }

    /// Where its codes count: at the browser while the account knows it, else at the account, as a stranger's. Whoever counts is named
    /// by their counter of passwords.
    fn codes(&self, tx: &Tx, account: &Account, standing: &Standing) -> Codes {
        let known = self.known && standing.knows_browser();
        let browser = self.spent.lines().last().filter(|_| known).map(str::to_owned);
        let of_account = tx.counter(sign_in::FAILED_PER_ACCOUNT.name, &sign_in::subject_of(account));
        Codes { known, subject: browser.unwrap_or_else(|| of_account.as_str().to_owned()) }
    }
}

/// The counter of codes that belongs to a sign-in.
struct Codes {
    known: bool,
    subject: String,
}

impl Codes {
    fn spend(&self, tx: &mut Tx) -> QueryResult<Spent> {
        if self.known {
            return tx.spend(&CODES_PER_BROWSER, &self.subject);
        }
        tx.back_off(&CODES_PER_ACCOUNT, &self.subject).map(|(spent, _in_a_row)| spent)
    }

    const fn limit(&self) -> &'static str {
        if self.known { CODES_PER_BROWSER.name } else { CODES_PER_ACCOUNT.name }
    }
}

/// Deletes what nobody has finished.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over: Vec<String> = pending_sign_ins::table
        .filter(pending_sign_ins::expires_at.lt(now.before(KEPT_AFTER)))
        .select(pending_sign_ins::token_hash)
        .limit(PURGE_BATCH)
        .load(db)?;
    diesel::delete(pending_sign_ins::table.filter(pending_sign_ins::token_hash.eq_any(over))).execute(db)?;
    Ok(())
}
