//! What can happen to a database under a portal: somebody else holds its lock, a page of its file is damaged, a table is gone, a
//! newer program was here, a server ends every connection.

use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::support::database::Database;

/// A program that has begun to write to a SQLite file and does not go on.
pub struct HeldLock {
    _db: SqliteConnection,
}

impl HeldLock {
    pub fn on(file: &Path) -> HeldLock {
        let mut db = SqliteConnection::establish(&file.display().to_string()).unwrap();
        db.batch_execute("PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE").unwrap();
        HeldLock { _db: db }
    }
}

impl Database {
    /// Overwrites every page of a table of a file that nobody has open.
    pub fn is_damaged_at(&self, table: &str) {
        let pages =
            self.lines(&format!("SELECT CAST(pageno AS TEXT) AS line FROM dbstat WHERE name = '{table}'"));
        let pages = if pages.is_empty() { self.root_page(table) } else { pages };
        let size: u64 =
            self.lines("SELECT CAST(page_size AS TEXT) AS line FROM pragma_page_size")[0].parse().unwrap();
        let mut file = OpenOptions::new().write(true).open(self.file()).unwrap();
        for page in pages {
            let number: u64 = page.parse().unwrap();
            file.seek(SeekFrom::Start((number - 1) * size)).unwrap();
            file.write_all(&vec![0xA5; usize::try_from(size).unwrap()]).unwrap();
        }
    }

    fn root_page(&self, table: &str) -> Vec<String> {
        self.lines(&format!(
            "SELECT CAST(rootpage AS TEXT) AS line FROM sqlite_master WHERE name = '{table}'"
        ))
    }

    pub fn loses_table(&self, table: &str) {
        self.executes(&format!("ALTER TABLE {table} RENAME TO somewhere_else"));
    }

    /// Makes a role that is nobody's superuser and may make tables here. Its name.
    pub fn has_a_role(&self) -> String {
        let (name, _) = self.at_a_server();
        let role = format!("{name}_role");
        self.executes(&format!("DROP ROLE IF EXISTS {role}; CREATE ROLE {role} LOGIN"));
        self.executes(&format!("GRANT ALL ON SCHEMA public TO {role}"));
        role
    }

    pub fn was_used_by_a_newer_program(&self) {
        self.executes("INSERT INTO __diesel_schema_migrations (version) VALUES ('29990101000001')");
    }

    /// Ends every connection to this database but the one that says so.
    pub fn ends_connections(&self) {
        self.lines(
            "SELECT pg_terminate_backend(pid)::text AS line FROM pg_stat_activity \
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        );
    }
}
