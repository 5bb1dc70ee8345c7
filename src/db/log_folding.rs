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
