//! The ledger: double entry. The only room that reads or writes its three tables.
//!
//! A transfer is a set of postings that sum to zero in each currency. It is posted at once, or held (pending) and then
//! settled or voided, once. Rows of transfers and postings are never changed: the end of a hold is another row, and what
//! was wrong is reversed by another transfer, once. An account's balances stand in its row, move with its postings in one
//! transaction, and can be computed anew (`audit`).
//!
//! Signs: a credit is positive, a debit negative. An account that says what we owe is above zero; one that says what
//! somebody keeps for us is below.
//!
//! Every verb runs in the caller's transaction, which is serializable. What cannot be done is a [`Refusal`] with a name,
//! and has changed nothing; the caller's transaction goes on.

mod account;
mod audit;
mod balance;
mod chart;
mod phases;
mod posting;
mod queries;
mod refusal;
mod statement;
mod transfer;

pub use account::{LedgerAccountId, Owner, OwnerKind, account, balance};
pub use audit::{AuditedRecord, Discrepancy, Summary, audit, audit_in_pages};
pub use balance::Balance;
pub use chart::{Kind, Reason};
pub use phases::{reverse, settle, void};
pub use posting::{MAX_POSTINGS, Phase, Posting, TransferId};
pub use refusal::Refusal;
pub use statement::{StatementLine, statement};
pub use transfer::{NewTransfer, hold, post};
