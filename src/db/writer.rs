//! The write queue: one thread, one connection, many jobs to a commit.
//!
//! A commit costs a disk flush; jobs that wait together share one. Answers are given after the commit. Jobs seldom fail, so they
//! run one after the other without savepoints (two trips to the server each); when one fails, the group is rolled back and
//! run again, now with a savepoint for each, so that it takes nothing along. When the database asks for a retry
//! (serialization, lock), the group is rolled back and its jobs run one by one, each with retries.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::Connection;
use diesel::result::{Error, QueryResult};
use tokio::sync::oneshot;

use super::connection::{Db, Opener};
use super::error::{StartError, StoreError, is_disconnected, is_transient};
use crate::base::random_bytes;

const QUEUE_JOBS: usize = 1_024;
const GROUP_JOBS: usize = 64;
/// Some second in all: several instances that count in the same row meet again and again.
const RETRIES: u32 = 10;
const RETRY_FIRST_MS: u64 = 10;
const RETRY_MAX_MS: u64 = 200;
const RECONNECT_WAIT: Duration = Duration::from_millis(200);
const IDLE: Duration = Duration::from_secs(60);

/// One write, and who waits for it. The result stays inside until the commit.
trait Job: Send {
    fn run(&mut self, db: &mut Db, savepoint: Savepoint) -> Result<(), Error>;
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// Whether a job has a savepoint of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Savepoint {
    Each,
    None,
}

struct Waiting<T, F> {
    work: F,
    made: Option<QueryResult<T>>,
    caller: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, F: FnMut(&mut Db) -> QueryResult<T> + Send> Job for Waiting<T, F> {
    /// Err for errors that concern the whole group: of a job without a savepoint, all.
    fn run(&mut self, db: &mut Db, savepoint: Savepoint) -> Result<(), Error> {
        let made = match savepoint {
            Savepoint::Each => db.transaction(|db| (self.work)(db)),
            Savepoint::None => (self.work)(db),
        };
        match made {
            Err(error) if savepoint == Savepoint::None || is_transient(&error) || is_disconnected(&error) => {
                Err(error)
            }
            made => {
                self.made = Some(made);
                Ok(())
            }
        }
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let answer = match (outcome, self.made) {
            (Ok(()), Some(made)) => made.map_err(StoreError::from),
            (Ok(()), None) => Err(StoreError::Unavailable("the write was not run".to_owned())),
            (Err(error), _) => Err(error),
        };
        // A caller that has gone away does not need the answer; the write stands.
        let _ = self.caller.send(answer);
    }
}

pub(super) struct Writer {
    queue: Mutex<Option<SyncSender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(super) fn start(opener: Opener) -> Result<Writer, StartError> {
        let db = opener.open().map_err(|error| opener.start_error(error))?;
        let (queue, jobs) = sync_channel::<Box<dyn Job>>(QUEUE_JOBS);
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn({
                let opener = opener.clone();
                move || write_until_closed(&opener, db, &jobs)
            })
            .map_err(|error| opener.start_error(error))?;
        Ok(Writer { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) })
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (caller, answer) = oneshot::channel();
        let queue = self.queue.lock().ok().and_then(|queue| queue.clone());
        let Some(queue) = queue else { return Err(StoreError::Unavailable("shutting down".to_owned())) };
        match queue.try_send(Box::new(Waiting { work, made: None, caller })) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(StoreError::Busy),
            Err(TrySendError::Disconnected(_)) => {
                return Err(StoreError::Unavailable("the writer has stopped".to_owned()));
            }
        }
        drop(queue);
        answer.await.unwrap_or_else(|_gone| Err(StoreError::Unavailable("the writer has stopped".to_owned())))
    }

    pub(super) fn close(&self) {
        if let Ok(mut queue) = self.queue.lock() {
            queue.take();
        }
        let thread = self.thread.lock().ok().and_then(|mut thread| thread.take());
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer thread had panicked");
        }
    }
}

