//! What was promised, held against what the bank wrote down, once everything has come to rest.

use kabinet::base::{Moment, hours};
use kabinet::cards::status::{CardStatus, VerificationStatus};
use kabinet::cards::verification::CardVerification;
use kabinet::gateway::OperationId;

use super::world::World;

/// What became of everything, in one world or in all.
#[derive(Debug, Default)]
pub struct Tally {
    pub lives: u32,
    pub charged: u32,
    pub declined: u32,
    /// Longer away than a day, with a reason.
    pub late: u32,
    pub confirmed: u32,
    pub failed: u32,
    pub unbound: u32,
    pub challenged: u32,
    pub hosted: u32,
    pub crashes: u32,
}

impl Tally {
    pub fn adds(&mut self, other: Tally) {
        self.lives += other.lives;
        self.charged += other.charged;
        self.declined += other.declined;
        self.late += other.late;
        self.confirmed += other.confirmed;
        self.failed += other.failed;
        self.unbound += other.unbound;
        self.challenged += other.challenged;
        self.hosted += other.hosted;
        self.crashes += other.crashes;
    }
}

impl World {
    pub async fn holds_what_was_promised(&mut self) -> Tally {
        self.holds_what_is_always_true().await;
        self.books_are_right().await;
        let (cards, checks) = self.everything().await;
        let (seed, deeds) = (self.seed, self.deeds());
        let mut tally = Tally { crashes: self.crashes, challenged: self.challenged, ..Tally::default() };
        for check in &checks {
            match check.status {
                VerificationStatus::Returned => {
                    let sum = vec![check.sum().minor];
                    let moved = (
                        deeds.sums(check.charge_operation, "charged"),
                        deeds.sums(check.refund_operation, "refunded"),
                    );
                    assert_eq!(moved, (sum.clone(), sum), "seed {seed}: once there, once back: {check:?}");
                    tally.charged += 1;
                    tally.late += u32::from(self.was_late_with_a_reason(check));
                }
                VerificationStatus::Declined => tally.declined += 1,
                _ => panic!("seed {seed}: the line is sound and the bank gives back, but {check:?}"),
            }
        }
        for card in &cards {
            tally.lives += 1;
            tally.hosted += u32::from(card.is_hosted);
            match card.status {
                CardStatus::Confirmed => tally.confirmed += 1,
                CardStatus::Failed => tally.failed += 1,
                CardStatus::Unbound => tally.unbound += 1,
                CardStatus::Entering | CardStatus::Verifying => {
                    panic!("seed {seed}: still under way: {card:?}")
                }
            }
        }
        let kept =
            "SELECT COUNT(*) AS count FROM cards WHERE token IS NOT NULL AND status IN ('failed', 'unbound')";
        assert_eq!(
            self.database.count(kept),
            0,
            "seed {seed}: a gateway has not forgotten a card that is over"
        );
        tally
    }

    /// Longer away than a day: only if the bank refused, or if there was not one calm spell in the hours that the return had.
    fn was_late_with_a_reason(&self, check: &CardVerification) -> bool {
        let (there, back) =
            (self.at(check.charge_operation, "charged"), self.at(check.refund_operation, "refunded"));
        let until = there.after(hours(24));
        if back <= until {
            return false;
        }
        let from = check.refund_at.max(there);
        let calm = self.calm_spells.iter().find(|(began, ended)| from <= *began && *ended <= until);
        let refused = check.refund_refused > 0;
        assert!(
            refused || calm.is_none(),
            "seed {}: there was a calm spell {calm:?}, but back at {back:?}: {check:?}",
            self.seed
        );
        true
    }

    fn at(&self, operation: OperationId, event: &str) -> Moment {
        let key = operation.key();
        let line = self
            .bank
            .journal()
            .unwrap()
            .into_iter()
            .find(|line| line.operation == key && line.event == event);
        Moment::from_micros(line.unwrap().at)
    }
}
