//! What was promised, held against what the bank wrote down and what stands in the books.

use diesel::prelude::*;
use kabinet::base::{Moment, hours};
use kabinet::cards::check::Check;
use kabinet::cards::status::CheckStatus;
use kabinet::db::schema::checks;
use kabinet::{gateway, ledger};

use super::world::World;

/// What became of all charges.
#[derive(Debug, Default)]
pub struct Tally {
    pub charged: u32,
    pub declined: u32,
    pub with_the_operator: u32,
}

impl World {
    /// Operation and event, as the bank wrote them down.
    pub fn bank_events(&self) -> Vec<(String, &'static str)> {
        let moved = |event: &str| event == "charged" || event == "refunded";
        self.bank.journal().unwrap().into_iter().filter(|line| moved(line.event)).map(|line| (line.operation, line.event)).collect()
    }

    pub async fn books_are_right(&self) {
        let checked = self.store.read(ledger::check).await.unwrap();
        checked.unwrap_or_else(|difference| panic!("seed {}: {difference}", self.seed));
    }

    /// What the bank did against what we know and what was promised.
    pub async fn holds_what_was_promised(&self) -> Tally {
        self.books_are_right().await;
        let all = self.store.read(|db| checks::table.select(Check::as_select()).load::<Check>(db)).await.unwrap();
        let journal = self.bank.journal().unwrap();
        let at = |operation: gateway::OperationId, event: &str| -> Vec<(i64, i64)> {
            let key = operation.key();
            journal.iter().filter(|line| line.operation == key && line.event == event).map(|line| (line.at, line.minor)).collect()
        };
        let mut tally = Tally::default();
        let mut known = 0;
        for check in &all {
            let seed = self.seed;
            let (charged, back) = (at(check.charge_operation, "charged"), at(check.refund_operation, "refunded"));
            known += charged.len() + back.len();
            let sums = |times: &[(i64, i64)]| times.iter().map(|(_, minor)| *minor).collect::<Vec<_>>();
            match check.status {
                CheckStatus::Returned => {
                    let sum = check.sum().minor;
                    assert_eq!(
                        (sums(&charged), sums(&back)),
                        (vec![sum], vec![sum]),
                        "seed {seed}: once there, once back: {check:?}"
                    );
                    let away = Moment::from_micros(back[0].0).since(Moment::from_micros(charged[0].0));
                    let refused = check.refund_refused > 0;
                    assert!(away <= hours(24) || refused, "seed {seed}: away for {away:?}: {check:?}");
                    tally.charged += 1;
                }
                CheckStatus::Declined => {
                    assert_eq!((charged.len(), back.len()), (0, 0), "seed {seed}: {check:?}");
                    tally.declined += 1;
                }
                _ => {
                    assert!(check.alerted_at.is_some(), "seed {seed}: stuck, and nobody was told: {check:?}");
                    tally.with_the_operator += 1;
                }
            }
        }
        let moved = self.bank_events().len();
        assert_eq!(moved, known, "seed {}: the bank moved money that we do not know of", self.seed);
        if tally.with_the_operator == 0 {
            let summary = self.store.read(ledger::check).await.unwrap().unwrap();
            assert_eq!((summary.open_holds, summary.sums.iter().map(|(_, sum)| *sum).sum::<i128>()), (0, 0), "seed {}", self.seed);
        }
        tally
    }
}
