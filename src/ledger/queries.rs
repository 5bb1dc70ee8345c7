//! The four statements of a transfer. diesel cannot build some of them for both databases at once, and never keeps an UPDATE
//! prepared; these are prepared once, for their text depends on nothing but the number of postings.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Nullable, Text};

use super::account::LedgerAccountId;
use super::chart::Reason;
use super::posting::{Phase, TransferId};
use crate::base::Moment;

/// Reads accounts, in the order of their ids.
pub(super) struct AccountsOf<'a>(pub &'a [LedgerAccountId]);

/// A row of transfers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub id: TransferId,
    pub operation: i64,
    pub reason: Reason,
    pub phase: Phase,
    pub resolves: Option<TransferId>,
    pub reverses: Option<TransferId>,
    pub at: Moment,
}

/// Writes a transfer, unless its operation and reason have made one before: then no row is written. The end of a hold has
/// the operation and reason of the hold; it is one by what it resolves.
pub(super) struct WriteTransfer(pub Header);

/// Moves an account by so much, if it stands as it was read and stays above its floor: then one row is changed.
#[derive(Debug, Clone, Copy)]
pub(super) struct MoveAccount {
    pub id: LedgerAccountId,
    pub entries_read: i64,
    pub posted_read: i64,
    pub posts: i64,
    pub debits: i64,
    pub credits: i64,
    pub lines: i64,
}

/// A row of postings.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub account: LedgerAccountId,
    pub number: i64,
    pub transfer: TransferId,
    pub amount: i64,
    pub posted_after: i64,
}

/// Writes the postings of a transfer.
pub(super) struct WritePostings(pub Vec<Entry>);

impl QueryId for AccountsOf<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryId for WriteTransfer {
    type QueryId = WriteTransfer;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryId for MoveAccount {
    type QueryId = MoveAccount;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl QueryId for WritePostings {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> RunQueryDsl<C> for AccountsOf<'_> {}
impl<C> RunQueryDsl<C> for WriteTransfer {}
impl<C> RunQueryDsl<C> for MoveAccount {}
impl<C> RunQueryDsl<C> for WritePostings {}

impl Query for AccountsOf<'_> {
    type SqlType = (BigInt, Text, Bool, BigInt, BigInt, BigInt, BigInt);
}

impl<DB: Backend + HasSqlType<BigInt>> QueryFragment<DB> for AccountsOf<'_>
where
    LedgerAccountId: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(
            "SELECT id, currency, may_go_below_zero, posted, pending_debits, pending_credits, entries \
             FROM ledger_accounts WHERE id IN (",
        );
        for (place, id) in self.0.iter().enumerate() {
            out.push_sql(if place == 0 { "" } else { ", " });
            out.push_bind_param::<BigInt, _>(id)?;
        }
        out.push_sql(") ORDER BY id");
        Ok(())
    }
}

impl<DB: Backend + HasSqlType<BigInt> + HasSqlType<Text>> QueryFragment<DB> for WriteTransfer
where
    i64: ToSql<BigInt, DB>,
    str: ToSql<Text, DB>,
    Option<TransferId>: ToSql<Nullable<BigInt>, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let Header { id, operation, reason, phase, resolves, reverses, at } = &self.0;
        out.push_sql(
            "INSERT INTO transfers (id, operation_id, reason, phase, resolves, reverses, at) SELECT ",
        );
        out.push_bind_param::<BigInt, _>(id)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(operation)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(reason)?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(phase)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<BigInt>, _>(resolves)?;
        out.push_sql(", ");
        out.push_bind_param::<Nullable<BigInt>, _>(reverses)?;
        out.push_sql(", ");
        out.push_bind_param::<BigInt, _>(at)?;
        out.push_sql(" WHERE ");
        out.push_bind_param::<Nullable<BigInt>, _>(resolves)?;
        out.push_sql(
            " IS NOT NULL OR NOT EXISTS (SELECT 1 FROM transfers WHERE resolves IS NULL AND operation_id = ",
        );
        out.push_bind_param::<BigInt, _>(operation)?;
        out.push_sql(" AND reason = ");
        out.push_bind_param::<Text, _>(reason)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<DB: Backend + HasSqlType<BigInt>> QueryFragment<DB> for MoveAccount
where
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let MoveAccount { id, entries_read, posted_read, posts, debits, credits, lines } = self;
        out.push_sql("UPDATE ledger_accounts SET posted = posted + ");
        out.push_bind_param::<BigInt, _>(posts)?;
        out.push_sql(", pending_debits = pending_debits + ");
        out.push_bind_param::<BigInt, _>(debits)?;
        out.push_sql(", pending_credits = pending_credits + ");
        out.push_bind_param::<BigInt, _>(credits)?;
        out.push_sql(", entries = entries + ");
        out.push_bind_param::<BigInt, _>(lines)?;
        out.push_sql(" WHERE id = ");
        out.push_bind_param::<BigInt, _>(id)?;
        out.push_sql(" AND entries = ");
        out.push_bind_param::<BigInt, _>(entries_read)?;
        out.push_sql(" AND posted = ");
        out.push_bind_param::<BigInt, _>(posted_read)?;
        out.push_sql(" AND (may_go_below_zero OR posted + ");
        out.push_bind_param::<BigInt, _>(posts)?;
        out.push_sql(" >= pending_debits + ");
        out.push_bind_param::<BigInt, _>(debits)?;
        out.push_sql(")");
        Ok(())
    }
}

impl<DB: Backend + HasSqlType<BigInt>> QueryFragment<DB> for WritePostings
where
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql(
            "INSERT INTO postings (account_id, number, transfer_id, amount_minor, posted_after) VALUES ",
        );
        for (place, Entry { account, number, transfer, amount, posted_after }) in self.0.iter().enumerate() {
            out.push_sql(if place == 0 { "(" } else { ", (" });
            out.push_bind_param::<BigInt, _>(account)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(number)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(transfer)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(amount)?;
            out.push_sql(", ");
            out.push_bind_param::<BigInt, _>(posted_after)?;
            out.push_sql(")");
        }
        Ok(())
    }
}
