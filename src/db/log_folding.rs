//! SQLite's log (`…-wal`), folded into its file at quiet moments.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::connection::Db;
use super::log_labels::{LABEL, LABELS_OF_FILE, fact, set_fact};
use crate::base::{LogThrottle, hex, random_bytes};

/// So many commits go into the log before it is folded in, however busy it is.
const COMMITS: u32 = 250;

/// Folds the log in at quiet moments. Does nothing on PostgreSQL.
#[derive(Debug, Default)]
pub(super) struct LogFolding {
    /// Since the last label.
    commits: u32,
    /// The last label, while not all of the log is in the file.
    pending: Option<String>,
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
    /// Something was committed.
    pub(super) fn written(&mut self, db: &mut Db) {
        self.commits += 1;
        if self.commits >= COMMITS {
            self.fold(db);
        }
    }

    /// Nothing has been committed for a while.
    pub(super) fn fold_idle(&mut self, db: &mut Db) {
        if self.commits > 0 || self.pending.is_some() {
            self.fold(db);
        }
    }

    fn fold(&mut self, db: &mut Db) {
        static SAID: LogThrottle = LogThrottle::new();
        if let Db::Sqlite(db) = db
            && let Err(error) = self.fold_sqlite(db)
            && let Some(left_out) = SAID.next_line()
        {
            tracing::warn!(%error, left_out, "the log of the database could not be folded into its file");
        }
        self.commits = 0;
    }

    /// Where a reader stands in the way, the rest is folded in next time.
    fn fold_sqlite(&mut self, db: &mut SqliteConnection) -> QueryResult<()> {
        let label = match self.pending.take().filter(|_| self.commits == 0) {
            Some(label) => label,
            None => new_label(db)?,
        };
        let done: Checkpoint = sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result(db)?;
        if done.busy != 0 || done.log != done.checkpointed {
            self.pending = Some(label);
            return Ok(());
        }
        db.immediate_transaction(|db| {
            let is_last = fact(db, LABEL)?.as_deref() == Some(&label);
            if is_last { set_fact(db, LABELS_OF_FILE, &label) } else { Ok(()) }
        })
    }
}

/// Until all of the log is in the file, the file may bear this label or an earlier one.
fn new_label(db: &mut SqliteConnection) -> QueryResult<String> {
    let label = hex(&random_bytes::<8>());
    db.immediate_transaction(|db| {
        let known = fact(db, LABELS_OF_FILE)?;
        let labels = known.map_or_else(|| label.clone(), |known| format!("{known} {label}"));
        set_fact(db, LABEL, &label)?;
        set_fact(db, LABELS_OF_FILE, &labels)
    })?;
    Ok(label)
}
