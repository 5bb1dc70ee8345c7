//! The worker's line to the card gateway: claims what is due, asks, writes down what came of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::{FINISH_WITHIN, LOOK_EVERY, RECORD_WAIT, stopped, stops_within};
use crate::base::{Clock, Keys, minutes};
use crate::cards::call::{self, Answer, Call, Due, Noted};
use crate::cards::expiring;
use crate::cards::gateway_access::GatewayAccess;
use crate::cards::queue::{self, Operator};
use crate::db::{Store, StoreError};
use crate::gateway::{Outcome, PATIENCE};
use crate::notices::Wake;
use crate::web::Metrics;

/// Calls on their way at one time.
const AT_ONCE: usize = 8;
const ANNOUNCE_EVERY: Duration = minutes(10);
const ALERT_EVERY: Duration = minutes(1);

/// What the line works with.
#[derive(Clone)]
pub struct Cards {
    pub store: Store,
    pub keys: Keys,
    pub clock: Clock,
    pub access: Arc<GatewayAccess>,
    pub wake: Wake,
    /// The public address, without a slash at the end.
    pub site: String,
    pub operator: Operator,
    pub metrics: Metrics,
}

impl Cards {
    pub(super) async fn run(self, stop: watch::Receiver<bool>) {
        let mut under_way = JoinSet::new();
        while !*stop.borrow() {
            for call in self.claim(AT_ONCE.saturating_sub(under_way.len())).await {
                under_way.spawn(self.clone().make(call));
            }
            let full = under_way.len() >= AT_ONCE;
            tokio::select! {
                () = stopped(&stop) => break,
                Some(_done) = under_way.join_next(), if !under_way.is_empty() => {}
                operation = self.access.callbacks.next() => self.hurry(operation).await,
                () = self.wake.rung_for_cards(), if !full => {}
                () = sleep(LOOK_EVERY), if !full => {}
            }
        }
        let finish = async { while under_way.join_next().await.is_some() {} };
        if timeout(FINISH_WITHIN, finish).await.is_err() {
            tracing::warn!("stopped before the gateway had answered; it will be asked again");
        }
    }

    /// Tells of cards that expire soon, now and then.
    pub(super) async fn announce(self, stop: watch::Receiver<bool>) {
        loop {
            let (keys, site, now) = (self.keys.clone(), self.site.clone(), self.clock.now());
            match self.store.write(move |db| expiring::announce(db, &keys, &site, now)).await {
                Ok(0) => {}
                Ok(_told) => self.wake.ring(),
                Err(error) => tracing::warn!(%error, "expiring cards were not announced"),
            }
            if stops_within(&stop, ANNOUNCE_EVERY).await {
                return;
            }
        }
    }

    /// Tells the operator of money that does not move.
    pub(super) async fn alert(self, stop: watch::Receiver<bool>) {
        loop {
            let (keys, operator, now) = (self.keys.clone(), self.operator.clone(), self.clock.now());
            match self.store.write(move |db| queue::alert(db, &keys, &operator, now)).await {
                Ok(new) => {
                    for stuck in &new {
                        tracing::error!(
                            check = stuck.check.as_i64(),
                            "money does not move, look into it: {stuck}"
                        );
                    }
                    if !new.is_empty() {
                        self.wake.ring();
                    }
                }
                Err(error) => tracing::warn!(%error, "whether money is stuck cannot be read"),
            }
            if let Ok(count) = self.store.read(queue::count).await {
                self.metrics.money_is_stuck(count);
            }
            if stops_within(&stop, ALERT_EVERY).await {
                return;
            }
        }
    }

    async fn claim(&self, most: usize) -> Vec<Call> {
        let mut claimed = Vec::new();
        let (now, limit) = (self.clock.now(), i64::try_from(most).unwrap_or(0));
        let due = match self.store.read(move |db| call::due(db, now, limit)).await {
            Ok(due) => due,
            Err(error) => {
                tracing::warn!(%error, "what is due about cards cannot be read");
                return claimed;
            }
        };
        for one in due.into_iter().take(most) {
            match self.claim_one(one).await {
                Ok(call) => claimed.extend(call),
                Err(error) => tracing::warn!(%error, ?one, "cannot be claimed"),
            }
        }
        claimed
    }

    async fn claim_one(&self, due: Due) -> Result<Option<Call>, StoreError> {
        let (keys, site, now) = (self.keys.clone(), self.site.clone(), self.clock.now());
        self.store.write(move |db| call::claim(db, &keys, &site, now, due)).await
    }

    async fn hurry(&self, operation: crate::gateway::OperationId) {
        let now = self.clock.now();
        if let Err(error) = self.store.write(move |db| call::hurry(db, now, operation)).await {
            tracing::warn!(%error, "a callback's operation will be looked at later");
        }
    }

    /// Asks, and writes down the answer. A panic on the way concerns this call alone: its claim lapses.
    async fn make(self, call: Call) {
        let (line, ours) = (self.clone(), call.clone());
        let asked =
            tokio::spawn(async move { timeout(PATIENCE, ours.ask(line.access.gateway.as_ref())).await });
        let answer = match asked.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_elapsed)) => call.unanswered(),
            Err(_panicked) => return,
        };
        if let Answer::Outcome(Outcome::Unknown { why, .. }) = &answer {
            tracing::info!(why, "the card gateway gave no answer");
        }
        self.record(call, answer).await;
    }

    /// Until the database has it, or refuses it: then the claim lapses, and the gateway is asked again.
    async fn record(&self, call: Call, answer: Answer) {
        loop {
            let (keys, site, now) = (self.keys.clone(), self.site.clone(), self.clock.now());
            let (made, said) = (call.clone(), answer.clone());
            match self.store.write(move |db| made.note(db, &keys, &site, now, &said)).await {
                Ok(Noted::Done) => {
                    self.wake.ring();
                    return;
                }
                Ok(Noted::Lapsed) => return,
                Err(StoreError::Query(error)) => {
                    tracing::error!(%error, check = ?call.what(), "what the gateway said cannot be written down; it will be asked again");
                    return;
                }
                Err(error) => {
                    tracing::warn!(%error, "what the gateway said could not be written down yet");
                    sleep(RECORD_WAIT).await;
                }
            }
        }
    }
}
