//! The write queue: one thread, one connection, many jobs to a commit.
//!
//! A commit costs a disk flush; jobs that wait together share one. Answers are given after the commit. Jobs seldom fail, so they
//! run one after the other without savepoints (two trips to the server each); when one fails, the group is rolled back and
//! run again, now with a savepoint for each, so that it takes nothing along. When others are in the way (serialization, lock),
//! the group is rolled back and its jobs run one by one, each with retries. A connection that is lost before the COMMIT has
//! changed nothing: the group runs once more on a fresh one.
//!
//! Nobody waits without end: a caller gives up after `ANSWER_WAIT`, and what was given up is not committed any more. Only when
//! the COMMIT itself is on its way does nobody know.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TryRecvError, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use diesel::result::{Error, QueryResult};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::connection::{Db, FileId, Opener};
use super::cost::{measured, put_down};
use super::error::{CONNECTIONS_TRIED, StartError, StoreError, Trouble, retry};
use super::inspection::Inspection;
use super::job_progress::{Progress, retry_wait};
use super::log_folding::LogFolding;
use super::write_job::{Answer, Job, Savepoints, Waiting};
use crate::base::LogThrottle;

/// How long a caller waits for its write, or its read.
pub(super) const ANSWER_WAIT: Duration = Duration::from_millis(4_500);
const QUEUE_JOBS: usize = 1_024;
const GROUP_JOBS: usize = 64;
/// Some second in all: several instances that count in the same row meet again and again.
const RETRIES: u32 = 10;
const RECONNECT_WAIT: Duration = Duration::from_millis(200);
/// When nothing has been written for so long, the log is folded into the file.
const IDLE: Duration = Duration::from_secs(1);

/// What is written into a file that is no longer in its place is lost.
const REPLACED: &str = "its file was moved, deleted or replaced under the running program: start it again";

pub(super) struct Writer {
    queue: Mutex<Option<SyncSender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    out_of_order: Arc<AtomicBool>,
}

impl Writer {
    pub(super) fn start(opener: Opener, inspection: Inspection) -> Result<Writer, StartError> {
        let db = opener.open().map_err(|error| opener.start_error(error))?;
        let (queue, jobs) = sync_channel::<Box<dyn Job>>(QUEUE_JOBS);
        let out_of_order = Arc::new(AtomicBool::new(false));
        let (file, flag) = (opener.file(), Arc::clone(&out_of_order));
        let connection = WriteConnection { db, opener: opener.clone(), file, out_of_order: flag };
        let thread = std::thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || write_until_closed(connection, &jobs, inspection))
            .map_err(|error| opener.start_error(error))?;
        Ok(Writer { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)), out_of_order })
    }

    /// Whether a write has found the database unable to write, since `is_in_order` was called last. Writes that change nothing go
    /// through even then, so a write that was done says little.
    pub(super) fn is_out_of_order(&self) -> bool {
        self.out_of_order.load(Ordering::Relaxed)
    }

    pub(super) fn is_in_order(&self) {
        self.out_of_order.store(false, Ordering::Relaxed);
    }

    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Db) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (caller, answer) = oneshot::channel::<Answer<T>>();
        let queue = self.queue.lock().ok().and_then(|queue| queue.clone());
        let Some(queue) = queue else { return Err(StoreError::Unavailable("shutting down".to_owned())) };
        let progress = Progress::new();
        match queue.try_send(Box::new(Waiting::new(work, caller, progress.clone()))) {
            Ok(()) => {}
            Err(TrySendError::Full(_)) => return Err(StoreError::Busy),
            Err(TrySendError::Disconnected(_)) => {
                return Err(StoreError::Unavailable("the writer has stopped".to_owned()));
            }
        }
        drop(queue);
        match timeout(ANSWER_WAIT, answer).await {
            Ok(Ok((answered, cost))) => {
                put_down(cost);
                answered
            }
            Ok(Err(_gone)) => Err(StoreError::Unavailable("the writer has stopped".to_owned())),
            Err(_late) if progress.give_up() => {
                self.out_of_order.store(true, Ordering::Relaxed);
                Err(StoreError::Unavailable("a write waits too long".to_owned()))
            }
            Err(_late) => Err(StoreError::Unanswered),
        }
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

