//! Charges: each at most once, whatever is asked how often.

use diesel::prelude::*;

use super::cards::Card;
use super::file::{cards, count_try};
use super::record::{Kind, Operation, State, find, money};
use super::test_cards::Behavior;
use super::{Answer, Bank, BankError, ResponseDelay};
use crate::base::{Moment, seconds};
use crate::gateway::sandbox::NewCharge;
use crate::gateway::{Decline, Outcome};

/// Longer than any client waits.
const SILENCE: std::time::Duration = seconds(25);
const SLOWNESS: std::time::Duration = seconds(3);
/// Tries that fail before anything is done.
const FAILED_TRIES: i32 = 2;

/// How an operation's answer delay when it was done just now, or long before.
pub(super) fn response_delay(behavior: Option<Behavior>, is_new: bool) -> ResponseDelay {
    match behavior {
        Some(Behavior::Silent) if is_new => ResponseDelay::After(SILENCE),
        Some(Behavior::ErrorAfter) if is_new => ResponseDelay::Lost,
        Some(Behavior::Slow) => ResponseDelay::After(SLOWNESS),
        _ => ResponseDelay::AtOnce,
    }
}

/// Whether this card's server fails before it does anything.
pub(super) fn fails_first(
    db: &mut SqliteConnection,
    behavior: Option<Behavior>,
    key: &str,
) -> QueryResult<bool> {
    Ok(behavior == Some(Behavior::ErrorBefore) && count_try(db, key)? <= FAILED_TRIES)
}

pub(super) fn misuse(why: &str) -> Outcome {
    Outcome::Unknown { why: why.to_owned(), sent: true }
}

impl Bank {
    pub fn charge(&self, new: &NewCharge) -> Result<Answer<Outcome>, BankError> {
        let now = self.clock.now();
        self.transaction(|db| {
            let card = card_of(db, &new.token)?;
            let behavior = card.as_ref().map(|card| card.behavior);
            if let Some(known) = find(db, &new.operation)? {
                let same = known.kind == Kind::Charge && known.contents == contents(new);
                let what =
                    if same { known.outcome(&self.home) } else { misuse("the same key with other contents") };
                return Ok(Answer { what, delay: response_delay(behavior, false) });
            }
            if money(new.minor, &new.currency).is_none_or(|money| money.minor <= 0) {
                return Ok(Answer::at_once(misuse("no sum that can be charged")));
            }
            if fails_first(db, behavior, &new.operation)? {
                return Ok(Answer { what: misuse("on purpose"), delay: ResponseDelay::Lost });
            }
            let operation = decide(operation_of(new, card.as_ref(), now), card.as_ref());
            operation.insert(db, behavior)?;
            Ok(Answer { what: operation.outcome(&self.home), delay: response_delay(behavior, true) })
        })
    }

    /// Takes back a charge that waits for its cardholder. One that the bank has not heard of is refused from now on.
    pub fn cancel(&self, new: &NewCharge) -> Result<Answer<Outcome>, BankError> {
        let now = self.clock.now();
        self.transaction(|db| {
            let Some(known) = find(db, &new.operation)? else {
                let card = card_of(db, &new.token)?;
                let operation = operation_of(new, card.as_ref(), now).declined(Decline::Cancelled);
                operation.insert(db, None)?;
                return Ok(Answer::at_once(operation.outcome(&self.home)));
            };
            if known.kind != Kind::Charge || known.contents != contents(new) {
                return Ok(Answer::at_once(misuse("the same key with other contents")));
            }
            known.finish(db, State::Declined, Some(Decline::Cancelled), now)?;
            let ended = find(db, &new.operation)?.unwrap_or(known);
            Ok(Answer::at_once(ended.outcome(&self.home)))
        })
    }
}

fn card_of(db: &mut SqliteConnection, token: &str) -> QueryResult<Option<Card>> {
    cards::table.filter(cards::token.eq(token)).select(Card::as_select()).first(db).optional()
}

fn operation_of(new: &NewCharge, card: Option<&Card>, now: Moment) -> Operation {
    Operation {
        card: card.map(|card| card.id),
        minor: new.minor,
        currency: new.currency.clone(),
        statement: new.statement.clone(),
        return_url: new.return_url.clone(),
        locale: new.locale.clone(),
        ..Operation::new(&new.operation, Kind::Charge, contents(new), now)
    }
}

fn contents(new: &NewCharge) -> String {
    format!("{} {} {} {} {}", new.token, new.minor, new.currency, new.statement, new.return_url)
}

fn decide(operation: Operation, card: Option<&Card>) -> Operation {
    let Some(card) = card else { return operation.declined(Decline::NoSuchCard) };
    if card.forgotten_at.is_some() {
        return operation.declined(Decline::NotPermitted);
    }
    match card.behavior {
        Behavior::NoFunds => operation.declined(Decline::InsufficientFunds),
        Behavior::Stolen => operation.declined(Decline::Stolen),
        Behavior::WrongCode => operation.declined(Decline::WrongCode),
        Behavior::Expired => operation.declined(Decline::Expired),
        Behavior::Confirm => Operation { state: State::Waiting, ..operation },
        _ => operation,
    }
}
