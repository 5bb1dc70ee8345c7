//! The worker: one loop over what is due, on a thread of its own.

mod cards;

pub use cards::Cards;

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::result::QueryResult;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::base::{Clock, Keys, Moment, seconds};
use crate::db::{Db, Store, StoreError};
use crate::notices::outbox::{self, Claim, Outcome};
use crate::notices::{Carrier, Carriers, Channel, Delivery, Receipts, Wake, again_at};

/// Without a ring, what is due is looked for this often.
const LOOK_EVERY: Duration = seconds(1);
const CLEAN_EVERY: Duration = seconds(60);
/// Messages of one channel on their way at one time. Each goes out as soon as it is claimed.
const MAIL_AT_ONCE: usize = 8;
const SMS_AT_ONCE: usize = 8;
/// A claim outlasts the longest hand-over by this.
const LEASE_MARGIN: Duration = seconds(10);
/// How long a stop waits for what is on its way.
const FINISH_WITHIN: Duration = seconds(10);
/// Between tries to write down an outcome; a message that is not written down is sent again when its claim lapses.
const RECORD_WAIT: Duration = Duration::from_millis(500);

/// A chore: deletes rows that have expired, a bounded number at a time.
pub type Chore = fn(&mut Db, Moment) -> QueryResult<()>;

/// What the worker works with.
#[derive(Clone)]
pub struct Worker {
    pub store: Store,
    pub keys: Keys,
    pub clock: Clock,
    pub carriers: Carriers,
    pub wake: Wake,
    /// Run once a minute, each in a transaction of its own.
    pub chores: Vec<Chore>,
    /// The line to the card gateway; None where a test has no use for it.
    pub cards: Option<Cards>,
}

/// A running worker. Dropping it stops the worker without waiting.
pub struct WorkerHandle {
    stop: watch::Sender<bool>,
    thread: JoinHandle<()>,
}

impl WorkerHandle {
    /// Claims nothing more, waits up to 10 s for what is on its way, and ends. Must come before `Store::close`.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        let joined = tokio::task::spawn_blocking(move || self.thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the worker thread had panicked");
        }
    }
}

impl Worker {
    /// Starts the worker's thread. An error of the system is one of making the thread or its event loop.
    pub fn start(self) -> std::io::Result<WorkerHandle> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = watch::channel(false);
        let thread = std::thread::Builder::new().name("worker".to_owned()).spawn(move || {
            runtime.block_on(self.run(stopped));
            runtime.shutdown_timeout(seconds(1));
        })?;
        Ok(WorkerHandle { stop, thread })
    }

    async fn run(self, stop: watch::Receiver<bool>) {
        let receipts = Receipts::new(self.store.clone(), self.clock.clone());
        let (mail, sms) = (Arc::clone(&self.carriers.mail), Arc::clone(&self.carriers.sms));
        let lines = [(Channel::Mail, mail, MAIL_AT_ONCE), (Channel::Sms, sms, SMS_AT_ONCE)];
        let mut loops = JoinSet::new();
        let mut kept = JoinSet::new();
        for (channel, carrier, at_once) in lines {
            let line = Line { worker: self.clone(), channel, carrier: Arc::clone(&carrier), at_once };
            loops.spawn(Arc::new(line).run(stop.clone()));
            let receipts = receipts.clone();
            kept.spawn(async move { carrier.keep(&receipts).await });
        }
        if let Some(cards) = &self.cards {
            loops.spawn(cards.clone().run(stop.clone()));
            loops.spawn(cards.clone().announce(stop.clone()));
            loops.spawn(cards.clone().alert(stop.clone()));
        }
        loops.spawn(self.clone().clean_up(stop));
        while loops.join_next().await.is_some() {}
        self.carriers.mail.close().await;
        self.carriers.sms.close().await;
        kept.shutdown().await;
    }

    async fn clean_up(self, stop: watch::Receiver<bool>) {
        loop {
            for chore in self.chores.iter().copied() {
                let now = self.clock.now();
                if let Err(error) = self.store.write(move |db| chore(db, now)).await {
                    tracing::warn!(%error, "a chore was not done");
                }
            }
            if stops_within(&stop, CLEAN_EVERY).await {
                return;
            }
        }
    }
}

/// Whether the worker is asked to stop before the time is over.
async fn stops_within(stop: &watch::Receiver<bool>, time: Duration) -> bool {
    timeout(time, stopped(stop)).await.is_ok()
}

/// Waits for the stop (or for nobody being left who could ask for it).
async fn stopped(stop: &watch::Receiver<bool>) {
    let _ = stop.clone().wait_for(|stop| *stop).await;
}

/// One channel: its carrier, and how many messages go out at a time. Channels do not wait for each other.
struct Line {
    worker: Worker,
    channel: Channel,
    carrier: Arc<dyn Carrier>,
    at_once: usize,
}

