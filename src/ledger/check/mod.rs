//! The audit: everything is computed anew from the rows, page by page, and held against what is written. Never holds more than a few
//! pages of rows, so a million postings want no more memory than a thousand.
//!
//! First the transfers, in their order: each has its postings, they sum to zero in each currency, a hold has at most one end, a
//! transfer at most one reversal, and both repeat what they end or turn round. Then the accounts: their lines are
//! numbered without gaps, each carries the balance on, and the last one leads to the balances in the account's row.

mod accounts;
mod transfers;

use std::fmt;

use diesel::result::{Error, QueryResult};

use super::account::LedgerAccountId;
use super::transfer::TransferId;
use crate::base::Currency;
use crate::db::Db;

/// Rows that are read at a time.
const PAGE_ROWS: i64 = 1_000;

/// What a whole ledger consists of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    pub accounts: u64,
    pub transfers: u64,
    /// Holds that are neither settled nor voided.
    pub open_holds: u64,
    pub postings: u64,
    /// The balances above zero of each currency; those below are as much.
    pub sums: Vec<(Currency, i128)>,
}

/// Where something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Transfer(TransferId),
    Account(LedgerAccountId),
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub place: Place,
    pub what: String,
    pub expected: String,
    pub found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (noun, id) = match self.place {
            Place::Transfer(id) => ("transfer", id.as_i64()),
            Place::Account(id) => ("account", id.as_i64()),
        };
        write!(out, "{noun} {id}: {}: expected {}, found {}", self.what, self.expected, self.found)
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Summary { accounts, transfers, open_holds, postings, sums } = self;
        write!(
            out,
            "accounts: {accounts}; transfers: {transfers} (open holds: {open_holds}); postings: {postings}"
        )?;
        for (currency, sum) in sums {
            write!(out, "\n{} {sum} in minor units on either side", currency.word())?;
        }
        Ok(())
    }
}

/// Why a check ends early.
enum Stop {
    Query(Error),
    Difference(Box<Difference>),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Query(error)
    }
}

/// Holds what was found against what should be.
fn same<T: PartialEq + fmt::Display>(place: Place, what: &str, expected: T, found: T) -> Result<(), Stop> {
    if expected == found { Ok(()) } else { Err(differs(place, what, expected, found)) }
}

fn differs(place: Place, what: &str, expected: impl fmt::Display, found: impl fmt::Display) -> Stop {
    let (what, expected, found) = (what.to_owned(), expected.to_string(), found.to_string());
    Stop::Difference(Box::new(Difference { place, what, expected, found }))
}

/// Checks the whole ledger. Wants one state of the database from beginning to end: `db::in_snapshot`.
pub fn check(db: &mut Db) -> QueryResult<Result<Summary, Difference>> {
    check_by(db, PAGE_ROWS)
}

/// The same with another size of the page.
pub(super) fn check_by(db: &mut Db, page: i64) -> QueryResult<Result<Summary, Difference>> {
    let mut summary = Summary::default();
    match transfers::check(db, page, &mut summary).and_then(|()| accounts::check(db, page, &mut summary)) {
        Ok(()) => Ok(Ok(summary)),
        Err(Stop::Difference(difference)) => Ok(Err(*difference)),
        Err(Stop::Query(error)) => Err(error),
    }
}
