//! Charges: each at most once, whatever is asked how often.

use diesel::prelude::*;

use super::cards::Card;
use super::file::{cards, count_try};
use super::numbers::Script;
use super::record::{Kind, Operation, State, find, money};
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
pub(super) fn travel(script: Option<Script>, is_new: bool) -> ResponseDelay {
    match script {
        Some(Script::Silent) if is_new => ResponseDelay::After(SILENCE),
        Some(Script::ErrorAfter) if is_new => ResponseDelay::Lost,
        Some(Script::Slow) => ResponseDelay::After(SLOWNESS),
        _ => ResponseDelay::AtOnce,
    }
}

/// Whether this card's server fails before it does anything.
pub(super) fn fails_first(db: &mut SqliteConnection, script: Option<Script>, key: &str) -> QueryResult<bool> {
    Ok(script == Some(Script::ErrorBefore) && count_try(db, key)? <= FAILED_TRIES)
}

pub(super) fn misused(why: &str) -> Outcome {
    Outcome::Unknown { why: why.to_owned(), sent: true }
}

impl Bank {
    pub fn charge(&self, new: &NewCharge) -> Result<Answer<Outcome>, BankError> {
        let now = self.clock.now();
        self.with(|db| {
            let card = card_of(db, &new.token)?;
            let script = card.as_ref().map(|card| card.script);
            if let Some(known) = find(db, &new.operation)? {
                let same = known.kind == Kind::Charge && known.contents == contents(new);
                let what = if same {
                    known.outcome(&self.home)
                } else {
                    misused("the same key with other contents")
                };
                return Ok(Answer { what, delay: travel(script, false) });
            }
            if money(new.minor, &new.currency).is_none_or(|money| money.minor <= 0) {
                return Ok(Answer::at_once(misused("no sum that can be charged")));
            }
            if fails_first(db, script, &new.operation)? {
                return Ok(Answer { what: misused("on purpose"), delay: ResponseDelay::Lost });
            }
            let operation = decide(operation_of(new, card.as_ref(), now), card.as_ref());
            operation.make(db, script)?;
            Ok(Answer { what: operation.outcome(&self.home), delay: travel(script, true) })
        })
    }

    /// Takes back a charge that waits for its cardholder. One that the bank has not heard of is refused from now on.
    pub fn cancel(&self, new: &NewCharge) -> Result<Answer<Outcome>, BankError> {
        let now = self.clock.now();
        self.with(|db| {
            let Some(known) = find(db, &new.operation)? else {
                let card = card_of(db, &new.token)?;
                let operation = operation_of(new, card.as_ref(), now).declined(Decline::Cancelled);
                operation.make(db, None)?;
                return Ok(Answer::at_once(operation.outcome(&self.home)));
            };
            if known.kind != Kind::Charge || known.contents != contents(new) {
                return Ok(Answer::at_once(misused("the same key with other contents")));
            }
            known.end(db, State::Declined, Some(Decline::Cancelled), now)?;
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
    match card.script {
        Script::NoFunds => operation.declined(Decline::InsufficientFunds),
        Script::Stolen => operation.declined(Decline::Stolen),
        Script::WrongCode => operation.declined(Decline::WrongCode),
        Script::Expired => operation.declined(Decline::Expired),
        Script::Confirm => Operation { state: State::Waiting, ..operation },
        _ => operation,
    }
}
