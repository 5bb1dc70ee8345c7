//! The way of the verification charge, step by step: what is done, what is under way, what comes.

use super::progress::ChargeProgress;
use crate::base::Moment;
use crate::cards::card::Card;
use crate::cards::status::CardStatus;
use crate::cards::verification::CardVerification;

/// One step, in the order in which they come.
pub(super) struct Step {
    /// The key of its words.
    pub text: &'static str,
    /// When it was, or until when it is: the key of the words around it.
    pub time: Option<(&'static str, Moment)>,
    pub is_done: bool,
    /// The one that is under way.
    pub is_current: bool,
}

const AT: &str = "card-step-at";
const BY: &str = "card-step-by";

impl Step {
    const fn done(text: &'static str, at: Option<Moment>) -> Step {
        let time = match at {
            Some(at) => Some((AT, at)),
            None => None,
        };
        Step { text, time, is_done: true, is_current: false }
    }

    const fn now(text: &'static str, until: Option<Moment>) -> Step {
        Step { is_current: true, ..Step::later(text, until) }
    }

    const fn later(text: &'static str, until: Option<Moment>) -> Step {
        let time = match until {
            Some(until) => Some((BY, until)),
            None => None,
        };
        Step { text, time, is_done: false, is_current: false }
    }
}

/// The steps of a card's charge; none where nothing was taken and nothing will be.
pub(super) fn track(
    card: &Card,
    verification: Option<&CardVerification>,
    money: &ChargeProgress,
    asks: Option<Moment>,
) -> Vec<Step> {
    let charged =
        Step::done("card-step-charged", verification.and_then(|verification| verification.charged_at));
    let ahead = |first: Step, return_by: Option<Moment>| {
        vec![first, Step::later("card-step-to-enter", None), Step::later("card-step-to-return", return_by)]
    };
    // The sum may be entered when the money is back already, too: before that no step says until when, or the next one's day would
    // be the earlier one.
    let is_back = matches!(money, ChargeProgress::Returned { .. });
    let entered = || match asks {
        Some(by) => Some(Step::now("card-step-entering", is_back.then_some(by))),
        None => (card.confirmed_at.is_some()).then(|| Step::done("card-step-entered", card.confirmed_at)),
    };
    match *money {
        ChargeProgress::NeverTaken => Vec::new(),
        ChargeProgress::NotAsked if card.status != CardStatus::Entering => Vec::new(),
        ChargeProgress::NotAsked => ahead(Step::now("card-step-handing", None), None),
        ChargeProgress::ToBeTyped { until } => ahead(Step::now("card-step-typing", Some(until)), None),
        ChargeProgress::Charging { return_by } => {
            ahead(Step::now("card-step-charging", None), Some(return_by))
        }
        ChargeProgress::AtTheBank { until } => ahead(Step::now("card-step-at-bank", Some(until)), None),
        ChargeProgress::Cancelling { return_by } => {
            vec![
                Step::now("card-step-cancelling", None),
                Step::later("card-step-if-charged", Some(return_by)),
            ]
        }
        ChargeProgress::Charged { return_by } => {
            let returned = Step::later("card-step-to-return", Some(return_by));
            [Some(charged), entered(), Some(returned)].into_iter().flatten().collect()
        }
        ChargeProgress::Returning { return_by, .. } => {
            let returned =
                Step { is_current: asks.is_none(), ..Step::later("card-step-returning", Some(return_by)) };
            [Some(charged), entered(), Some(returned)].into_iter().flatten().collect()
        }
        ChargeProgress::Returned { at, .. } => {
            let returned = Step::done("card-step-returned", Some(at));
            // What is done stands before what is not, and what was first before what came later.
            let steps = if asks.is_some() || card.confirmed_at.is_some_and(|entered| entered > at) {
                [Some(charged), Some(returned), entered()]
            } else {
                [Some(charged), entered(), Some(returned)]
            };
            steps.into_iter().flatten().collect()
        }
    }
}
