//! Charges: each at most once, whatever is asked how often.

use diesel::prelude::*;

use super::cards::Card;
use super::file::cards;
use super::record::{Kind, Operation, State, find, money};
use super::test_cards::{Behavior, fails_first, response_delay};
use super::{Answer, Bank, FileError};
use crate::base::Moment;
use crate::gateway::Decline;
use crate::gateway::sandbox::{BankResponse, NewCharge};

impl Bank {
    pub fn charge(&self, new: &NewCharge) -> Result<Answer, FileError> {
        let now = self.clock.now();
        self.transaction(|db| {
            let card = card_of(db, &new.token)?;
            let behavior = card.as_ref().map(|card| card.behavior);
            if let Some(known) = find(db, &new.operation)? {
                let response = known.repeated(Kind::Charge, &contents(new), &self.home);
                return Ok(Answer { response, delay: response_delay(behavior, false) });
            }
            if money(new.minor, &new.currency).is_none_or(|money| money.minor <= 0) {
                return Ok(Answer::at_once(BankResponse::misused("no sum that can be charged")));
            }
            if let Some(failure) = fails_first(db, behavior, &new.operation)? {
                return Ok(failure);
            }
            let operation = decide(operation_of(new, card.as_ref(), now), card.as_ref());
            operation.insert(db, behavior)?;
            Ok(Answer { response: operation.response(&self.home), delay: response_delay(behavior, true) })
        })
    }

    /// Takes back a charge that waits for its cardholder. One that the bank has not heard of is refused from now on.
    pub(super) fn cancel(&self, new: &NewCharge) -> Result<Answer, FileError> {
        let now = self.clock.now();
        self.transaction(|db| {
            if let Some(known) = find(db, &new.operation)? {
                if known.is(Kind::Charge, &contents(new)) {
                    known.finish(db, State::Declined, Some(Decline::Cancelled), now)?;
                }
                let ended = find(db, &new.operation)?.unwrap_or(known);
                return Ok(Answer::at_once(ended.repeated(Kind::Charge, &contents(new), &self.home)));
            }
            let card = card_of(db, &new.token)?;
            let operation = operation_of(new, card.as_ref(), now).declined(Decline::Cancelled);
            operation.insert(db, None)?;
            Ok(Answer::at_once(operation.response(&self.home)))
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
