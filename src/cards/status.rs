//! The states of a card, and of its verification charge.

use crate::text_enum;

text_enum! {
    /// How far a card has come.
    CardStatus {
        // The gateway is about to be handed the number, or its own page stands open.
        Entering => "entering",
        // The gateway has it; its owner is to name the sum of the verification charge.
        Verifying => "verifying",
        Confirmed => "confirmed",
        Failed => "failed",
        Unbound => "unbound",
    }
}

text_enum! {
    /// Why a card failed. What exactly the bank said is for staff.
    Failure {
        // The gateway or the bank refused.
        Declined => "declined",
        // The cardholder did not say yes on the bank's page.
        NotConfirmed => "not-confirmed",
        // Three wrong sums.
        TriesSpent => "tries-spent",
        // Nobody named the sum in time.
        TimeOver => "time-over",
        // The gateway's page was left without a card.
        NotEntered => "not-entered",
        // The gateway said nothing about the card, which costs nobody an attempt.
        BankAway => "bank-away",
        // The gateway's page was filled in with a card that is bound here.
        BoundAlready => "bound-already",
        // … or with one that was tried too often.
        TooOften => "too-often",
    }
}

impl Failure {
    /// The key of the sentence that its owner reads. What exactly the bank said is for staff.
    pub const fn text(self) -> &'static str {
        match self {
            Failure::Declined => "card-failure-declined",
            Failure::NotConfirmed => "card-failure-not-confirmed",
            Failure::TriesSpent => "card-failure-tries-spent",
            Failure::TimeOver => "card-failure-time-over",
            Failure::NotEntered => "card-failure-not-entered",
            Failure::BankAway => "card-bank-away",
            Failure::BoundAlready => "card-known",
            Failure::TooOften => "card-failure-too-often",
        }
    }
}

/// What moves a card on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardEvent {
    Entered,
    Failed,
    /// The owner named the sum.
    AmountConfirmed,
    Unbound,
}

impl CardEvent {
    pub const ALL: [CardEvent; 4] =
        [CardEvent::Entered, CardEvent::Failed, CardEvent::AmountConfirmed, CardEvent::Unbound];
}

impl CardStatus {
    /// Whether it is over: nothing binds it to its account any more.
    pub const fn is_over(self) -> bool {
        matches!(self, CardStatus::Failed | CardStatus::Unbound)
    }

    /// The state after an event; None when the event does not belong here.
    pub fn after(self, event: CardEvent) -> Option<CardStatus> {
        use CardStatus::{Confirmed, Entering, Failed, Unbound, Verifying};
        match (self, event) {
            (Entering, CardEvent::Entered) => Some(Verifying),
            (Entering, CardEvent::Failed) => Some(Failed),
            (Entering, CardEvent::Unbound) => Some(Unbound),
            (Verifying, CardEvent::Failed) => Some(Failed),
            (Verifying, CardEvent::AmountConfirmed) => Some(Confirmed),
            (Verifying, CardEvent::Unbound) => Some(Unbound),
            (Confirmed, CardEvent::Unbound) => Some(Unbound),
            _ => None,
        }
    }
}

text_enum! {
    /// Where the money of a verification charge is.
    VerificationStatus {
        // The charge is to be made, or was asked for and nobody knows yet.
        Charging => "charging",
        // The bank wants the cardholder to say yes on its page.
        Challenged => "challenged",
        // Taken.
        Charged => "charged",
        // Not wanted any more, and perhaps taken: the gateway is asked to take it back before it is done.
        Cancelling => "cancelling",
        // Taken, and on its way back.
        Returning => "returning",
        Returned => "returned",
        // Never taken.
        Declined => "declined",
    }
}

/// What moves a verification charge on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerificationEvent {
    /// The gateway: the money was taken.
    Taken,
    /// The gateway: it was not, and will not be.
    Declined,
    /// The gateway: the cardholder has to say yes first.
    Challenged,
    /// There is nothing more to wait for: named, missed, unbound, closed, time over.
    Ended,
    /// The gateway: the money is back.
    Refunded,
}

impl VerificationEvent {
    pub const ALL: [VerificationEvent; 5] = [
        VerificationEvent::Taken,
        VerificationEvent::Declined,
        VerificationEvent::Challenged,
        VerificationEvent::Ended,
        VerificationEvent::Refunded,
    ];
}

impl VerificationStatus {
    /// The state after an event; None when the event does not belong here.
    pub fn after(self, event: VerificationEvent) -> Option<VerificationStatus> {
        use VerificationStatus::{Cancelling, Challenged, Charged, Charging, Declined, Returned, Returning};
        match (self, event) {
            (Charging, VerificationEvent::Taken) => Some(Charged),
            (Charging, VerificationEvent::Declined) => Some(Declined),
            (Charging, VerificationEvent::Challenged) => Some(Challenged),
            (Charging, VerificationEvent::Ended) => Some(Cancelling),
            (Challenged, VerificationEvent::Taken) => Some(Charged),
            (Challenged, VerificationEvent::Declined) => Some(Declined),
            (Challenged, VerificationEvent::Ended) => Some(Cancelling),
            (Charged, VerificationEvent::Ended) => Some(Returning),
            (Cancelling, VerificationEvent::Taken) => Some(Returning),
            (Cancelling, VerificationEvent::Declined) => Some(Declined),
            (Returning, VerificationEvent::Refunded) => Some(Returned),
            _ => None,
        }
    }

    /// Whether money of the cardholder's is away, or may be.
    pub const fn is_open(self) -> bool {
        !matches!(self, VerificationStatus::Returned | VerificationStatus::Declined)
    }

    /// Whether it was certainly taken at some time.
    pub const fn was_taken(self) -> bool {
        matches!(
            self,
            VerificationStatus::Charged | VerificationStatus::Returning | VerificationStatus::Returned
        )
    }
}
