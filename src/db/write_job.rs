//! One write, as it stands in the queue.

use diesel::Connection;
use diesel::result::{Error, QueryResult};
use tokio::sync::oneshot;

use super::connection::Db;
use super::cost::{Cost, measured};
use super::error::{StoreError, Trouble};
use super::job_progress::Progress;

/// One write, and who waits for it. The result stays inside until the commit.
pub(super) trait Job: Send {
    fn run(&mut self, db: &mut Db, savepoints: Savepoints) -> Result<(), Error>;
    /// Its share of what was done for all of a group.
    fn shares(&mut self, cost: Cost);
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
    fn progress(&self) -> &Progress;
}

/// Whether each job has a savepoint of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Savepoints {
    None,
    Each,
}

/// What a caller is told, and what it has cost.
pub(super) type Answer<T> = (Result<T, StoreError>, Cost);

pub(super) struct Waiting<T, F> {
    work: F,
    made: Option<QueryResult<T>>,
    cost: Cost,
    caller: oneshot::Sender<Answer<T>>,
    progress: Progress,
}

impl<T, F> Waiting<T, F> {
    pub(super) fn new(work: F, caller: oneshot::Sender<Answer<T>>, progress: Progress) -> Waiting<T, F> {
        Waiting { work, made: None, cost: Cost::default(), caller, progress }
    }
}

impl<T: Send, F: FnMut(&mut Db) -> QueryResult<T> + Send> Job for Waiting<T, F> {
    /// Err for errors that concern the whole group: of a job without a savepoint, all.
    fn run(&mut self, db: &mut Db, savepoints: Savepoints) -> Result<(), Error> {
        let work = &mut self.work;
        let (made, cost) = measured(|| match savepoints {
            Savepoints::Each => db.transaction(|db| work(db)),
            Savepoints::None => work(db),
        });
        self.cost += cost;
        match made {
            Err(error) if savepoints == Savepoints::None || Trouble::of(&error) != Trouble::Own => Err(error),
            made => {
                self.made = Some(made);
                Ok(())
            }
        }
    }

    fn shares(&mut self, cost: Cost) {
        self.cost += cost;
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let answer = match (outcome, self.made) {
            (Ok(()), Some(made)) => made.map_err(StoreError::from),
            (Ok(()), None) => Err(StoreError::Unavailable("the write was not run".to_owned())),
            (Err(error), _) => Err(error),
        };
        // A caller that has gone away does not need the answer; the write stands.
        let _ = self.caller.send((answer, self.cost));
    }

    fn progress(&self) -> &Progress {
        &self.progress
    }
}
