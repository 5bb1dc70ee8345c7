//! Each test has its own database: a SQLite file, or a fresh PostgreSQL database when KABINET_TEST_DATABASE says so.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};

use super::process::finished;

pub enum Database {
    Sqlite(PathBuf),
    Postgres { name: String, server: String },
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Nullable<Text>)]
    line: Option<String>,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

pub fn on_postgres() -> bool {
    std::env::var_os("KABINET_TEST_DATABASE").is_some_and(|url| !url.is_empty())
}

/// For tests of the modules `postgres_only`, which are skipped on SQLite.
#[track_caller]
pub fn needs_postgres() {
    assert!(
        on_postgres(),
        "this test is about PostgreSQL: name a server in KABINET_TEST_DATABASE, or leave `postgres_only` out as tests/run does"
    );
}

/// For tests of the modules `sqlite_only`, which are skipped on PostgreSQL.
#[track_caller]
pub fn needs_sqlite() {
    assert!(
        !on_postgres(),
        "this test is about SQLite: unset KABINET_TEST_DATABASE, or leave `sqlite_only` out as tests/run does"
    );
}

impl Database {
    pub fn fresh(dir: &Path) -> Database {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let Some(server) = std::env::var("KABINET_TEST_DATABASE").ok().filter(|url| !url.is_empty()) else {
            return Database::Sqlite(dir.join("kabinet.db"));
        };
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("kabinet_{}_{number}", std::process::id());
        administer(&server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        administer(&server, &format!("CREATE DATABASE {name}"));
        Database::Postgres { name, server }
    }

    pub fn url(&self) -> String {
        match self {
            Database::Sqlite(path) => format!("sqlite://{}", path.display()),
            Database::Postgres { name, server } => {
                let (server, _) = server.rsplit_once('/').unwrap();
                format!("{server}/{name}")
            }
        }
    }

    /// The name of this database and the URL of its server.
    #[track_caller]
    pub fn at_a_server(&self) -> (&str, &str) {
        match self {
            Database::Postgres { name, server } => (name, server),
            Database::Sqlite(path) => panic!("{} is no database of a server", path.display()),
        }
    }

    /// The file that it is in.
    #[track_caller]
    pub fn file(&self) -> &Path {
        match self {
            Database::Sqlite(path) => path,
            Database::Postgres { name, .. } => panic!("{name} is in no file"),
        }
    }

    /// One column, named `line`, of every row.
    pub fn lines(&self, sql: &str) -> Vec<String> {
        let rows: Result<Vec<Line>, _> = match self {
            Database::Sqlite(path) => diesel::sql_query(sql).load(&mut reading(path)),
            Database::Postgres { .. } => {
                diesel::sql_query(sql).load(&mut PgConnection::establish(&self.url()).unwrap())
            }
        };
        let rows = rows.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.into_iter().map(|row| row.line.unwrap_or_default()).collect()
    }

    /// A query whose one column is named `count`.
    pub fn count(&self, sql: &str) -> i64 {
        let rows: Result<Vec<Count>, _> = match self {
            Database::Sqlite(path) => diesel::sql_query(sql).load(&mut reading(path)),
            Database::Postgres { .. } => {
                diesel::sql_query(sql).load(&mut PgConnection::establish(&self.url()).unwrap())
            }
        };
        rows.unwrap_or_else(|error| panic!("{sql}: {error}"))[0].count
    }

    /// Statements that change something, as somebody with the operator's rights would send them.
    pub fn executes(&self, sql: &str) {
        let done = match self {
            Database::Sqlite(path) => {
                let mut db = SqliteConnection::establish(&path.display().to_string()).unwrap();
                db.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
                db.batch_execute(sql)
            }
            Database::Postgres { .. } => PgConnection::establish(&self.url()).unwrap().batch_execute(sql),
        };
        done.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    pub fn tables(&self) -> Vec<String> {
        self.lines(match self {
            Database::Sqlite(_) => {
                "SELECT name AS line FROM sqlite_master WHERE type = 'table' ORDER BY name"
            }
            Database::Postgres { .. } => {
                "SELECT CAST(table_name AS TEXT) AS line FROM information_schema.tables \
                 WHERE table_schema = 'public' ORDER BY table_name"
            }
        })
    }

    /// Every byte that the database keeps: the files of SQLite, the dump of PostgreSQL.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            Database::Sqlite(path) => {
                let beside = ["-wal", "-journal"]
                    .into_iter()
                    .filter_map(|suffix| std::fs::read(format!("{}{suffix}", path.display())).ok());
                std::iter::once(std::fs::read(path).unwrap()).chain(beside).flatten().collect()
            }
            Database::Postgres { .. } => {
                let dump = finished(
                    Command::new("pg_dump")
                        .args(["--inserts", "--column-inserts", "--dbname"])
                        .arg(self.url()),
                    Duration::from_secs(60),
                );
                assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
                dump.stdout
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Database::Postgres { name, server } = self
            && std::env::var_os("KABINET_TEST_KEEP").is_none()
            && let Ok(mut db) = PgConnection::establish(server)
        {
            let _ =
                diesel::sql_query(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).execute(&mut db);
        }
    }
}

/// Without folding the log into the file, which whoever may write does as the last to close it.
fn reading(path: &Path) -> SqliteConnection {
    let mut db = SqliteConnection::establish(&format!("file:{}?mode=ro", path.display())).unwrap();
    db.batch_execute("PRAGMA busy_timeout = 5000").unwrap();
    db
}

fn administer(server: &str, sql: &str) {
    let mut db = PgConnection::establish(server).unwrap_or_else(|error| panic!("{server}: {error}"));
    diesel::sql_query(sql).execute(&mut db).unwrap_or_else(|error| panic!("{sql}: {error}"));
}
