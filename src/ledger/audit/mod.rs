//! The audit: everything is computed anew from the rows, page by page, and held against what is written. Never holds more than a few
//! pages of rows, so a million postings want no more memory than a thousand.
//!
//! First the transfers, in their order: each has its postings, they sum to zero in each currency, a hold has at most one end, a
//! transfer at most one reversal, and both repeat what they end or turn round. Then the accounts: their lines are
//! numbered without gaps, each carries the balance on, and the last one leads to the balances in the account's row.

mod accounts;
mod discrepancy;
mod transfers;

use diesel::result::QueryResult;

use discrepancy::AuditError;
pub use discrepancy::{AuditedRecord, Discrepancy, Summary};

use crate::db::Db;

/// Rows that are read at a time.
const PAGE_ROWS: i64 = 1_000;

/// Audits the whole ledger. Wants one state of the database from beginning to end: `db::read_snapshot`.
pub fn audit(db: &mut Db) -> QueryResult<Result<Summary, Discrepancy>> {
    audit_in_pages(db, PAGE_ROWS)
}

/// The same, reading so many rows at a time.
pub fn audit_in_pages(db: &mut Db, page: i64) -> QueryResult<Result<Summary, Discrepancy>> {
    let mut summary = Summary::default();
    match transfers::audit(db, page, &mut summary).and_then(|()| accounts::audit(db, page, &mut summary)) {
        Ok(()) => Ok(Ok(summary)),
        Err(AuditError::Discrepancy(difference)) => Ok(Err(*difference)),
        Err(AuditError::Query(error)) => Err(error),
    }
}
