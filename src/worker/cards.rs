//! What the worker does about cards: asks the gateway, tells of cards that expire, and of money that does not move.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::time::timeout;

use super::work_queue::{self, Found, WorkQueue, stopped};
use crate::base::Moment;
use crate::cards::expiring;
use crate::cards::gateway_access::GatewayAccess;
use crate::cards::gateway_job::{self, Answer, GatewayJob, Recorded};
use crate::cards::stuck_money::{self, Operator};
use crate::db::{StoreError, Tx, TxSource};
use crate::gateway::{Outcome, PATIENCE};
use crate::metrics::Metrics;
use crate::notices::WorkerSignal;

#[derive(Clone)]
pub struct CardWork {
    pub txs: TxSource,
    pub access: Arc<GatewayAccess>,
    pub signal: WorkerSignal,
    pub operator: Operator,
    pub metrics: Metrics,
}

impl WorkQueue for CardWork {
    type Claim = GatewayJob;
    type Outcome = Answer;

    const AT_ONCE: usize = 8;

    fn name(&self) -> &'static str {
        "cards"
    }

    async fn woken(&self) {
        self.signal.rung_for_cards().await;
    }

    async fn claim(&self, free: i64) -> Result<Found<GatewayJob>, StoreError> {
        let read = move |tx: &mut Tx| {
            let due = gateway_job::due(tx.db, tx.now, free)?;
            let next = if due.is_empty() { gateway_job::next_due(tx.db)? } else { None };
            Ok((due, next))
        };
        let (due, next) = self.txs.read(read).await?;
        let mut claims = Vec::new();
        for one in due.into_iter().take(usize::try_from(free).unwrap_or(0)) {
            match self.txs.write(move |tx| gateway_job::claim(tx, one)).await {
                Ok(job) => claims.extend(job),
                Err(error) => error.log("what is due at the gateway cannot be claimed"),
            }
        }
        Ok(Found { claims, next })
    }

    async fn due(&self, next: Option<Moment>) {
        work_queue::due(&self.txs, next).await;
    }

    async fn run(&self, job: &GatewayJob) -> Answer {
        let asked = timeout(PATIENCE, job.ask(self.access.gateway.as_ref())).await;
        let answer = asked.unwrap_or_else(|_elapsed| job.unanswered());
        if let Answer::Outcome(Outcome::Unknown { why, .. }) = &answer {
            tracing::info!(why, "the card gateway gave no answer");
        }
        answer
    }

    /// What the database refuses is not tried again: the lease lapses, and the gateway is asked once more.
    async fn record(&self, job: &GatewayJob, answer: Answer) -> Result<(), StoreError> {
        let ours = job.clone();
        match self.txs.write(move |tx| ours.record(tx, &answer)).await {
            Ok(Recorded::Done) => {
                self.access.waiting.tell(job.card());
                self.signal.ring();
            }
            Ok(Recorded::Lapsed) => {}
            Err(StoreError::Query(error)) => {
                tracing::error!(%error, what = ?job.what(), "what the gateway said cannot be recorded; it will be asked again");
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl CardWork {
    /// Looks at once at what a callback has told of.
    pub(super) async fn hear_callbacks(self, stop: watch::Receiver<bool>) {
        loop {
            let operation = tokio::select! {
                () = stopped(&stop) => return,
                operation = self.access.callbacks.next() => operation,
            };
            match self.txs.write(move |tx| gateway_job::run_now(tx, operation)).await {
                Ok(()) => self.signal.ring(),
                Err(error) => error.log("a callback's operation will be looked at later"),
            }
        }
    }

    /// Tells of cards that expire soon.
    pub(super) async fn announce(self) {
        match self.txs.write(expiring::announce).await {
            Ok(0) => {}
            Ok(_told) => self.signal.ring(),
            Err(error) => error.log("expiring cards were not announced"),
        }
    }

    /// Tells the operator of money that does not move.
    pub(super) async fn alert(self) {
        let operator = self.operator.clone();
        match self.txs.write(move |tx| stuck_money::alert(tx, &operator)).await {
            Ok(new) => {
                for stuck in &new {
                    tracing::error!(
                        verification = stuck.verification.as_i64(),
                        "money does not move, look into it: {stuck}"
                    );
                }
                if !new.is_empty() {
                    self.signal.ring();
                }
            }
            Err(error) => error.log("whether money is stuck cannot be read"),
        }
        if let Ok(count) = self.txs.read(|tx| stuck_money::count(tx.db)).await {
            self.metrics.money_is_stuck(count);
        }
    }
}
