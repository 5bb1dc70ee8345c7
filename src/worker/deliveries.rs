//! Messages of one channel: claimed from the outbox, handed to a carrier.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::work_queue::{self, Found, WorkQueue};
use crate::base::{Moment, seconds};
use crate::db::{StoreError, Tx, TxSource};
use crate::notices::outbox::{self, Claim, Outcome};
use crate::notices::{Carrier, Channel, Delivery, WorkerSignal, retry_at};

/// A claim outlasts the longest hand-over by this.
const LEASE_MARGIN: Duration = seconds(10);

pub(super) struct DeliveryLoop {
    pub txs: TxSource,
    pub signal: WorkerSignal,
    pub channel: Channel,
    pub carrier: Arc<dyn Carrier>,
}

impl WorkQueue for DeliveryLoop {
    type Claim = Claim;
    type Outcome = Outcome;

    const AT_ONCE: usize = 8;

    fn name(&self) -> &'static str {
        self.channel.word()
    }

    async fn ready(&self) {
        self.carrier.ready().await;
    }

    async fn woken(&self) {
        self.signal.rung(self.channel).await;
    }

    async fn claim(&self, free: i64) -> Result<Found<Claim>, StoreError> {
        let (channel, lease) = (self.channel, self.carrier.patience() + LEASE_MARGIN);
        loop {
            let read = move |tx: &mut Tx| {
                let due = outbox::due(tx.db, tx.now, channel, free)?;
                let next = if due.is_empty() { outbox::next_due(tx.db, channel)? } else { None };
                Ok((due, next))
            };
            let (due, next) = self.txs.read(read).await?;
            if due.is_empty() {
                return Ok(Found { claims: Vec::new(), next });
            }
            let claims = self.txs.write(move |tx| outbox::claim(tx.db, tx.now, lease, &due)).await?;
            if !claims.is_empty() {
                return Ok(Found { claims, next });
            } // else another instance was quicker with all of them: there may be more
        }
    }

    async fn due(&self, next: Option<Moment>) {
        work_queue::due(&self.txs, next).await;
    }

    async fn run(&self, claim: &Claim) -> Outcome {
        match self.hand_over(claim).await {
            Delivery::Taken { peer_id } => Outcome::Sent { peer_id },
            Delivery::Refused { class } => Outcome::Failed { class: class.into_owned() },
            Delivery::Later { class } => {
                match retry_at(claim.useful_until, claim.attempt, self.txs.clock.now()) {
                    Some(until) => Outcome::PutOff { until, class: class.into_owned() },
                    None => Outcome::Failed { class: class.into_owned() },
                }
            }
        }
    }

    fn broken(&self) -> Option<Outcome> {
        Some(Outcome::Failed { class: "broken".to_owned() })
    }

    async fn record(&self, claim: &Claim, outcome: Outcome) -> Result<(), StoreError> {
        let (id, attempt, kind) = (claim.id, claim.attempt, claim.kind.as_str());
        let written = outcome.clone();
        let stood = self.txs.write(move |tx| outbox::finish(tx.db, tx.now, id, attempt, &written)).await?;
        let id = id.as_i64();
        if !stood {
            tracing::warn!(id, attempt, "a claim had lapsed before its outcome was known");
        }
        match outcome {
            Outcome::Sent { .. } => tracing::debug!(kind, attempt, "a message was sent"),
            Outcome::PutOff { class, .. } => tracing::info!(kind, attempt, class, "a message was put off"),
            Outcome::Failed { class } => tracing::error!(kind, id, attempt, class, "a message failed"),
        }
        Ok(())
    }
}

impl DeliveryLoop {
    async fn hand_over(&self, claim: &Claim) -> Delivery {
        if claim.is_late(self.txs.clock.now()) {
            return Delivery::Refused { class: "too late".into() };
        }
        let message = match claim.message(&self.txs.keys) {
            Ok(message) => message,
            Err(unusable) => return Delivery::Refused { class: unusable.0.into() },
        };
        let handed = timeout(self.carrier.patience(), self.carrier.deliver(&message)).await;
        handed.unwrap_or(Delivery::Later { class: "no answer".into() })
    }
}
