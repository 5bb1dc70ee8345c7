//! One connection, of either kind, set up the same way wherever it is opened.

use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::QueryResult;
use diesel::{Connection, ConnectionError, MultiConnection, PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::error::StartError;
use crate::config::DatabaseUrl;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();
/// Several instances may start at once: the ones that come second wait for the first.
const MIGRATION_TRIES: u32 = 40;
const MIGRATION_WAIT: Duration = Duration::from_millis(250);

const SQLITE_SETUP: &str = "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY;";
const POSTGRES_SETUP: &str = "SET statement_timeout = '10s'; SET lock_timeout = '3s'; \
     SET idle_in_transaction_session_timeout = '15s'; SET client_min_messages = warning; SET TIME ZONE 'UTC';";

/// A connection to either database; queries are written once.
#[derive(MultiConnection)]
pub enum Db {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

impl Db {
    /// Begins a transaction that sees the database as if it were alone.
    pub(super) fn begin(&mut self) -> QueryResult<()> {
        match self {
            Db::Postgres(c) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL SERIALIZABLE")
            }
            Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        }
    }

    /// Begins a transaction that reads one state of the database, however long it takes, and stands in nobody's way.
    fn begin_snapshot(&mut self) -> QueryResult<()> {
        match self {
            Db::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
                c,
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            ),
            Db::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED"),
        }
    }

    /// Err when a statement of this transaction has failed and somebody passed over it: PostgreSQL would take the COMMIT and
    /// roll back.
    pub(super) fn is_whole(&mut self) -> QueryResult<()> {
        match self {
            Db::Postgres(c) => c.batch_execute("SELECT 1"),
            Db::Sqlite(_) => Ok(()),
        }
    }

    pub(super) fn commit(&mut self) -> QueryResult<()> {
        match self {
            Db::Postgres(c) => AnsiTransactionManager::commit_transaction(c),
            Db::Sqlite(c) => AnsiTransactionManager::commit_transaction(c),
        }
    }

    pub(super) fn roll_back(&mut self) -> QueryResult<()> {
        match self {
            Db::Postgres(c) => AnsiTransactionManager::rollback_transaction(c),
            Db::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c),
        }
    }

    /// Folds SQLite's log into the file, so that a copy of the file is whole.
    pub(super) fn checkpoint(&mut self) -> QueryResult<()> {
        match self {
            Db::Postgres(_) => Ok(()),
            Db::Sqlite(c) => c.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)"),
        }
    }
}

/// Opens connections to one database. diesel's own choice by URL would make a SQLite file named `postgres:…` and hide
/// the cause of an outage, so the kind is chosen here.
#[derive(Debug, Clone)]
pub(super) struct Opener {
    url: DatabaseUrl,
}

impl Opener {
    pub(super) fn new(url: &DatabaseUrl) -> Opener {
        Opener { url: url.clone() }
    }

    pub(super) fn open(&self) -> Result<Db, ConnectionError> {
        match &self.url {
            DatabaseUrl::Postgres(url) => {
                let mut c = PgConnection::establish(url)?;
                c.batch_execute(POSTGRES_SETUP).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Db::Postgres(c))
            }
            DatabaseUrl::Sqlite(path) => {
                let mut c = SqliteConnection::establish(&path.to_string_lossy())?;
                c.batch_execute(SQLITE_SETUP).map_err(ConnectionError::CouldntSetupConfiguration)?;
                Ok(Db::Sqlite(c))
            }
        }
    }

    pub(super) fn start_error(&self, cause: impl std::fmt::Display) -> StartError {
        StartError { place: format!("{:?}", self.url), cause: cause.to_string() }
    }
}

/// Brings the schema up to date, making the database file where there is none. Returns how many steps were taken.
pub fn migrate(url: &DatabaseUrl) -> Result<usize, StartError> {
    let opener = Opener::new(url);
    if let DatabaseUrl::Sqlite(path) = url
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| opener.start_error(error))?;
    }
    let mut db = opener.open().map_err(|error| opener.start_error(error))?;
    let mut tries_left = MIGRATION_TRIES;
    loop {
        match run_pending(&mut db) {
            Ok(steps) => return Ok(steps),
            Err(error) if tries_left == 0 => return Err(opener.start_error(error)),
            Err(_another_instance_is_at_it) => std::thread::sleep(MIGRATION_WAIT),
        }
        tries_left -= 1;
    }
}

/// Runs a long read over one state of a database that exists, on a connection of its own.
pub fn read_snapshot<T>(
    url: &DatabaseUrl,
    read: impl FnOnce(&mut Db) -> QueryResult<T>,
) -> Result<T, StartError> {
    let opener = Opener::new(url);
    if let DatabaseUrl::Sqlite(path) = url
        && !path.exists()
    {
        return Err(opener.start_error("there is no such file"));
    }
    let mut db = opener.open().map_err(|error| opener.start_error(error))?;
    db.begin_snapshot().and_then(|()| read(&mut db)).map_err(|error| opener.start_error(error))
}

fn run_pending(db: &mut Db) -> diesel::migration::Result<usize> {
    match db {
        Db::Postgres(c) => c.run_pending_migrations(MIGRATIONS).map(|steps| steps.len()),
        Db::Sqlite(c) => c.run_pending_migrations(MIGRATIONS).map(|steps| steps.len()),
    }
}
