//! SQLite's log (`…-wal`), folded into its file at quiet moments, and labels that tell which log belongs to which file.
//!
//! A log that was left beside a file which was put there from a backup would be replayed into it, and nobody would notice. So the
//! database carries a label, a new one each time the log is folded in, and beside it the labels which the file may bear for the
//! log to belong to it. While the log is folded in little by little the file has the old label or a newer one, so there may be
//! several.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::connection::Db;
use super::schema::system_state;
use crate::base::{LogThrottle, hex, random_bytes};

const LABEL: &str = "database-label";
const LABELS_OF_FILE: &str = "log-belongs-to";
/// So many commits go into the log before it is folded in, however busy it is.
const COMMITS: u32 = 250;
/// A log of a header and half a page holds nothing.
const LOG_HEADER_BYTES: u64 = 32;
const LOOKS: u32 = 3;
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Folds the log in at quiet moments. Does nothing on PostgreSQL.
#[derive(Debug, Default)]
pub(super) struct LogLabels {
    commits: u32,
}

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = BigInt)]
    busy: i64,
    #[diesel(sql_type = BigInt)]
    log: i64,
    #[diesel(sql_type = BigInt)]
    checkpointed: i64,
}

impl LogLabels {
    /// Something was committed.
    pub(super) fn written(&mut self, db: &mut Db) {
        self.commits += 1;
        if self.commits >= COMMITS {
            self.fold(db);
        }
    }

    /// Nothing has been committed for a while.
    pub(super) fn fold_idle(&mut self, db: &mut Db) {
        if self.commits > 0 {
            self.fold(db);
        }
    }

    fn fold(&mut self, db: &mut Db) {
        static SAID: LogThrottle = LogThrottle::new();
        self.commits = 0;
        if let Db::Sqlite(db) = db
            && let Err(error) = fold(db)
            && let Some(left_out) = SAID.next_line()
        {
            tracing::warn!(%error, left_out, "the log of the database could not be folded into its file");
        }
    }
}

fn fold(db: &mut SqliteConnection) -> QueryResult<()> {
    let label = hex(&random_bytes::<8>());
    db.immediate_transaction(|db| {
        let known = fact(db, LABELS_OF_FILE)?;
        let labels = known.map_or_else(|| label.clone(), |known| format!("{known} {label}"));
        set_fact(db, LABEL, &label)?;
        set_fact(db, LABELS_OF_FILE, &labels)
    })?;
    let done: Checkpoint = sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result(db)?;
    if done.busy != 0 || done.log != done.checkpointed {
        // A reader stands in the way: the rest is folded in next time.
        return Ok(());
    }
    db.immediate_transaction(|db| {
        let is_last = fact(db, LABEL)?.as_deref() == Some(&label);
        if is_last { set_fact(db, LABELS_OF_FILE, &label) } else { Ok(()) }
    })
}

fn fact(db: &mut SqliteConnection, name: &str) -> QueryResult<Option<String>> {
    system_state::table.find(name).select(system_state::value).first(db).optional()
}

fn set_fact(db: &mut SqliteConnection, name: &str, value: &str) -> QueryResult<()> {
    diesel::insert_into(system_state::table)
        .values((system_state::name.eq(name), system_state::value.eq(value)))
        .on_conflict(system_state::name)
        .do_update()
        .set(system_state::value.eq(value))
        .execute(db)
        .map(|_rows| ())
}

/// Err when the log beside a SQLite file is not its own, in words for whoever starts the program. Neither is touched.
pub(super) fn refuse_foreign_log(path: &Path) -> Result<(), String> {
    let log = beside(path, "-wal");
    let log_bytes = std::fs::metadata(&log).map_or(0, |log| log.len());
    if log_bytes <= LOG_HEADER_BYTES {
        return Ok(());
    }
    let (file, log) = (path.display(), log.display());
    if !path.exists() {
        return Err(format!(
            "{file} is missing, but its log {log} is there: put the file back, or move the log away as well"
        ));
    }
    // Another program may just be folding the log in: it is looked at again.
    for _ in 0..LOOKS {
        let (alone, together) = (Labels::of(path, "immutable=1"), Labels::of(path, "mode=ro"));
        let belongs = match (alone, together) {
            (Ok(alone), Ok(together)) => together.admits(alone.label.as_deref()),
            // The file can be read alone, and with this log it cannot.
            (Ok(_), Err(_)) => false,
            // The file is damaged, or has not a page yet: the log is not to blame.
            (Err(_), _) => true,
        };
        if belongs {
            return Ok(());
        }
        std::thread::sleep(LOOK_AGAIN);
    }
    Err(format!(
        "{log} is not the log of {file}: the file was put beside the log of another, as happens when a backup is restored. To \
         start from the file, move the log and {file}-shm away; nothing was changed"
    ))
}

struct Labels {
    label: Option<String>,
    of_file: String,
}

#[derive(QueryableByName)]
struct Verdict {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

impl Labels {
    fn admits(&self, label_of_file: Option<&str>) -> bool {
        label_of_file.is_none_or(|label| self.of_file.split(' ').any(|one| one == label))
    }

    /// What the database says when it is opened in that way. Err when it is not whole.
    fn of(path: &Path, how: &str) -> Result<Labels, Box<dyn std::error::Error>> {
        let mut db = SqliteConnection::establish(&file_uri(path, how))?;
        let verdict: Verdict = sql_query("PRAGMA quick_check(1)").get_result(&mut db)?;
        if verdict.quick_check != "ok" {
            return Err(verdict.quick_check.into());
        }
        let label = fact(&mut db, LABEL)?;
        Ok(Labels { label, of_file: fact(&mut db, LABELS_OF_FILE)?.unwrap_or_default() })
    }
}

fn file_uri(path: &Path, how: &str) -> String {
    let path = path.to_string_lossy();
    let escaped = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{escaped}?{how}")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
