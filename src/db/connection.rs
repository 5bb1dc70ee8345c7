//! One connection, of either kind, set up the same way wherever it is opened.

use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::result::{DatabaseErrorKind, Error, QueryResult};
use diesel::{Connection, ConnectionError, MultiConnection, PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use zeroize::Zeroizing;

use super::cost::{Counting, has_failed};
use super::error::StartError;
use super::log_labels::{file_uri, nothing_newer, refuse_foreign_log, refuse_lost_log};
use super::start_trouble;
use crate::config::DatabaseUrl;

pub(super) const MIGRATIONS: EmbeddedMigrations = embed_migrations!();
/// Several instances may start at once: the ones that come second wait for the first.
const MIGRATION_TRIES: u32 = 40;
const MIGRATION_WAIT: Duration = Duration::from_millis(250);

// The log is folded into the file by `log_labels`, and by whoever closes it last.
const SQLITE_SETUP: &str = "PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
     PRAGMA wal_autocheckpoint = 0; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY;";
/// For whoever only reads: when it is the last to close the file, the log stays as it is. These connections are many, and seldom asked:
/// short reads have others.
const SQLITE_READ_SETUP: &str = "PRAGMA busy_timeout = 1000; PRAGMA trusted_schema = OFF; \
     PRAGMA cache_size = -500; PRAGMA temp_store = MEMORY;";
macro_rules! postgres_setup {
    () => {
        "SET statement_timeout = '4s'; SET lock_timeout = '1s'; \
     SET idle_in_transaction_session_timeout = '15s'; SET client_min_messages = warning; SET TIME ZONE 'UTC';"
    };
}
const POSTGRES_SETUP: &str = postgres_setup!();
/// Outages are known by their words where diesel hands over no code. Not every role may choose the language: then it stays.
const POSTGRES_SETUP_IN_ENGLISH: &str = concat!(
    "DO $$ BEGIN SET lc_messages = 'C'; EXCEPTION WHEN OTHERS THEN NULL; END $$; ",
    postgres_setup!()
);

/// Parameters of libpq, in seconds; the last one in milliseconds.
const POSTGRES_BOUNDS: [(&str, &str); 5] = [
    ("connect_timeout", "3"),
    ("keepalives_idle", "5"),
    ("keepalives_interval", "2"),
    ("keepalives_count", "2"),
    ("tcp_user_timeout", "4000"),
];
/// A SQLite file that takes more than a moment to be looked through.
const LARGE_BYTES: u64 = 64 * 1024 * 1024;

/// A connection to either database; queries are written once.
#[derive(MultiConnection)]
pub enum Db {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// Runs a query on the connection itself. Its text is known by its type then; through `Db` it is written anew for each run, which
/// costs as much as a short read. For what each page reads.
#[macro_export]
macro_rules! on_connection {
    ($db:expr, |$connection:ident| $query:expr) => {
        match $db {
            $crate::db::Db::Postgres($connection) => $query,
            $crate::db::Db::Sqlite($connection) => $query,
        }
    };
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
    /// roll back. (One that failed in a savepoint may have been taken back: the server is asked.)
    pub(super) fn is_whole(&mut self) -> QueryResult<()> {
        match self {
            Db::Postgres(c) if has_failed() => c.batch_execute("SELECT 1"),
            Db::Postgres(_) | Db::Sqlite(_) => Ok(()),
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
}

/// A file, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
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

    /// The same, after a look at the files: Err when a log lies beside a file that is not its own.
    fn at_rest(url: &DatabaseUrl) -> Result<Opener, StartError> {
        let opener = Opener::new(url);
        if let DatabaseUrl::Sqlite(path) = url {
            refuse_foreign_log(path).map_err(|error| opener.start_error(error))?;
        }
        Ok(opener)
    }

    pub(super) fn open(&self) -> Result<Db, ConnectionError> {
        match &self.url {
            DatabaseUrl::Postgres(url) => {
                let mut c = PgConnection::establish(&with_bounds(url))?;
                // A database may have no language for `DO`.
                c.batch_execute(POSTGRES_SETUP_IN_ENGLISH)
                    .or_else(|_no_language| c.batch_execute(POSTGRES_SETUP))
                    .map_err(ConnectionError::CouldntSetupConfiguration)?;
                c.set_instrumentation(Counting);
                Ok(Db::Postgres(c))
            }
            DatabaseUrl::Sqlite(path) => {
                let mut c = SqliteConnection::establish(&path.to_string_lossy())?;
                c.batch_execute(SQLITE_SETUP).map_err(ConnectionError::CouldntSetupConfiguration)?;
                c.set_instrumentation(Counting);
                Ok(Db::Sqlite(c))
            }
        }
    }

    pub(super) fn is_sqlite(&self) -> bool {
        matches!(self.url, DatabaseUrl::Sqlite(_))
    }

    /// For reads that wait for nobody.
    pub(super) fn open_to_read_at_once(&self) -> Result<Db, ConnectionError> {
        let mut db = self.open()?;
        db.batch_execute("PRAGMA busy_timeout = 0; PRAGMA query_only = ON;")
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(db)
    }

    /// For reading alone.
    fn open_read_only(&self) -> Result<Db, ConnectionError> {
        let DatabaseUrl::Sqlite(path) = &self.url else { return self.open() };
        let mut c = SqliteConnection::establish(&file_uri(path, "mode=ro"))?;
        c.batch_execute(SQLITE_READ_SETUP).map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(Db::Sqlite(c))
    }

    /// Whether a look at every page takes longer than anybody wants to wait for a start.
    pub(super) fn is_large(&self) -> bool {
        match &self.url {
            DatabaseUrl::Sqlite(path) => std::fs::metadata(path).is_ok_and(|file| file.len() > LARGE_BYTES),
            DatabaseUrl::Postgres(_) => false,
        }
    }

    /// Which file stands at the path; none on PostgreSQL.
    pub(super) fn file(&self) -> Option<FileId> {
        let DatabaseUrl::Sqlite(path) = &self.url else { return None };
        std::fs::metadata(path).ok().map(|file| FileId { device: file.dev(), inode: file.ino() })
    }

    /// Whether that one still does.
    pub(super) fn is_in_its_place(&self, file: Option<FileId>) -> bool {
        self.file() == file
    }

    pub(super) fn start_error(&self, cause: impl std::fmt::Display) -> StartError {
        let cause = cause.to_string();
        let why = match &self.url {
            DatabaseUrl::Sqlite(path) => start_trouble::why(path, &cause),
            DatabaseUrl::Postgres(_) => None,
        };
        let cause = why.map_or_else(|| cause.clone(), |why| format!("{why} ({cause})"));
        StartError { place: format!("{:?}", self.url), cause }
    }
}

/// A peer that is silent is given up: while connecting, while it owes an acknowledgement, and while nothing is said at all. What the
/// URL says itself, stays.
fn with_bounds(url: &str) -> Zeroizing<String> {
    let mut bounded = Zeroizing::new(url.to_owned());
    for (name, value) in POSTGRES_BOUNDS {
        if !url.contains(&format!("{name}=")) {
            let joint = if bounded.contains('?') { '&' } else { '?' };
            bounded.push_str(&format!("{joint}{name}={value}"));
        }
    }
    bounded
}

/// Whether there is nothing in the database yet: no file, or no table. Err when it is not what the program has left behind.
pub fn is_new(url: &DatabaseUrl) -> Result<bool, StartError> {
    let opener = Opener::at_rest(url)?;
    if let DatabaseUrl::Sqlite(path) = url {
        refuse_lost_log(path).map_err(|error| opener.start_error(error))?;
        if !path.exists() {
            return Ok(true);
        }
    }
    let mut db = opener.open().map_err(|error| opener.start_error(error))?;
    let applied = applied_migrations(&mut db).map_err(|error| opener.start_error(error))?;
    if applied.is_empty() {
        return Ok(true);
    }
    has_all(&mut db).map_err(|error| opener.start_error(error))?;
    Ok(false)
}

/// Whoever closes the file last folds the log in and deletes it: after a crash the word of the last folding may still stand there.
fn has_all(db: &mut Db) -> QueryResult<()> {
    let Db::Sqlite(db) = db else { return Ok(()) };
    db.transaction(nothing_newer)
}

/// The versions of the migrations that were applied; none in a database without a table.
pub(super) fn applied_migrations(db: &mut Db) -> diesel::migration::Result<Vec<String>> {
    let applied = match db {
        // Asking makes the table that remembers them. Two who ask at once may both try; the second finds it.
        Db::Postgres(c) => c.applied_migrations().or_else(|error| match error.downcast_ref() {
            Some(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => c.applied_migrations(),
            _ => Err(error),
        }),
        Db::Sqlite(c) => c.applied_migrations(),
    };
    Ok(applied?.iter().map(ToString::to_string).collect())
}

/// Brings the schema up to date, making the database file where there is none. Returns how many steps were taken. What is there is
/// taken for all that there is: whether it may be, `is_new` has asked.
pub fn migrate(url: &DatabaseUrl) -> Result<usize, StartError> {
    let opener = Opener::at_rest(url)?;
    if let DatabaseUrl::Sqlite(path) = url
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| opener.start_error(error))?;
    }
    let mut db = opener.open().map_err(|error| opener.start_error(error))?;
    let mut tries_left = MIGRATION_TRIES;
    loop {
        match run_pending(&mut db) {
            Ok(steps) => {
                has_all(&mut db).map_err(|error| opener.start_error(error))?;
                return Ok(steps);
            }
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
    let mut db = opener.open_read_only().map_err(|error| opener.start_error(error))?;
    db.begin_snapshot().and_then(|()| read(&mut db)).map_err(|error| opener.start_error(error))
}

fn run_pending(db: &mut Db) -> diesel::migration::Result<usize> {
    match db {
        Db::Postgres(c) => c.run_pending_migrations(MIGRATIONS).map(|steps| steps.len()),
        Db::Sqlite(c) => c.run_pending_migrations(MIGRATIONS).map(|steps| steps.len()),
    }
}
