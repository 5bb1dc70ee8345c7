//! A SQLite file of the sandbox's own. Clones share one connection; several processes may share the file.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

#[derive(Debug, thiserror::Error)]
pub enum FileError {
    #[error("cannot make the folder of the {0}: {1}")]
    Folder(&'static str, #[source] io::Error),
    #[error("cannot open the {0}: {1}")]
    Open(&'static str, #[source] diesel::ConnectionError),
    #[error("the {0} does not answer: {1}")]
    Query(&'static str, #[source] diesel::result::Error),
    #[error("the {0} is not to be had")]
    Gone(&'static str),
}

#[derive(Clone)]
pub(super) struct File {
    /// Whose file it is: the bank's or the mailbox's.
    name: &'static str,
    db: Arc<Mutex<SqliteConnection>>,
}

impl File {
    /// Opens the file, or makes it. `:memory:` keeps nothing.
    pub fn open(name: &'static str, path: &Path, setup: &str) -> Result<File, FileError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| FileError::Folder(name, error))?;
        }
        let opened = SqliteConnection::establish(&path.to_string_lossy());
        let mut db = opened.map_err(|error| FileError::Open(name, error))?;
        db.batch_execute(setup).map_err(|error| FileError::Query(name, error))?;
        Ok(File { name, db: Arc::new(Mutex::new(db)) })
    }

    /// One transaction: all of it, or nothing.
    pub fn transaction<T>(
        &self,
        work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T>,
    ) -> Result<T, FileError> {
        let mut db = self.db.lock().map_err(|_poisoned| self.gone())?;
        db.immediate_transaction(work).map_err(|error| FileError::Query(self.name, error))
    }

    /// The same off the request threads.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&File) -> Result<T, FileError> + Send + 'static,
    ) -> Result<T, FileError> {
        let file = self.clone();
        tokio::task::spawn_blocking(move || work(&file)).await.map_err(|_stopped| self.gone())?
    }

    fn gone(&self) -> FileError {
        FileError::Gone(self.name)
    }
}
