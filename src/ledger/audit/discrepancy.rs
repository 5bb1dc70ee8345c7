//! What an audit comes to: a summary, or the first thing that is wrong.

use std::fmt;

use diesel::result::Error;

use crate::base::Currency;
use crate::ledger::account::LedgerAccountId;
use crate::ledger::posting::TransferId;

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
pub enum AuditedRecord {
    Transfer(TransferId),
    Account(LedgerAccountId),
}

/// The first thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discrepancy {
    pub record: AuditedRecord,
    pub what: String,
    pub expected: String,
    pub found: String,
}

impl fmt::Display for Discrepancy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (noun, id) = match self.record {
            AuditedRecord::Transfer(id) => ("transfer", id.as_i64()),
            AuditedRecord::Account(id) => ("account", id.as_i64()),
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

/// Why an audit ends early.
#[derive(Debug, thiserror::Error)]
pub(super) enum AuditError {
    #[error(transparent)]
    Query(#[from] Error),
    #[error("{0}")]
    Discrepancy(Box<Discrepancy>),
}

/// Holds what was found against what should be.
pub(super) fn expect_equal<T: PartialEq + fmt::Display>(
    record: AuditedRecord,
    what: &str,
    expected: T,
    found: T,
) -> Result<(), AuditError> {
    if expected == found { Ok(()) } else { Err(discrepancy(record, what, expected, found)) }
}

pub(super) fn discrepancy(
    record: AuditedRecord,
    what: &str,
    expected: impl fmt::Display,
    found: impl fmt::Display,
) -> AuditError {
    let (what, expected, found) = (what.to_owned(), expected.to_string(), found.to_string());
    AuditError::Discrepancy(Box::new(Discrepancy { record, what, expected, found }))
}

/// What a word of a row stands for.
pub(super) fn known<T>(
    record: AuditedRecord,
    what: &str,
    word: &str,
    from_word: fn(&str) -> Option<T>,
) -> Result<T, AuditError> {
    from_word(word).ok_or_else(|| discrepancy(record, what, "a known word", word))
}
