//! Notices about bank cards, of one shape.

use serde::{Deserialize, Serialize};

use super::notice::Kind;

/// What has happened to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardEvent {
    /// The check charge was taken: its owner names the sum.
    Charged,
    Confirmed,
    Failed,
    /// The check charge went back.
    Returned,
    Unbound,
    /// It expires within a month.
    Expiring,
}

/// A card's news, as mail and SMS tell of them. All texts are in the owner's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardNotice {
    pub what: CardEvent,
    /// `1234 5678 9012`.
    pub account: String,
    /// `Visa ··4242`.
    pub card: String,
    /// The sum that went back. Never the sum that is to be named.
    pub sum: String,
    /// By when the money is back, or until when the card is good.
    pub by: String,
    /// Why it failed, as a sentence; for others empty.
    pub reason: String,
    /// The card's page.
    pub url: String,
}

/// For the operator: the money of a check charge does not move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyStuck {
    pub account: String,
    pub card: String,
    pub sum: String,
    pub since: String,
    /// By when it was to be back.
    pub by: String,
    /// What the gateway says, in its own words.
    pub reason: String,
    pub url: String,
}

impl CardEvent {
    pub const ALL: [CardEvent; 6] = [
        CardEvent::Charged,
        CardEvent::Confirmed,
        CardEvent::Failed,
        CardEvent::Returned,
        CardEvent::Unbound,
        CardEvent::Expiring,
    ];

    pub const fn kind(self) -> Kind {
        match self {
            CardEvent::Charged => Kind::CardCharged,
            CardEvent::Confirmed => Kind::CardConfirmed,
            CardEvent::Failed => Kind::CardFailed,
            CardEvent::Returned => Kind::CardReturned,
            CardEvent::Unbound => Kind::CardUnbound,
            CardEvent::Expiring => Kind::CardExpiring,
        }
    }

    /// The key of the SMS.
    pub(super) const fn sms(self) -> &'static str {
        match self {
            CardEvent::Charged => "sms-card-charged",
            CardEvent::Confirmed => "sms-card-confirmed",
            CardEvent::Failed => "sms-card-failed",
            CardEvent::Returned => "sms-card-returned",
            CardEvent::Unbound => "sms-card-unbound",
            CardEvent::Expiring => "sms-card-expiring",
        }
    }
}