impl Line {
    async fn run(self: Arc<Self>, stop: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        while !*stop.borrow() {
            let free = self.at_once.saturating_sub(under_way.len());
            tokio::select! {
                () = self.carrier.ready() => {}
                () = stopped(&stop) => break,
            }
            for claim in self.claim(free).await {
                under_way.spawn(Arc::clone(&self).deliver(claim));
            }
            let full = under_way.len() >= self.at_once;
            tokio::select! {
                () = stopped(&stop) => break,
                Some(_done) = under_way.join_next(), if !under_way.is_empty() => {}
                () = self.worker.wake.rung(self.channel), if !full => {}
                () = sleep(LOOK_EVERY), if !full => {}
            }
        }
        let finish = async { while under_way.join_next().await.is_some() {} };
        if timeout(FINISH_WITHIN, finish).await.is_err() {
            tracing::warn!(
                channel = self.channel.word(),
                "stopped before the last messages were answered; they will be sent again"
            );
        }
    }

    /// Up to `free` claimed messages: only as many as go out at once, for a claim that waits for its turn could lapse.
    async fn claim(&self, free: usize) -> Vec<Claim> {
        match self.try_claim(i64::try_from(free).unwrap_or(0)).await {
            Ok(claimed) => claimed,
            Err(error) => {
                tracing::warn!(%error, channel = self.channel.word(), "the outbox cannot be read");
                Vec::new()
            }
        }
    }

    async fn try_claim(&self, free: i64) -> Result<Vec<Claim>, StoreError> {
        let (channel, lease) = (self.channel, self.carrier.patience() + LEASE_MARGIN);
        loop {
            let now = self.worker.clock.now();
            let due = self.worker.store.read(move |db| outbox::due(db, now, channel, free)).await?;
            if due.is_empty() {
                return Ok(Vec::new());
            }
            let claimed = self.worker.store.write(move |db| outbox::claim(db, now, lease, &due)).await?;
            if !claimed.is_empty() {
                return Ok(claimed);
            } // else another instance was quicker with all of them: there may be more
        }
    }

    /// Hands one message over and writes down how that went. A panic on the way concerns this message alone.
    async fn deliver(self: Arc<Self>, claim: Claim) {
        let (line, ours) = (Arc::clone(&self), claim.clone());
        let delivery = match tokio::spawn(async move { line.hand_over(&ours).await }).await {
            Ok(delivery) => delivery,
            Err(error) if error.is_panic() => Delivery::Refused { class: "broken".into() },
            Err(_stopped) => return,
        };
        let outcome = self.outcome(&claim, delivery);
        match &outcome {
            Outcome::Sent { .. } => {
                tracing::debug!(kind = claim.kind, attempt = claim.attempt, "a message was sent")
            }
            Outcome::PutOff { class, .. } => {
                tracing::info!(kind = claim.kind, attempt = claim.attempt, class, "a message was put off");
            }
            Outcome::Failed { class } => {
                tracing::error!(
                    kind = claim.kind,
                    id = claim.id.as_i64(),
                    attempt = claim.attempt,
                    class,
                    "a message failed"
                );
            }
        }
        self.record(&claim, outcome).await;
    }

    async fn hand_over(&self, claim: &Claim) -> Delivery {
        if claim.is_late(self.worker.clock.now()) {
            return Delivery::Refused { class: "too late".into() };
        }
        let message = match claim.message(&self.worker.keys) {
            Ok(message) => message,
            Err(unusable) => return Delivery::Refused { class: unusable.0.into() },
        };
        let handed = timeout(self.carrier.patience(), self.carrier.deliver(&message)).await;
        handed.unwrap_or(Delivery::Later { class: "no answer".into() })
    }

    fn outcome(&self, claim: &Claim, delivery: Delivery) -> Outcome {
        match delivery {
            Delivery::Taken { peer_id } => Outcome::Sent { peer_id },
            Delivery::Refused { class } => Outcome::Failed { class: class.into_owned() },
            Delivery::Later { class } => {
                match again_at(claim.useful_until, claim.attempt, self.worker.clock.now()) {
                    Some(until) => Outcome::PutOff { until, class: class.into_owned() },
                    None => Outcome::Failed { class: class.into_owned() },
                }
            }
        }
    }

    /// Until the database has it: a sent message that nobody knows of would be sent twice.
    async fn record(&self, claim: &Claim, outcome: Outcome) {
        let (id, attempt) = (claim.id, claim.attempt);
        loop {
            let (now, outcome) = (self.worker.clock.now(), outcome.clone());
            match self.worker.store.write(move |db| outbox::finish(db, now, id, attempt, &outcome)).await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(
                        id = id.as_i64(),
                        attempt,
                        "a claim had lapsed before its outcome was known"
                    );
                    return;
                }
                Err(error) => {
                    tracing::warn!(%error, id = id.as_i64(), attempt, "an outcome could not be written down yet");
                    sleep(RECORD_WAIT).await;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
