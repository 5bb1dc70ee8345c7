//! What is true after every step, whoever has been killed: rows against what the bank wrote down, and against what stood there before.

use std::collections::BTreeMap;

use diesel::prelude::*;
use kabinet::base::{Moment, hours};
use kabinet::cards::card::{Card, CardId, MAX_TRIES};
use kabinet::cards::status::{CardEvent, CardStatus, VerificationEvent, VerificationStatus};
use kabinet::cards::verification::CardVerification;
use kabinet::db::schema::{card_verifications, cards};
use kabinet::gateway::OperationId;

use super::world::World;

/// What the bank did, by operation.
#[derive(Default)]
pub struct Deeds(BTreeMap<String, Vec<(&'static str, i64)>>);

impl Deeds {
    pub fn are(&self, operation: OperationId, event: &str) -> usize {
        let of_it = self.0.get(&operation.key());
        of_it.map_or(0, |deeds| deeds.iter().filter(|(done, _)| *done == event).count())
    }

    pub fn sums(&self, operation: OperationId, event: &str) -> Vec<i64> {
        let of_it = self.0.get(&operation.key()).into_iter().flatten();
        of_it.filter(|(done, _)| *done == event).map(|(_, minor)| *minor).collect()
    }

    /// Operations that moved money.
    pub fn count(&self) -> usize {
        self.0.values().flatten().filter(|(event, _)| matches!(*event, "charged" | "refunded")).count()
    }
}

impl World {
    /// Operation and event, as the bank wrote them down.
    pub fn bank_events(&self) -> Vec<(String, &'static str)> {
        let moved = |event: &str| event == "charged" || event == "refunded";
        self.bank
            .journal()
            .unwrap()
            .into_iter()
            .filter(|line| moved(line.event))
            .map(|line| (line.operation, line.event))
            .collect()
    }

    pub fn deeds(&self) -> Deeds {
        let (mut deeds, mut of_card) = (Deeds::default(), BTreeMap::<_, u32>::new());
        for line in self.bank.journal().unwrap() {
            if matches!(line.event, "charged" | "refunded") {
                // A card comes anew with each form: whatever the keys, it is charged once in its life, and refunded once.
                let times = of_card.entry((line.card, line.event)).or_default();
                *times += 1;
                assert_eq!(*times, 1, "seed {}: {} twice: {line:?}", self.seed, line.event);
            }
            deeds.0.entry(line.operation).or_default().push((line.event, line.minor));
        }
        deeds
    }

    pub async fn everything(&self) -> (Vec<Card>, Vec<CardVerification>) {
        self.reads(|db| {
            let cards = cards::table.order(cards::id).select(Card::as_select()).load(db)?;
            let checks = card_verifications::table
                .order(card_verifications::id)
                .select(CardVerification::as_select())
                .load(db)?;
            Ok((cards, checks))
        })
        .await
    }

    pub async fn holds_what_is_always_true(&mut self) {
        let (cards, checks) = self.everything().await;
        let deeds = self.deeds();
        let of_card: BTreeMap<CardId, &CardVerification> =
            checks.iter().map(|check| (check.card_id, check)).collect();
        assert_eq!(of_card.len(), checks.len(), "seed {}: two charges for one card", self.seed);
        for check in &checks {
            self.the_page_says_what_the_bank_did(check, &deeds);
        }
        let charged: usize = checks.iter().map(|check| deeds.are(check.charge_operation, "charged")).sum();
        let back: usize = checks.iter().map(|check| deeds.are(check.refund_operation, "refunded")).sum();
        assert_eq!(
            deeds.count(),
            charged + back,
            "seed {}: the bank moved money that we do not know of",
            self.seed
        );
        for card in &cards {
            self.the_card_stands_as_it_may(card, of_card.get(&card.id).copied());
        }
        for person in &self.people {
            let of_it = || cards.iter().filter(|card| card.account_id == person.account.id);
            let under_way = of_it()
                .filter(|card| matches!(card.status, CardStatus::Entering | CardStatus::Verifying))
                .count();
            let default: Vec<_> = of_it().filter(|card| card.is_default).collect();
            assert!(
                under_way <= 1 && default.len() <= 1,
                "seed {}: {under_way} under way, {default:?}",
                self.seed
            );
            assert!(
                default.iter().all(|card| card.status == CardStatus::Confirmed),
                "seed {}: {default:?}",
                self.seed
            );
            let has_confirmed = of_it().any(|card| card.status == CardStatus::Confirmed);
            assert_eq!(default.len(), usize::from(has_confirmed), "seed {}: none is the default", self.seed);
        }
    }

    fn the_page_says_what_the_bank_did(&self, check: &CardVerification, deeds: &Deeds) {
        let seed = self.seed;
        let charged = deeds.are(check.charge_operation, "charged");
        let back = deeds.are(check.refund_operation, "refunded");
        let true_or_not = match check.status {
            VerificationStatus::Charging
            | VerificationStatus::Challenged
            | VerificationStatus::Cancelling => back == 0,
            VerificationStatus::Charged => (charged, back) == (1, 0),
            VerificationStatus::Returning => charged == 1,
            VerificationStatus::Returned => (charged, back) == (1, 1),
            VerificationStatus::Declined => (charged, back) == (0, 0),
        };
        assert!(true_or_not, "seed {seed}: charged {charged} times, back {back} times, but {check:?}");
        let promised =
            check.refund_at < check.return_by && check.return_by == check.begun_at.after(hours(24));
        assert!(promised && check.refund_refused >= 0, "seed {seed}: {check:?}");
        assert_eq!(
            check.status == VerificationStatus::Returned,
            check.returned_at.is_some(),
            "seed {seed}: {check:?}"
        );
        assert_eq!(check.status.was_taken(), check.charged_at.is_some(), "seed {seed}: {check:?}");
    }

    fn the_card_stands_as_it_may(&mut self, card: &Card, check: Option<&CardVerification>) {
        let seed = self.seed;
        assert!((0..=MAX_TRIES).contains(&card.tries_left), "seed {seed}: {card:?}");
        let judged = self.judged.get(&card.handle).copied().unwrap_or_default();
        assert_eq!(card.tries_left, MAX_TRIES - judged, "seed {seed}: {judged} sums were judged: {card:?}");
        let stands = (card.status, check.map(|check| check.status));
        if let Some((status, money)) = self.stood.insert(card.handle.clone(), stands) {
            assert!(may_become(status, card.status), "seed {seed}: {status:?} became {card:?}");
            assert!(
                money.is_none_or(|money| money_may_become(money, stands.1)),
                "seed {seed}: {money:?} became {check:?}"
            );
        }
        let is_named = self.named.contains(&card.handle);
        assert_eq!(card.confirmed_at.is_some(), is_named, "seed {seed}: {card:?}");
        if card.status == CardStatus::Confirmed {
            assert!(
                is_named && check.is_some_and(|check| check.status.was_taken()),
                "seed {seed}: {card:?} {check:?}"
            );
        }
        let is_over = matches!(card.status, CardStatus::Failed | CardStatus::Unbound);
        assert_eq!(is_over, card.ended_at.is_some(), "seed {seed}: {card:?}");
    }

    /// What nobody waited for any more when a calm spell began is home by its end, unless the bank refuses.
    pub async fn nothing_unwanted_is_away(&self, from: Moment) {
        let (cards, checks) = self.everything().await;
        for check in checks.iter().filter(|check| check.status.is_open() && !check.is_refused()) {
            let card = cards.iter().find(|card| card.id == check.card_id).unwrap();
            let blocked_at = self.blocked.get(&card.account_id.as_i64()).copied();
            let ends = [blocked_at, card.confirmed_at, card.ended_at, Some(check.refund_at)]
                .into_iter()
                .flatten()
                .min();
            let is_late = ends.is_some_and(|at| at <= from);
            assert!(
                !is_late,
                "seed {}: in a calm spell since {from:?}, and still away: {check:?} {card:?}",
                self.seed
            );
        }
    }

    pub async fn books_are_right(&self) {
        let checked = self.reads(kabinet::ledger::audit).await;
        let summary = checked.unwrap_or_else(|difference| panic!("seed {}: {difference}", self.seed));
        let (_, checks) = self.everything().await;
        let (mut held, mut away) = (0, 0);
        for check in &checks {
            match check.status {
                VerificationStatus::Charging
                | VerificationStatus::Challenged
                | VerificationStatus::Cancelling => held += 1,
                VerificationStatus::Charged | VerificationStatus::Returning => {
                    away += i128::from(check.sum().minor)
                }
                VerificationStatus::Returned | VerificationStatus::Declined => {}
            }
        }
        assert_eq!(
            summary.open_holds, held,
            "seed {}: what may be taken is held, and nothing else",
            self.seed
        );
        let sum: i128 = summary.sums.iter().map(|(_, sum)| *sum).sum();
        assert_eq!(sum, away, "seed {}: what is away stands in the books, and nothing else", self.seed);
    }
}

fn may_become(was: CardStatus, is: CardStatus) -> bool {
    was == is || CardEvent::ALL.iter().filter_map(|event| was.after(*event)).any(|next| may_become(next, is))
}

fn money_may_become(was: VerificationStatus, is: Option<VerificationStatus>) -> bool {
    let next = || VerificationEvent::ALL.iter().filter_map(|event| was.after(*event));
    is == Some(was) || next().any(|next| money_may_become(next, is))
}
