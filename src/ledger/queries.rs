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

/// A value in a statement.
#[derive(Debug, Clone, Copy)]
enum Value {
    Number(i64),
    Word(&'static str),
    Reference(Option<TransferId>),
}

/// The text of a statement with `$` where a value belongs, and the values in their order.
pub(super) struct Statement {
    text: &'static str,
    /// What stands once for each of the rows behind the text: `($, $)`.
    row: &'static str,
    rows: usize,
    end: &'static str,
    values: Vec<Value>,
}

impl Statement {
    fn plain<const N: usize>(text: &'static str, values: [Value; N]) -> Statement {
        Statement { text, row: "", rows: 0, end: "", values: values.into() }
    }
}

impl QueryId for Statement {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> RunQueryDsl<C> for Statement {}

impl<DB: Backend + HasSqlType<BigInt> + HasSqlType<Text>> QueryFragment<DB> for Statement
where
    i64: ToSql<BigInt, DB>,
    str: ToSql<Text, DB>,
    Option<TransferId>: ToSql<Nullable<BigInt>, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut values = self.values.iter();
        let rows = (0..self.rows).flat_map(|row| [if row == 0 { "" } else { ", " }, self.row]);
        for text in [self.text].into_iter().chain(rows).chain([self.end]) {
            for (place, part) in text.split('$').enumerate() {
                if place > 0 {
                    match values.next() {
                        Some(Value::Number(number)) => out.push_bind_param::<BigInt, _>(number)?,
                        Some(Value::Word(word)) => out.push_bind_param::<Text, str>(word)?,
                        Some(Value::Reference(id)) => out.push_bind_param::<Nullable<BigInt>, _>(id)?,
                        None => {
                            return Err(diesel::result::Error::QueryBuilderError(
                                "a value is missing".into(),
                            ));
                        }
                    }
                }
                out.push_sql(part);
            }
        }
        Ok(())
    }
}

/// A statement that answers with accounts.
pub(super) struct AccountsQuery(Statement);

/// Reads accounts, in the order of their ids.
pub(super) fn accounts_of(ids: &[LedgerAccountId]) -> AccountsQuery {
    AccountsQuery(Statement {
        text: "SELECT id, currency, may_go_below_zero, posted, pending_debits, pending_credits, entries \
               FROM ledger_accounts WHERE id IN (",
        row: "$",
        rows: ids.len(),
        end: ") ORDER BY id",
        values: ids.iter().map(|id| Value::Number(id.as_i64())).collect(),
    })
}

impl QueryId for AccountsQuery {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> RunQueryDsl<C> for AccountsQuery {}

impl Query for AccountsQuery {
    type SqlType = (BigInt, Text, Bool, BigInt, BigInt, BigInt, BigInt);
}

impl<DB: Backend> QueryFragment<DB> for AccountsQuery
where
    Statement: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }
}

/// A row of transfers.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Header {
    pub id: TransferId,
    pub operation: i64,
    pub reason: Reason,
    pub phase: Phase,
    pub resolves: Option<TransferId>,
    pub reverses: Option<TransferId>,
    pub at: Moment,
}

impl Header {
    /// Writes a transfer, unless its operation and reason have made one before: then no row is written. The end of a hold has
    /// the operation and reason of the hold; it is one by what it resolves.
    pub fn into_statement(self) -> Statement {
        let (operation, reason) = (Value::Number(self.operation), Value::Word(self.reason.word()));
        Statement::plain(
            "INSERT INTO transfers (id, operation_id, reason, phase, resolves, reverses, at) SELECT $, $, $, $, $, $, $ \
             WHERE $ IS NOT NULL OR NOT EXISTS \
             (SELECT 1 FROM transfers WHERE resolves IS NULL AND operation_id = $ AND reason = $)",
            [
                Value::Number(self.id.as_i64()),
                operation,
                reason,
                Value::Word(self.phase.word()),
                Value::Reference(self.resolves),
                Value::Reference(self.reverses),
                Value::Number(self.at.micros()),
                Value::Reference(self.resolves),
                operation,
                reason,
            ],
        )
    }
}

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

impl MoveAccount {
    pub fn into_statement(self) -> Statement {
        let MoveAccount { id, entries_read, posted_read, posts, debits, credits, lines } = self;
        let values = [posts, debits, credits, lines, id.as_i64(), entries_read, posted_read, posts, debits];
        Statement::plain(
            "UPDATE ledger_accounts SET posted = posted + $, pending_debits = pending_debits + $, \
             pending_credits = pending_credits + $, entries = entries + $ \
             WHERE id = $ AND entries = $ AND posted = $ AND (may_go_below_zero OR posted + $ >= pending_debits + $)",
            values.map(Value::Number),
        )
    }
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
pub(super) fn insert_postings(entries: &[Entry]) -> Statement {
    let values = |Entry { account, number, transfer, amount, posted_after }: &Entry| {
        [account.as_i64(), *number, transfer.as_i64(), *amount, *posted_after].map(Value::Number)
    };
    Statement {
        text: "INSERT INTO postings (account_id, number, transfer_id, amount_minor, posted_after) VALUES ",
        row: "($, $, $, $, $)",
        rows: entries.len(),
        end: "",
        values: entries.iter().flat_map(values).collect(),
    }
}
