//! SQLite and PostgreSQL behind one connection type: reads through a pool, writes through one bounded queue.

mod checks;
mod connection;
mod cost;
mod counters;
mod error;
mod inspection;
mod job_progress;
mod log_folding;
mod log_labels;
mod own_thread;
mod readers;
pub mod schema;
mod start_trouble;
mod tx;
mod write_job;
mod writer;

use std::sync::Arc;
use std::time::Duration;

use diesel::result::QueryResult;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use connection::Opener;
pub use connection::{Db, is_new, migrate, read_snapshot};
pub use cost::{Cost, counting};
use cost::{measured, put_down};
pub use counters::{CounterRow, CounterRows};
pub use error::{StartError, StoreError, retry, violates};
use inspection::Inspection;
use own_thread::OwnThread;
use readers::{READERS, Readers};
pub use tx::{Tx, TxSource};
use writer::{ANSWER_WAIT, Writer};

use crate::config::DatabaseUrl;

const LOOK_INTO_FILE: Duration = Duration::from_secs(20);
const LOOK_AT_SERVER: Duration = Duration::from_secs(1);

/// The database as the rooms see it. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: Readers,
    own_thread: OwnThread,
    writer: Arc<Writer>,
    opener: Opener,
    /// Reads at the same time; more wait for their turn.
    turns: Arc<Semaphore>,
    inspection: Inspection,
}

impl Store {
    /// Opens a database whose schema is up to date.
    pub fn open(url: &DatabaseUrl) -> Result<Store, StartError> {
        let opener = Opener::new(url);
        let inspection = Inspection::new(opener.clone());
        let writer = Writer::start(opener.clone(), inspection.clone())?;
        let readers = Readers::new(opener.clone());
        let own_thread = OwnThread::new(opener.clone(), readers.outages());
        let turns = Arc::new(Semaphore::new(READERS.into()));
        Ok(Store { readers, own_thread, writer: Arc::new(writer), opener, turns, inspection })
    }

    /// Runs a read: a short one of SQLite at once, others off the request threads. It may run twice, so it does nothing but SQL;
    /// after 4.5 s nobody waits for it any more.
    pub async fn read<T: Send + 'static>(
        &self,
        mut query: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (found, cost) = measured(|| self.own_thread.run(&mut query));
        put_down(cost);
        if let Some(found) = found {
            return Ok(found);
        }
        let (readers, turns) = (self.readers.clone(), Arc::clone(&self.turns));
        // A read that is given up while it waits for its turn takes no thread: there are few, and others need them.
        let read = async move {
            let Ok(turn) = turns.acquire_owned().await else {
                return Ok((Err(StoreError::Unavailable("shutting down".to_owned())), Cost::default()));
            };
            let run = move || {
                let _turn = turn;
                measured(|| readers.run(query))
            };
            tokio::task::spawn_blocking(run).await
        };
        let outcome = match timeout(ANSWER_WAIT, read).await {
            Ok(Ok((outcome, cost))) => {
                put_down(cost);
                outcome
            }
            Ok(Err(error)) => Err(StoreError::Unavailable(error.to_string())),
            Err(_late) => {
                self.readers.is_silent();
                Err(StoreError::Unavailable("a read waits too long".to_owned()))
            }
        };
        outcome.inspect_err(|error| self.inspection.hears(error))
    }

    /// Hands a write to the queue and waits until it is committed. The job may run more than once, so it does nothing
    /// but SQL; it runs in a serializable transaction, and its error rolls back what it did and nothing else.
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.run(job).await.inspect_err(|error| self.inspection.hears(error))
    }

    /// How long whoever waits for rows may go without a look at what another instance has written. Instances share a server; a file has
    /// one program, and is looked at for whatever was forgotten.
    pub fn others_are_looked_for_after(&self) -> Duration {
        if self.opener.is_sqlite() { LOOK_INTO_FILE } else { LOOK_AT_SERVER }
    }

    /// What is said when the program does not start because of that.
    pub fn start_error(&self, error: &StoreError) -> StartError {
        self.opener.start_error(error)
    }

    /// Looks whether the database is what this program needs: at once for a small one, in the background for a large one. What
    /// is wrong goes into the log, and `trouble` says it until it is mended.
    pub fn check(&self) {
        if self.opener.is_large() {
            self.inspection.look_soon();
        } else {
            self.inspection.look();
        }
    }

    /// Why requests cannot be served as they should; None when all is well.
    pub async fn trouble(&self) -> Option<String> {
        if let Some(damage) = self.inspection.found() {
            return Some(format!("the database is not in order: {damage}"));
        }
        let read = self.read(|db| diesel::RunQueryDsl::execute(diesel::sql_query("SELECT 1"), db)).await;
        if let Err(error) = read {
            return Some(error.to_string());
        }
        if self.writer.is_out_of_order() {
            if let Err(error) = self.write(checks::write_something).await {
                return Some(format!("nothing can be written: {error}"));
            }
            self.writer.is_in_order();
        }
        None
    }

    /// Finishes what is queued and closes the write connection.
    pub fn close(&self) {
        self.writer.close();
    }
}
