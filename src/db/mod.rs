//! SQLite and PostgreSQL behind one connection type: reads through a pool, writes through one bounded queue.

mod connection;
mod error;
mod readers;
pub mod schema;
mod tx;
mod writer;

use std::sync::Arc;

use diesel::result::QueryResult;

use connection::Opener;
pub use connection::{Db, migrate, read_snapshot};
pub use error::{StartError, StoreError, retry, violates};
use readers::Readers;
pub use tx::{Tx, TxSource};
use writer::Writer;

use crate::config::DatabaseUrl;

/// The database as the rooms see it. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    readers: Readers,
    writer: Arc<Writer>,
}

impl Store {
    /// Opens a database whose schema is up to date.
    pub fn open(url: &DatabaseUrl) -> Result<Store, StartError> {
        let opener = Opener::new(url);
        let writer = Writer::start(opener.clone())?;
        Ok(Store { readers: Readers::new(opener), writer: Arc::new(writer) })
    }

    /// Runs a read off the request threads.
    pub async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let readers = self.readers.clone();
        tokio::task::spawn_blocking(move || readers.run(query))
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?
    }

    /// Hands a write to the queue and waits until it is committed. The job may run more than once, so it does nothing
    /// but SQL; it runs in a serializable transaction, and its error rolls back what it did and nothing else.
    pub async fn write<T: Send + 'static>(
        &self,
        job: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.run(job).await
    }

    /// Whether the database answers: one trivial read.
    pub async fn answers(&self) -> bool {
        self.read(|db| diesel::RunQueryDsl::execute(diesel::sql_query("SELECT 1"), db)).await.is_ok()
    }

    /// Finishes what is queued and closes the write connection.
    pub fn close(&self) {
        self.writer.close();
    }
}
