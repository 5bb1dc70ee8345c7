//! SQLite's log (`…-wal`), folded into its file at quiet moments.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::connection::Db;
use super::error::StoreError;
use super::inspection::Inspection;
use super::log_labels::{LABEL, LABELS_OF_FILE, fact, newer_is_in_log, nothing_newer, set_fact};
use crate::base::{LogThrottle, hex, random_bytes};

/// So many commits go into the log before it is folded in, however busy it is.
const COMMITS: u32 = 250;
/// Readers of a moment are waited for: what is folded in then says that the log holds more.
const TRIES: u32 = 6;
const TRY_AGAIN: Duration = Duration::from_millis(4);
/// While a long reader stands in the way each new label is one more in the list. So the pauses double.
const PAUSE_FIRST: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_secs(600);

/// Folds the log in at quiet moments. Does nothing on PostgreSQL.
pub(super) struct LogFolding {
    /// Hears of a fold that failed.
    inspection: Inspection,
    /// Since the last label.
    commits: u32,
    /// The last label, while not all of the log is in the file.
    pending: Option<Pending>,
}

#[derive(Debug)]
struct Pending {
    label: String,
    /// When there may be another label, and how long it was waited for.
    again_at: Instant,
    pause: Duration,
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

impl LogFolding {
    pub(super) fn new(inspection: Inspection) -> LogFolding {
        LogFolding { inspection, commits: 0, pending: None }
    }

    /// Something was committed.
    pub(super) fn written(&mut self, db: &mut Db) {
        self.commits += 1;
        if self.commits >= COMMITS {
            self.fold(db);
        }
    }

    /// Nothing has been committed for a while.
    pub(super) fn fold_idle(&mut self, db: &mut Db) {
        if !self.is_folded() {
            self.fold(db);
        }
    }

    /// Whether nothing is left to fold in.
    pub(super) fn is_folded(&self) -> bool {
        self.commits == 0 && self.pending.is_none()
    }

    /// Nothing is written any more: all of the log goes into the file, so that a copy of it is whole.
    pub(super) fn close(db: &mut Db) {
        let Db::Sqlite(db) = db else { return };
        let closed =
            nothing_newer(db).and_then(|()| sql_query("PRAGMA wal_checkpoint(TRUNCATE)").execute(db));
        if let Err(error) = closed {
            tracing::warn!(%error, "the last checkpoint failed; the log is folded in at the next start");
        }
    }

    fn fold(&mut self, db: &mut Db) {
        static SAID: LogThrottle = LogThrottle::new();
        if self.commits > 0 && self.pending.as_ref().is_some_and(|pending| Instant::now() < pending.again_at)
        {
            return;
        }
        if let Db::Sqlite(db) = db
            && let Err(error) = self.fold_sqlite(db)
        {
            if let Some(left_out) = SAID.next_line() {
                tracing::warn!(%error, left_out, "the log of the database could not be folded into its file");
            }
            // A table that is gone is found here first: nobody's form asks for it.
            self.inspection.hears(&StoreError::Query(error));
        }
        self.commits = 0;
    }

    /// Where a reader stands in the way, the rest is folded in next time.
    fn fold_sqlite(&mut self, db: &mut SqliteConnection) -> QueryResult<()> {
        let pending = self.pending.take();
        let pause = pending.as_ref().map_or(PAUSE_FIRST, |pending| (pending.pause * 2).min(PAUSE_MAX));
        let (label, is_new) = match pending.filter(|_| self.commits == 0) {
            Some(pending) => (pending.label, false),
            None => (new_label(db)?, true),
        };
        let folded = fold_in(db);
        let whole = matches!(folded, Ok(true));
        if is_new || whole {
            db.immediate_transaction(|db| {
                nothing_newer(db)?;
                let is_last = fact(db, LABEL)?.as_deref() == Some(&label);
                if whole && is_last { set_fact(db, LABELS_OF_FILE, &label) } else { Ok(()) }
            })?;
        }
        if !whole {
            self.pending = Some(Pending { label, again_at: Instant::now() + pause, pause });
        }
        folded.map(|_whole| ())
    }
}

/// Whether all of the log is in the file now.
fn fold_in(db: &mut SqliteConnection) -> QueryResult<bool> {
    for tries in 1.. {
        let done: Checkpoint = sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result(db)?;
        if done.busy == 0 && done.log == done.checkpointed {
            return Ok(true);
        }
        if tries == TRIES {
            break;
        }
        std::thread::sleep(TRY_AGAIN);
    }
    Ok(false)
}

/// Until all of the log is in the file, the file may bear this label or an earlier one.
fn new_label(db: &mut SqliteConnection) -> QueryResult<String> {
    let label = hex(&random_bytes::<8>());
    db.immediate_transaction(|db| {
        let known = fact(db, LABELS_OF_FILE)?;
        let labels = known.map_or_else(|| label.clone(), |known| format!("{known} {label}"));
        newer_is_in_log(db)?;
        set_fact(db, LABEL, &label)?;
        set_fact(db, LABELS_OF_FILE, &labels)
    })?;
    Ok(label)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DatabaseUrl;
    use crate::db::connection::{Opener, migrate};

    #[test]
    fn a_reader_that_stays_does_not_make_the_list_of_labels_grow() {
        let folder = std::env::temp_dir().join(format!("kabinet-folding-{}", std::process::id()));
        let url = DatabaseUrl::Sqlite(folder.join("kabinet.db"));
        migrate(&url).unwrap();
        let opener = Opener::new(&url);
        let (mut db, mut reader) = (opener.open().unwrap(), opener.open().unwrap());
        let mut folding = LogFolding::new(Inspection::new(opener.clone()));
        folding.written(&mut db);
        folding.fold_idle(&mut db);
        let Db::Sqlite(reader) = &mut reader else { panic!("SQLite was asked for") };
        sql_query("BEGIN").execute(reader).unwrap();
        fact(reader, LABEL).unwrap();
        let labels = |db: &mut Db| {
            let Db::Sqlite(db) = db else { panic!("SQLite was asked for") };
            fact(db, LABELS_OF_FILE).unwrap().unwrap().split(' ').count()
        };
        for _ in 0..200 {
            let Db::Sqlite(writer) = &mut db else { panic!("SQLite was asked for") };
            set_fact(writer, "something", &hex(&random_bytes::<8>())).unwrap();
            folding.written(&mut db);
            folding.fold_idle(&mut db);
        }
        assert!(labels(&mut db) <= 3, "{} labels", labels(&mut db));
        sql_query("COMMIT").execute(reader).unwrap();
        std::thread::sleep(PAUSE_FIRST * 2);
        folding.fold_idle(&mut db);
        assert_eq!(labels(&mut db), 1);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
