//! The bare side: the statements of a transfer, sent through diesel's own connections, prepared once, without rules.

use std::sync::atomic::Ordering;
use std::time::Instant;

use anyhow::{Result, bail};
use diesel::backend::Backend;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::{DatabaseErrorKind, Error};
use diesel::serialize::ToSql;
use diesel::sql_types::{BigInt, Bool, HasSqlType, Text};
use kabinet::base::next_id;

use super::books::{OPERATIONS, Pair};

const SELECT: &str = "SELECT id, currency, may_go_below_zero, posted, pending_debits, pending_credits, entries \
     FROM ledger_accounts WHERE id IN (?, ?) ORDER BY id";
const TRANSFER: &str = "INSERT INTO transfers (id, operation_id, reason, phase, resolves, reverses, at) \
     SELECT ?, ?, 'verification-charged', 'posted', NULL, NULL, ? WHERE NOT EXISTS \
     (SELECT 1 FROM transfers WHERE resolves IS NULL AND operation_id = ? AND reason = 'verification-charged')";
const UPDATE: &str = "UPDATE ledger_accounts SET posted = posted + ?, pending_debits = pending_debits + ?, \
     pending_credits = pending_credits + ?, entries = entries + ? WHERE id = ? AND entries = ? AND posted = ? \
     AND (may_go_below_zero OR posted + ? >= pending_debits + ?)";
const POSTINGS: &str = "INSERT INTO postings (account_id, number, transfer_id, amount_minor, posted_after) \
     VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)";

/// A statement whose numbers stand where the question marks are.
struct Statement<'a>(&'static str, &'a [i64]);

type Columns = (i64, String, bool, i64, i64, i64, i64);

impl QueryId for Statement<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement<'_> {
    type SqlType = (BigInt, Text, Bool, BigInt, BigInt, BigInt, BigInt);
}

impl<C> RunQueryDsl<C> for Statement<'_> {}

impl<DB: Backend + HasSqlType<BigInt>> QueryFragment<DB> for Statement<'_>
where
    i64: ToSql<BigInt, DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        let mut numbers = self.1.iter();
        for (place, part) in self.0.split('?').enumerate() {
            if place > 0
                && let Some(number) = numbers.next()
            {
                out.push_bind_param::<BigInt, _>(number)?;
            }
            out.push_sql(part);
        }
        Ok(())
    }
}

pub enum Client {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The statements of one transfer on either kind of connection.
macro_rules! transfer {
    ($db:expr, $pair:expr) => {{
        let (from, to) = ($pair.0.as_i64(), $pair.1.as_i64());
        let (id, operation) = (next_id(), OPERATIONS.fetch_add(1, Ordering::Relaxed));
        let rows: Vec<Columns> = Statement(SELECT, &[from, to]).load($db)?;
        let mut changed = Statement(TRANSFER, &[id, operation, id, operation]).execute($db)?;
        let mut lines = Vec::with_capacity(10);
        for (account, _, _, posted, _, _, entries) in &rows {
            let by = if *account == from { -1 } else { 1 };
            changed += Statement(UPDATE, &[by, 0, 0, 1, *account, *entries, *posted, by, 0]).execute($db)?;
            lines.extend([*account, entries + 1, id, by, posted + by]);
        }
        changed += Statement(POSTINGS, &lines).execute($db)?;
        if changed == 5 { Ok(()) } else { Err(Error::NotFound) }
    }};
}

impl Client {
    pub fn sqlite(path: &str) -> Result<Client> {
        let mut db = SqliteConnection::establish(path)?;
        db.batch_execute(
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
             PRAGMA trusted_schema = OFF; PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY;",
        )?;
        Ok(Client::Sqlite(db))
    }

    pub fn postgres(url: &str, clients: usize) -> Result<Vec<Client>> {
        (0..clients).map(|_| Ok(Client::Postgres(PgConnection::establish(url)?))).collect()
    }

    /// A transfer for each pair to a commit, until the time is over. How many were committed; what collides is done again.
    pub fn posts(&mut self, pairs: &[Pair], until: Instant) -> Result<u64> {
        let mut done = 0;
        while Instant::now() < until {
            match self.commits(pairs) {
                Ok(()) => done += u64::try_from(pairs.len())?,
                Err(Error::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => {}
                Err(error) => bail!(error),
            }
        }
        Ok(done)
    }

    fn commits(&mut self, pairs: &[Pair]) -> QueryResult<()> {
        match self {
            Client::Sqlite(db) => {
                AnsiTransactionManager::begin_transaction_sql(db, "BEGIN IMMEDIATE")?;
                let ran = pairs.iter().try_for_each(|pair| transfer!(db, pair));
                finish(db, ran)
            }
            Client::Postgres(db) => {
                AnsiTransactionManager::begin_transaction_sql(db, "BEGIN ISOLATION LEVEL SERIALIZABLE")?;
                let ran = pairs.iter().try_for_each(|pair| transfer!(db, pair));
                finish(db, ran)
            }
        }
    }
}

fn finish<C>(db: &mut C, ran: QueryResult<()>) -> QueryResult<()>
where
    C: Connection<TransactionManager = AnsiTransactionManager>,
{
    match ran.and_then(|()| AnsiTransactionManager::commit_transaction(db)) {
        Ok(()) => Ok(()),
        Err(error) => match AnsiTransactionManager::rollback_transaction(db) {
            // A commit that failed has closed the transaction itself.
            Ok(()) | Err(Error::NotInTransaction) => Err(error),
            Err(worse) => Err(worse),
        },
    }
}

/// Each client on a thread of its own and with a pair of its own, one transfer to a commit.
pub fn all_post(clients: &mut [Client], pairs: &[Pair], until: Instant) -> Result<u64> {
    std::thread::scope(|scope| {
        let both = clients.iter_mut().zip(pairs);
        let threads: Vec<_> = both
            .map(|(client, pair)| scope.spawn(move || client.posts(std::slice::from_ref(pair), until)))
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| bail!("a client has panicked")))
            .sum()
    })
}
