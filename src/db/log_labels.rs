//! Labels that tell which log (`…-wal`) belongs to which SQLite file.
//!
//! A log that was left beside a file which was put there from a backup would be replayed into it, and nobody would notice. So the
//! database carries a label, a new one each time the log is folded in, and beside it the labels which the file may bear for the
//! log to belong to it. While the log is folded in little by little the file has the old label or a newer one, so there may be
//! several.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use super::schema::system_state;

pub(super) const LABEL: &str = "database-label";
pub(super) const LABELS_OF_FILE: &str = "log-belongs-to";
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
