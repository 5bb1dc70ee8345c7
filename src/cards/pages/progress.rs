//! Where the money of a verification charge is, as its owner reads it.

use std::time::Duration;

use crate::base::{Moment, Money, seconds};
use crate::cards::card::Card;
use crate::cards::entry::page_closes_at;
use crate::cards::gateway_job::LEASE;
use crate::cards::status::{CardStatus, VerificationStatus};
use crate::cards::verification::CardVerification;

/// Where the money is.
pub(super) enum ChargeProgress {
    /// Nothing was decided yet, or the number is on its way to the bank.
    NotAsked,
    /// The bank's page waits for the card.
    ToBeTyped {
        until: Moment,
    },
    Charging {
        return_by: Moment,
    },
    /// The bank's page waits for a yes.
    AtTheBank {
        until: Moment,
    },
    Charged {
        return_by: Moment,
    },
    Cancelling {
        return_by: Moment,
    },
    Returning {
        return_by: Moment,
        delay: Delay,
    },
    Returned {
        sum: Option<Money>,
        at: Moment,
    },
    NeverTaken,
}

/// What holds the return up.
pub(super) enum Delay {
    None,
    /// The bank has refused for now.
    Refused,
    /// It does not answer.
    Silent,
    /// … and the time that was promised is over.
    Late,
}

impl Delay {
    fn of(verification: &CardVerification, now: Moment) -> Delay {
        match verification.gateway_error {
            _ if verification.return_by <= now => Delay::Late,
            None => Delay::None,
            Some(_) if verification.is_refused() => Delay::Refused,
            Some(_) => Delay::Silent,
        }
    }
}

/// A call that has come to nothing for longer is made again after pauses for which no page waits.
const TROUBLED: Duration = seconds(10);

/// Whether the bank's word is likely to come within seconds, so that a page may wait for it.
pub(super) fn comes_soon(
    card: &Card,
    verification: Option<&CardVerification>,
    was_at_the_bank: bool,
    now: Moment,
) -> bool {
    let Some(verification) = verification else {
        return card.status == CardStatus::Entering && (was_at_the_bank || !card.is_hosted);
    };
    // While the bank is being asked, the row is due again once that has lapsed.
    let is_near = verification.next_at.is_none_or(|at| at <= now.after(LEASE));
    let calm = is_near && verification.failing_since.is_none_or(|since| now.since(since) < TROUBLED);
    match verification.status {
        VerificationStatus::Charging | VerificationStatus::Cancelling | VerificationStatus::Returning => calm,
        VerificationStatus::Challenged => calm && (was_at_the_bank || card.status != CardStatus::Verifying),
        // The sum was named: the money is about to go back.
        VerificationStatus::Charged => is_near && card.status != CardStatus::Verifying,
        VerificationStatus::Returned | VerificationStatus::Declined => false,
    }
}

impl ChargeProgress {
    pub fn of(card: &Card, verification: Option<&CardVerification>, now: Moment) -> ChargeProgress {
        let Some(verification) = verification else {
            let open = card.entry_url.is_some() && card.status == CardStatus::Entering;
            return if open {
                ChargeProgress::ToBeTyped { until: page_closes_at(card) }
            } else {
                ChargeProgress::NotAsked
            };
        };
        let return_by = verification.return_by;
        let sum_is_known = card.status != CardStatus::Verifying;
        if sum_is_known
            && matches!(verification.status, VerificationStatus::Charging | VerificationStatus::Challenged)
        {
            // Nobody waits for it any more; the worker is about to say so to the bank.
            return ChargeProgress::Cancelling { return_by };
        }
        if sum_is_known && verification.status == VerificationStatus::Charged {
            return ChargeProgress::Returning { return_by, delay: Delay::None };
        }
        match verification.status {
            VerificationStatus::Charging => ChargeProgress::Charging { return_by },
            VerificationStatus::Challenged => {
                ChargeProgress::AtTheBank { until: verification.confirm_by().unwrap_or(return_by) }
            }
            VerificationStatus::Charged => ChargeProgress::Charged { return_by },
            VerificationStatus::Cancelling => ChargeProgress::Cancelling { return_by },
            VerificationStatus::Returning => {
                ChargeProgress::Returning { return_by, delay: Delay::of(verification, now) }
            }
            VerificationStatus::Returned => ChargeProgress::Returned {
                sum: sum_is_known.then(|| verification.sum()),
                at: verification.returned_at.unwrap_or(return_by),
            },
            VerificationStatus::Declined => ChargeProgress::NeverTaken,
        }
    }

    /// As lists say it: the key of the words.
    pub fn key(&self) -> &'static str {
        match self {
            ChargeProgress::NotAsked | ChargeProgress::ToBeTyped { .. } => "",
            ChargeProgress::Charging { .. } => "card-money-charging",
            ChargeProgress::AtTheBank { .. } => "card-money-at-bank",
            ChargeProgress::Charged { .. } => "card-money-charged",
            ChargeProgress::Cancelling { .. } => "card-money-cancelling",
            ChargeProgress::Returning { .. } => "card-money-returning",
            ChargeProgress::Returned { .. } => "card-money-returned",
            ChargeProgress::NeverTaken => "card-money-declined",
        }
    }
}