fn write_until_closed(opener: &Opener, mut db: Db, jobs: &Receiver<Box<dyn Job>>) {
    loop {
        let first = match jobs.recv_timeout(IDLE) {
            Ok(job) => job,
            Err(RecvTimeoutError::Timeout) => continue,
            Err(RecvTimeoutError::Disconnected) => break,
        };
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP_JOBS - 1));
        if let Err(error) = write_group(&mut db, group) {
            tracing::warn!(%error, "the write connection is lost; opening another");
            let Some(again) = reopen(opener, jobs, db) else { return };
            db = again;
        }
    }
    if let Err(error) = db.checkpoint() {
        tracing::warn!(%error, "the last checkpoint failed; the log is folded in at the next start");
    }
}

/// Writes a group and answers its callers. Err when the connection is lost.
fn write_group(db: &mut Db, mut group: Vec<Box<dyn Job>>) -> Result<(), Error> {
    let committed = match commit_all(db, &mut group, Savepoint::None) {
        Err(error) if !is_transient(&error) && !is_disconnected(&error) => {
            commit_all(db, &mut group, Savepoint::Each)
        }
        committed => committed,
    };
    match committed {
        Ok(()) => {
            for job in group {
                job.answer(Ok(()));
            }
            Ok(())
        }
        Err(error) if is_disconnected(&error) => {
            for job in group {
                job.answer(Err(StoreError::Unavailable(error.to_string())));
            }
            Err(error)
        }
        Err(_passing) => group.into_iter().try_for_each(|job| write_alone(db, job)),
    }
}

fn write_alone(db: &mut Db, job: Box<dyn Job>) -> Result<(), Error> {
    let mut alone = [job];
    let mut tries = 0;
    let outcome = loop {
        match commit_all(db, &mut alone, Savepoint::Each) {
            Err(error) if is_transient(&error) && tries < RETRIES => {
                std::thread::sleep(retry_wait(tries));
                tries += 1;
            }
            outcome => break outcome,
        }
    };
    let [job] = alone;
    match outcome {
        Ok(()) => job.answer(Ok(())),
        Err(error) if is_disconnected(&error) => {
            job.answer(Err(StoreError::Unavailable(error.to_string())));
            return Err(error);
        }
        Err(error) if is_transient(&error) => {
            tracing::warn!(%error, tries, "a write met others at each try");
            job.answer(Err(StoreError::Busy));
        }
        Err(error) => job.answer(Err(StoreError::from(error))),
    }
    Ok(())
}

/// One transaction around the jobs. On Err nothing of it is in the database (or, for a lost connection, nobody knows).
fn commit_all(db: &mut Db, jobs: &mut [Box<dyn Job>], savepoint: Savepoint) -> Result<(), Error> {
    db.begin()?;
    let run = jobs.iter_mut().try_for_each(|job| job.run(db, savepoint));
    match run.and_then(|()| db.is_whole()).and_then(|()| db.commit()) {
        Ok(()) => Ok(()),
        Err(error) => match db.roll_back() {
            // A commit that failed may have closed the transaction itself.
            Ok(()) | Err(Error::NotInTransaction) => Err(error),
            Err(worse) => Err(if is_disconnected(&error) { error } else { worse }),
        },
    }
}

/// 10 to 200 ms, doubling, with jitter: two instances that collided do not collide again.
fn retry_wait(tries: u32) -> Duration {
    let ceiling = RETRY_FIRST_MS.saturating_mul(1 << tries).min(RETRY_MAX_MS);
    let [noise] = random_bytes::<1>();
    Duration::from_millis(ceiling / 2 + ceiling * u64::from(noise) / 512)
}

/// Waits for the database to come back. Meanwhile queued jobs are refused at once, rather than left hanging. None when
/// the program shuts down first.
fn reopen(opener: &Opener, jobs: &Receiver<Box<dyn Job>>, broken: Db) -> Option<Db> {
    drop(broken);
    loop {
        match opener.open() {
            Ok(db) => return Some(db),
            Err(error) => tracing::warn!(%error, "the database does not answer"),
        }
        loop {
            match jobs.try_recv() {
                Ok(job) => job.answer(Err(StoreError::Unavailable("no connection".to_owned()))),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return None,
            }
        }
        std::thread::sleep(RECONNECT_WAIT);
    }
}
