//! Claim, lease, run, record: the one loop of whatever the worker does for others.

use std::future::{Future, ready};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::base::{Moment, seconds};
use crate::db::{StoreError, TxSource};

/// What could not be read is read again so soon.
const READ_AGAIN: Duration = seconds(1);
/// How long a stop waits for what is on its way.
const FINISH_WITHIN: Duration = seconds(10);
/// Between tries to record an outcome.
const RECORD_WAIT: Duration = Duration::from_millis(500);

/// What a look has found.
pub(super) struct Found<C> {
    pub claims: Vec<C>,
    /// When there will be more.
    pub next: Option<Moment>,
}

/// Waits until the next row is due, by the database's clock; or for as long as another instance may have written something that this
/// one has heard nothing of.
pub(super) async fn due(txs: &TxSource, next: Option<Moment>) {
    let look = sleep(txs.store.others_are_looked_for_after());
    match next {
        Some(next) => tokio::select! {
            () = txs.clock.until(next) => {}
            () = look => {}
        },
        None => look.await,
    }
}

/// A queue of rows that are due, and what is done about each of them.
///
/// A piece of work goes through three steps, and the program may be killed between any two of them. `claim` takes rows for this
/// instance, in a transaction: it counts the try and puts the row's next time off by a lease that outlasts the longest `run`, so
/// that whoever dies is followed by the next claim, and nobody else runs the row meanwhile. `run` speaks to the outside world,
/// outside of any transaction, under the operation's own id: it may come to be run twice. `record` writes down what came of it, in
/// one transaction with whatever follows from it, and only if the claim still stands: the row's state and its number of tries are
/// what they were.
///
/// Whoever adds a queue writes these three, and says when there may be something to do; order, bounds, repetition and stopping are
/// the loop's. Queues do not wait for each other.
pub(super) trait WorkQueue: Send + Sync + 'static {
    type Claim: Clone + Send + Sync + 'static;
    type Outcome: Clone + Send + Sync + 'static;

    /// Claims that are run at one time. A claim that waited for its turn could lapse: only as many are made as can be run at once.
    const AT_ONCE: usize;

    /// For the log.
    fn name(&self) -> &'static str;

    /// Waits until anything can be done at all; until then nothing is claimed.
    fn ready(&self) -> impl Future<Output = ()> + Send {
        ready(())
    }

    /// Waits for a signal that something may be due. It is dropped and called again; what it had waited for must not be lost.
    fn woken(&self) -> impl Future<Output = ()> + Send;

    /// Claims up to `free` rows that are due, the longest waiting first; where none is, says when the next will be.
    fn claim(&self, free: i64) -> impl Future<Output = Result<Found<Self::Claim>, StoreError>> + Send;

    /// Waits for that time, or for the time at which what others may have written is looked for.
    fn due(&self, next: Option<Moment>) -> impl Future<Output = ()> + Send;

    /// Does it. Bounded in time, and shorter than the lease.
    fn run(&self, claim: &Self::Claim) -> impl Future<Output = Self::Outcome> + Send;

    /// What is recorded when `run` has panicked. None: nothing, and the lease lapses.
    fn broken(&self) -> Option<Self::Outcome> {
        None
    }

    /// Records what came of it. An error is one of the database's being away: the same outcome is recorded again until it is there.
    fn record(
        &self,
        claim: &Self::Claim,
        outcome: Self::Outcome,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;
}

/// Works a queue off until it is told to stop; then claims nothing more, and waits a while for what is on its way.
pub(super) async fn work_off<Q: WorkQueue>(queue: Arc<Q>, stop: watch::Receiver<bool>) {
    let mut under_way = JoinSet::new();
    while !*stop.borrow() {
        tokio::select! {
            () = queue.ready() => {}
            () = stopped(&stop) => break,
        }
        let free = Q::AT_ONCE.saturating_sub(under_way.len());
        let (next, wait) = match queue.claim(i64::try_from(free).unwrap_or(0)).await {
            Ok(Found { claims, next }) => {
                for claim in claims {
                    under_way.spawn(finish(Arc::clone(&queue), claim));
                }
                (next, None)
            }
            Err(error) => {
                error.log("what is due cannot be read");
                (None, Some(READ_AGAIN))
            }
        };
        let full = under_way.len() >= Q::AT_ONCE;
        tokio::select! {
            () = stopped(&stop) => break,
            Some(_done) = under_way.join_next(), if !under_way.is_empty() => {}
            () = queue.woken(), if !full => {}
            () = sleep(wait.unwrap_or_default()), if wait.is_some() => {}
            () = queue.due(next), if !full && wait.is_none() => {}
        }
    }
    let rest = async { while under_way.join_next().await.is_some() {} };
    if timeout(FINISH_WITHIN, rest).await.is_err() {
        tracing::warn!(queue = queue.name(), "stopped before all was answered; it will be done again");
    }
}

/// Runs one claim and records how that went. A panic on the way concerns this claim alone.
async fn finish<Q: WorkQueue>(queue: Arc<Q>, claim: Q::Claim) {
    let (running, ours) = (Arc::clone(&queue), claim.clone());
    let outcome = match tokio::spawn(async move { running.run(&ours).await }).await {
        Ok(outcome) => Some(outcome),
        Err(error) if error.is_panic() => queue.broken(),
        Err(_stopped) => None,
    };
    let Some(outcome) = outcome else { return };
    // Until the database has it: what was done and is not known of would be done twice.
    while let Err(error) = queue.record(&claim, outcome.clone()).await {
        error.log("an outcome could not be recorded yet");
        sleep(RECORD_WAIT).await;
    }
}

/// Waits for the stop (or for nobody being left who could ask for it).
pub(super) async fn stopped(stop: &watch::Receiver<bool>) {
    let _ = stop.clone().wait_for(|stop| *stop).await;
}
