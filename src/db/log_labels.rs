//! Labels that tell which log (`…-wal`) belongs to which SQLite file.
//!
//! A log that was left beside a file which was put there from a backup would be replayed into it, and nobody would notice. So the
//! database carries a label, a new one each time the log is folded in, and beside it the labels which the file may bear for the
//! log to belong to it. While the log is folded in little by little the file has the old label or a newer one, so there may be
//! several.
//!
//! A file that was copied while the portal ran, without its log, lacks the newest writes. So what is folded into the file says
//! that the log holds newer writes, and what is written right afterwards, into the log alone, says that there are none: whoever
//! reads both, a backup or another program, finds the second word, and a file that has lost its log has the first. A backup of
//! the moment between the two is told by the schema's version, which stands beside the word: `.backup` makes it small, `VACUUM
//! INTO` one greater.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Integer, Text};

use super::schema::system_state;

pub(super) const LABEL: &str = "database-label";
pub(super) const LABELS_OF_FILE: &str = "log-belongs-to";
/// The schema's version while the log holds newer writes than the file.
const NEWER_IN_LOG: &str = "newer-in-log";
const NOTHING: &str = "nothing";
/// A schema's version that no `.backup` will ever bear: it counts from 1, one up each time it is made over another.
const HIGH_VERSION: i32 = 1 << 30;
const SET_HIGH_VERSION: &str = "PRAGMA schema_version = 1073741824";
/// A log of a header and half a page holds nothing.
const LOG_HEADER_BYTES: u64 = 32;
const LOOKS: u32 = 3;
const LOOK_AGAIN: Duration = Duration::from_millis(100);

pub(super) fn fact(db: &mut SqliteConnection, name: &str) -> QueryResult<Option<String>> {
    system_state::table.find(name).select(system_state::value).first(db).optional()
}

pub(super) fn set_fact(db: &mut SqliteConnection, name: &str, value: &str) -> QueryResult<()> {
    diesel::insert_into(system_state::table)
        .values((system_state::name.eq(name), system_state::value.eq(value)))
        .on_conflict(system_state::name)
        .do_update()
        .set(system_state::value.eq(value))
        .execute(db)
        .map(|_rows| ())
}

#[derive(QueryableByName)]
struct Schema {
    #[diesel(sql_type = Integer)]
    schema_version: i32,
}

fn schema_version(db: &mut SqliteConnection) -> QueryResult<i32> {
    sql_query("SELECT schema_version FROM pragma_schema_version")
        .get_result(db)
        .map(|schema: Schema| schema.schema_version)
}

/// Says that the log holds writes that the file does not have. To be folded in.
pub(super) fn newer_is_in_log(db: &mut SqliteConnection) -> QueryResult<()> {
    let mut version = schema_version(db)?;
    if version < HIGH_VERSION {
        sql_query(SET_HIGH_VERSION).execute(db)?;
        version = HIGH_VERSION;
    }
    set_fact(db, NEWER_IN_LOG, &version.to_string())
}

/// Says that there are no newer writes than those of whoever reads this.
pub(super) fn nothing_newer(db: &mut SqliteConnection) -> QueryResult<()> {
    match fact(db, NEWER_IN_LOG)? {
        Some(newer) if newer != NOTHING => set_fact(db, NEWER_IN_LOG, NOTHING),
        _ => Ok(()),
    }
}

/// Err when a SQLite file has lost the log with its newest writes, in words for whoever starts the program.
pub(super) fn refuse_lost_log(path: &Path) -> Result<(), String> {
    if has_log(path) || !path.exists() || !is_newer_in_log(path).unwrap_or(false) {
        return Ok(());
    }
    let file = path.display();
    Err(format!(
        "{file} lacks its newest writes: it was copied while the portal ran, without its log {file}-wal, or the log was deleted. \
         Put the log beside it, or a copy in its place that SQLite has made (sqlite3 {file} \".backup copy.db\"). To go on without \
         those writes, run `kabinet migrate` first; nothing was changed"
    ))
}

fn is_newer_in_log(path: &Path) -> Result<bool, Box<dyn std::error::Error>> {
    let mut db = SqliteConnection::establish(&file_uri(path, "immutable=1"))?;
    let newer = fact(&mut db, NEWER_IN_LOG)?;
    Ok(newer == Some(schema_version(&mut db)?.to_string()))
}

fn has_log(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > LOG_HEADER_BYTES)
}

/// Err when the log beside a SQLite file is not its own, in words for whoever starts the program. Neither is touched.
pub(super) fn refuse_foreign_log(path: &Path) -> Result<(), String> {
    if !has_log(path) {
        return Ok(());
    }
    let log = beside(path, "-wal");
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

pub(super) fn file_uri(path: &Path, how: &str) -> String {
    let path = path.to_string_lossy();
    let escaped = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{escaped}?{how}")
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
