//! What an account's owner reads: its lines, newest first.

use diesel::prelude::*;

use super::account::LedgerAccountId;
use super::chart::Reason;
use super::posting::{Phase, TransferId};
use crate::base::Moment;
use crate::db::Db;
use crate::db::schema::{postings, transfers};

/// A page of a statement has no more lines than this.
const MAX_LINES: i64 = 1_000;

/// One posting, as the account sees it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct StatementLine {
    /// Counts the account's lines from one, without gaps.
    pub number: i64,
    pub transfer: TransferId,
    pub operation: i64,
    pub reason: Reason,
    /// Posted and settled lines move the balance; pending ones reserve.
    pub phase: Phase,
    /// Of a settled line: the transfer that held it.
    pub resolves: Option<TransferId>,
    /// The transfer that this one reverses.
    pub reverses: Option<TransferId>,
    /// A credit above zero, a debit below.
    pub amount_minor: i64,
    /// The posted balance once this line was written.
    pub posted_after: i64,
    pub at: Moment,
    /// Of a pending line: how it ended.
    pub ended: Option<Phase>,
}

/// Lines of an account, newest first: `most` of them older than the line `before`.
pub fn statement(
    db: &mut Db,
    account: LedgerAccountId,
    before: Option<i64>,
    most: i64,
) -> QueryResult<Vec<StatementLine>> {
    let end = diesel::alias!(transfers as end);
    postings::table
        .inner_join(transfers::table)
        .left_join(end.on(end.field(transfers::resolves).eq(transfers::id.nullable())))
        .filter(postings::account_id.eq(account))
        .filter(postings::number.lt(before.unwrap_or(i64::MAX)))
        .order(postings::number.desc())
        .limit(most.clamp(0, MAX_LINES))
        .select((
            postings::number,
            transfers::id,
            transfers::operation_id,
            transfers::reason,
            transfers::phase,
            transfers::resolves,
            transfers::reverses,
            postings::amount_minor,
            postings::posted_after,
            transfers::at,
            end.field(transfers::phase).nullable(),
        ))
        .load(db)
}