fn write_until_closed(
    mut connection: WriteConnection,
    jobs: &Receiver<Box<dyn Job>>,
    inspection: Inspection,
) {
    let mut folding = LogFolding::new(inspection);
    // So that every file has a label from the first moment on.
    folding.written(&mut connection.db);
    folding.fold_idle(&mut connection.db);
    loop {
        let first = match jobs.recv_timeout(if folding.is_folded() { Duration::MAX } else { IDLE }) {
            Ok(job) => job,
            Err(RecvTimeoutError::Timeout) => {
                folding.fold_idle(&mut connection.db);
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => break,
        };
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP_JOBS - 1));
        let written = connection.write_group(group);
        match written {
            Ok(()) => folding.written(&mut connection.db),
            Err(error) => {
                tracing::warn!(%error, "the write connection is lost; opening another");
                if !connection.reopen(jobs) {
                    return;
                }
            }
        }
    }
    LogFolding::close(&mut connection.db);
}

/// The one connection that writes.
struct WriteConnection {
    db: Db,
    opener: Opener,
    /// Which file is open; none on PostgreSQL.
    file: Option<FileId>,
    out_of_order: Arc<AtomicBool>,
}

/// Why a transaction was not committed.
struct Failed {
    error: Error,
    /// Only the COMMIT can have been done all the same.
    at_commit: bool,
}

impl From<Error> for Failed {
    fn from(error: Error) -> Failed {
        Failed { error, at_commit: false }
    }
}

impl WriteConnection {
    /// Writes a group and answers its callers. Err when the connection is lost.
    fn write_group(&mut self, mut group: Vec<Box<dyn Job>>) -> Result<(), Error> {
        if !self.opener.is_in_its_place(self.file) {
            self.out_of_order.store(true, Ordering::Relaxed);
            for job in group {
                job.answer(Err(StoreError::Unavailable(REPLACED.to_owned())));
            }
            return Ok(());
        }
        let mut savepoints = Savepoints::None;
        let mut failed = self.commit_afresh(&mut group, savepoints);
        if let Err(Failed { error, at_commit: false }) = &failed
            && Trouble::of(error) == Trouble::Own
        {
            savepoints = Savepoints::Each;
            failed = self.commit_afresh(&mut group, savepoints);
        }
        match failed {
            Err(Failed { error, .. })
                if matches!(Trouble::of(&error), Trouble::Contention | Trouble::Own) =>
            {
                group.into_iter().try_for_each(|job| self.write_alone(job))
            }
            outcome => self.answer(group, outcome),
        }
    }

    fn write_alone(&mut self, job: Box<dyn Job>) -> Result<(), Error> {
        let retry_until = job.progress().retry_until;
        let mut alone = vec![job];
        let mut tries = 0;
        let outcome = loop {
            if Instant::now() > retry_until {
                return self.answer(alone, Err(retry().into()));
            }
            match self.commit_afresh(&mut alone, Savepoints::Each) {
                Err(Failed { error, .. })
                    if Trouble::of(&error) == Trouble::Contention && tries < RETRIES =>
                {
                    std::thread::sleep(retry_wait(tries));
                    tries += 1;
                }
                outcome => break outcome,
            }
        };
        self.answer(alone, outcome)
    }

