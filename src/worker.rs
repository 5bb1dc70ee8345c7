//! The worker: loops over what is due, on a thread of its own.

mod cards;
mod deliveries;
mod work_queue;

pub use cards::CardWork;

use std::future::Future;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use diesel::result::QueryResult;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::base::{Moment, minutes, seconds};
use crate::db::{Db, TxSource};
use crate::notices::{Carriers, Channel, Receipts, WorkerSignal};
use deliveries::DeliveryLoop;
use work_queue::{stopped, work_off};

const MAINTENANCE_EVERY: Duration = minutes(1);
const ANNOUNCE_EVERY: Duration = minutes(10);
const ALERT_EVERY: Duration = minutes(1);

/// Deletes rows that have expired, a bounded number at a time.
pub type MaintenanceTask = fn(&mut Db, Moment) -> QueryResult<()>;

/// What the worker works with.
#[derive(Clone)]
pub struct Worker {
    pub txs: TxSource,
    pub carriers: Carriers,
    pub signal: WorkerSignal,
    /// Run once a minute, each in a transaction of its own.
    pub maintenance: Vec<MaintenanceTask>,
    /// None where a test has no use for a card gateway.
    pub cards: Option<CardWork>,
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
        let receipts = Receipts::new(self.txs.store.clone(), self.txs.clock.clone());
        let (mail, sms) = (&self.carriers.mail, &self.carriers.sms);
        let (mut loops, mut kept) = (JoinSet::new(), JoinSet::new());
        for (channel, carrier) in [(Channel::Mail, Arc::clone(mail)), (Channel::Sms, Arc::clone(sms))] {
            let (txs, signal) = (self.txs.clone(), self.signal.clone());
            let deliveries = DeliveryLoop { txs, signal, channel, carrier: Arc::clone(&carrier) };
            loops.spawn(work_off(Arc::new(deliveries), stop.clone()));
            let receipts = receipts.clone();
            kept.spawn(async move { carrier.keep(&receipts).await });
        }
        if let Some(cards) = self.cards.clone() {
            let (announcing, alerting) = (cards.clone(), cards.clone());
            loops.spawn(work_off(Arc::new(cards.clone()), stop.clone()));
            loops.spawn(cards.hear_callbacks(stop.clone()));
            loops.spawn(every(ANNOUNCE_EVERY, stop.clone(), move || announcing.clone().announce()));
            loops.spawn(every(ALERT_EVERY, stop.clone(), move || alerting.clone().alert()));
        }
        let (txs, maintenance) = (self.txs, self.maintenance);
        loops
            .spawn(every(MAINTENANCE_EVERY, stop, move || run_maintenance(txs.clone(), maintenance.clone())));
        while loops.join_next().await.is_some() {}
        mail.close().await;
        sms.close().await;
        kept.shutdown().await;
    }
}

async fn run_maintenance(txs: TxSource, tasks: Vec<MaintenanceTask>) {
    for task in tasks {
        if let Err(error) = txs.write(move |tx| task(tx.db, tx.now)).await {
            error.log("a maintenance task failed");
        }
    }
}

/// Acts at once and then each time the period is over, until it is told to stop.
async fn every<A: Future<Output = ()>>(
    period: Duration,
    stop: watch::Receiver<bool>,
    mut act: impl FnMut() -> A,
) {
    loop {
        act().await;
        if timeout(period, stopped(&stop)).await.is_ok() {
            return;
        }
    }
}
