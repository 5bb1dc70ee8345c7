//! What workers do, each step of its own: claimed, asked, noted, by several instances, in any order, however late, or never.

use diesel::prelude::*;
use kabinet::cards::gateway_job::{self, Recorded};
use kabinet::cards::status::CardStatus;
use kabinet::cards::stuck_money::{self, Operator};
use kabinet::cards::verification::VerificationId;
use kabinet::db::schema::{card_verifications, cards};
use kabinet::gateway::OperationId;

use super::world::{Flight, LONGER_THAN_A_CLAIM, World};

impl World {
    /// Everything that is due, until nothing is.
    pub async fn worker_runs(&mut self) {
        for _ in 0..50 {
            if !self.worker_looks().await {
                return;
            }
        }
    }

    /// … and what other instances have on their hands.
    pub async fn worker_runs_all(&mut self) {
        while !self.flights.is_empty() {
            self.asks(0).await;
            self.notes(0).await;
        }
        self.clock.advance(LONGER_THAN_A_CLAIM);
        self.worker_runs().await;
    }

    /// What is due now: claimed, asked, noted; the program may die in between. False when nothing was due.
    pub async fn worker_looks(&mut self) -> bool {
        let now = self.clock.now();
        let due = self.reads(move |db| gateway_job::due(db, now, 20)).await;
        for one in &due {
            let Some(job) = self.claims_one(*one).await else { continue };
            if self.dies() {
                continue;
            }
            let heard = job.ask(&self.gateway).await;
            if !self.dies() {
                self.note(Flight { job, heard: Some(heard) }).await;
            }
        }
        self.alerts_the_operator().await;
        !due.is_empty()
    }

    async fn alerts_the_operator(&self) {
        self.does(|tx| stuck_money::alert(tx, &Operator { mail: None })).await;
    }

    async fn claims_one(&self, one: gateway_job::Due) -> Option<gateway_job::GatewayJob> {
        let job = self.does(move |tx| gateway_job::claim(tx, one)).await?;
        if let gateway_job::Due::Verification(id) = one
            && format!("{job:?}").contains("Charge(Charge")
        {
            self.may_still_be_charged(id).await;
        }
        Some(job)
    }

    /// Nobody is charged whose card is over or whose day is.
    async fn may_still_be_charged(&self, id: VerificationId) {
        let (cards, checks) = self.everything().await;
        let check = checks.iter().find(|check| check.id == id).unwrap();
        let card = cards.iter().find(|card| card.id == check.card_id).unwrap();
        let is_wanted = card.status == CardStatus::Verifying && self.clock.now() < check.refund_at;
        assert!(is_wanted, "seed {}: to be charged all the same: {card:?} {check:?}", self.seed);
    }

    /// One of several instances does the next thing, or dies with what it had on its hands.
    pub async fn a_worker_goes_on(&mut self) {
        if self.flights.is_empty() || self.dice.one_in(3) {
            return self.claims().await;
        }
        let which = self.dice.below(self.flights.len());
        if self.dies() {
            self.flights.remove(which);
        } else if self.flights[which].heard.is_none() {
            self.asks(which).await;
        } else {
            self.notes(which).await;
        }
    }

    pub async fn claims(&mut self) {
        let now = self.clock.now();
        let due = self.reads(move |db| gateway_job::due(db, now, 3)).await;
        for one in due {
            if let Some(job) = self.claims_one(one).await {
                self.flights.push(Flight { job, heard: None });
            }
        }
    }

    pub async fn asks(&mut self, which: usize) {
        let heard = self.flights[which].job.ask(&self.gateway).await;
        self.flights[which].heard = Some(heard);
    }

    pub async fn notes(&mut self, which: usize) {
        let flight = self.flights.remove(which);
        // The same answer may be noted twice: its transaction was not known to have come through.
        let again =
            self.dice.one_in(8).then(|| Flight { job: flight.job.clone(), heard: flight.heard.clone() });
        self.note(flight).await;
        if let Some(again) = again {
            self.note(again).await;
        }
    }

    async fn note(&self, Flight { job, heard }: Flight) -> Recorded {
        let Some(heard) = heard else { return Recorded::Lapsed };
        self.does(move |tx| job.record(tx, &heard)).await
    }

    /// A callback: of any operation that there ever was, or never, once or twice, whether anything has moved or not.
    pub async fn is_called_back(&mut self) {
        let all = self.reads(|db| {
            let mut all: Vec<OperationId> = card_verifications::table
                .order(card_verifications::id)
                .select(card_verifications::charge_operation)
                .load(db)?;
            all.extend(
                card_verifications::table
                    .order(card_verifications::id)
                    .select(card_verifications::refund_operation)
                    .load::<OperationId>(db)?,
            );
            all.extend(cards::table.order(cards::id).select(cards::entry_operation).load::<OperationId>(db)?);
            Ok(all)
        });
        let all = all.await;
        let operation = match self.dice.pick(&all) {
            Some(operation) if !self.dice.one_in(16) => *operation,
            _ => OperationId::from_i64(7),
        };
        for _ in 0..=usize::from(self.dice.one_in(4)) {
            self.does(move |tx| gateway_job::run_now(tx, operation)).await;
        }
    }
}