    /// Answers everybody of a group. Err when the connection is lost.
    fn answer(&mut self, group: Vec<Box<dyn Job>>, outcome: Result<(), Failed>) -> Result<(), Error> {
        let Err(Failed { error, at_commit }) = outcome else {
            group.into_iter().for_each(|job| job.answer(Ok(())));
            return Ok(());
        };
        let everybody = |group: Vec<Box<dyn Job>>, why: fn(String) -> StoreError| {
            group.into_iter().for_each(|job| job.answer(Err(why(error.to_string()))));
        };
        match Trouble::of(&error) {
            Trouble::Own => {
                // A job that ran alone: in a group each has a savepoint.
                let mut error = Some(error);
                for job in group {
                    job.answer(Err(error.take().map_or(StoreError::Busy, StoreError::Query)));
                }
                return Ok(());
            }
            Trouble::Contention => {
                // Ready looks whether somebody holds all of it, or only what these wanted.
                self.out_of_order.store(true, Ordering::Relaxed);
                everybody(group, |_| StoreError::Busy);
            }
            Trouble::Outage => {
                static SAID: LogThrottle = LogThrottle::new();
                self.out_of_order.store(true, Ordering::Relaxed);
                if let Some(left_out) = SAID.next_line() {
                    tracing::error!(%error, left_out, "nothing can be written");
                }
                everybody(group, StoreError::Unavailable);
            }
            Trouble::Disconnected => {
                everybody(
                    group,
                    if at_commit { |_| StoreError::Unanswered } else { StoreError::Unavailable },
                );
                return Err(error);
            }
        }
        Ok(())
    }

    /// One transaction around the jobs; on a fresh connection, when this one turns out to be lost before anything is committed.
    fn commit_afresh(&mut self, jobs: &mut Vec<Box<dyn Job>>, savepoints: Savepoints) -> Result<(), Failed> {
        let mut tries = 1;
        loop {
            match commit_all(&mut self.db, jobs, savepoints) {
                Err(failed)
                    if !failed.at_commit
                        && tries < CONNECTIONS_TRIED
                        && Trouble::of(&failed.error) == Trouble::Disconnected =>
                {
                    self.db = self.opener.open().map_err(|_away| failed.error)?;
                    tries += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// Waits for the database to come back. Meanwhile queued jobs are refused at once, rather than left hanging. False when
    /// the program shuts down first.
    fn reopen(&mut self, jobs: &Receiver<Box<dyn Job>>) -> bool {
        static SAID: LogThrottle = LogThrottle::new();
        loop {
            match self.opener.open() {
                Ok(db) => {
                    self.db = db;
                    return true;
                }
                Err(error) => {
                    if let Some(left_out) = SAID.next_line() {
                        tracing::warn!(%error, left_out, "the database does not answer");
                    }
                }
            }
            loop {
                match jobs.try_recv() {
                    Ok(job) => job.answer(Err(StoreError::Unavailable("no connection".to_owned()))),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return false,
                }
            }
            std::thread::sleep(RECONNECT_WAIT);
        }
    }
}

/// One transaction around the jobs. On Err nothing of it is in the database (or, for a connection lost at the COMMIT, nobody knows).
fn commit_all(db: &mut Db, jobs: &mut Vec<Box<dyn Job>>, savepoints: Savepoints) -> Result<(), Failed> {
    loop {
        jobs.retain(|job| !job.progress().is_given_up());
        if jobs.is_empty() {
            return Ok(());
        }
        let (begun, mut shared) = measured(|| db.begin());
        begun?;
        let run = jobs.iter_mut().try_for_each(|job| job.run(db, savepoints));
        if let Err(error) = run.and_then(|()| db.is_whole()) {
            return Err(rolled_back(db, error).into());
        }
        let all_wait = jobs.iter().all(|job| job.progress().begins_commit());
        let (outcome, ended) = measured(|| if all_wait { db.commit() } else { db.roll_back() });
        shared += ended;
        jobs.iter_mut().for_each(|job| job.shares(shared));
        let outcome = outcome.map_err(|error| Failed { error: rolled_back(db, error), at_commit: all_wait });
        match outcome {
            Ok(()) if all_wait => return Ok(()),
            // The connection took the answer along.
            Err(failed) if all_wait && Trouble::of(&failed.error) == Trouble::Disconnected => {
                return Err(failed);
            }
            outcome => {
                for job in jobs.iter() {
                    job.progress().is_open_again();
                }
                outcome?;
            }
        }
    }
}

/// Takes back what failed. A commit that failed may have closed the transaction itself.
fn rolled_back(db: &mut Db, error: Error) -> Error {
    match db.roll_back() {
        Ok(()) | Err(Error::NotInTransaction) => error,
        Err(_worse) if Trouble::of(&error) == Trouble::Disconnected => error,
        Err(worse) => worse,
    }
}
