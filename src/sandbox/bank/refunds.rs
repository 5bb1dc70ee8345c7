//! Refunds: never more than was charged.

use diesel::prelude::*;

use super::file::{count_try, operations};
use super::record::{Kind, Operation, State, find};
use super::test_cards::{Behavior, fails_first, response_delay};
use super::{Answer, Bank, FileError};
use crate::base::{Moment, hours};
use crate::gateway::Decline;
use crate::gateway::sandbox::{BankResponse, NewRefund};

/// Refunds that are refused for a card with `Behavior::RefundLater`.
const REFUSED_TRIES: i32 = 3;
/// How long refunds are refused for a card with `Behavior::RefundHours`.
const REFUSED_HOURS: u64 = 2;

impl Bank {
    /// A refusal for now leaves no operation behind: the same key may be asked for again.
    pub(super) fn refund(&self, new: &NewRefund) -> Result<Answer, FileError> {
        let now = self.clock.now();
        self.transaction(|db| {
            let charge = find(db, &new.charge)?.filter(|charge| charge.kind == Kind::Charge);
            let behavior = charge.as_ref().map(|charge| charge.behavior(db)).transpose()?.flatten();
            if let Some(known) = find(db, &new.operation)? {
                let response = known.repeated(Kind::Refund, &contents(new), &self.home);
                return Ok(Answer { response, delay: response_delay(behavior, false) });
            }
            if new.minor <= 0 {
                return Ok(Answer::at_once(BankResponse::misused("no sum that can be given back")));
            }
            let Some(charge) =
                charge.filter(|charge| charge.state == State::Done && charge.currency == new.currency)
            else {
                return Ok(Answer::at_once(BankResponse::misused("no such charge")));
            };
            if let Some(failure) = fails_first(db, behavior, &new.operation)? {
                return Ok(failure);
            }
            if refuses(db, behavior, &charge, now)? {
                let later = BankResponse::declined(Decline::RefundLater, "temporarily-unavailable");
                return Ok(Answer::at_once(later));
            }
            let operation = Operation {
                card: charge.card,
                charge: Some(charge.key.clone()),
                minor: new.minor,
                currency: new.currency.clone(),
                statement: charge.statement.clone(),
                ..Operation::new(&new.operation, Kind::Refund, contents(new), now)
            };
            let left = charge.minor.saturating_sub(refunded(db, &charge.key)?);
            let operation =
                if new.minor > left { operation.declined(Decline::NotPermitted) } else { operation };
            operation.insert(db, behavior)?;
            Ok(Answer { response: operation.response(&self.home), delay: response_delay(behavior, true) })
        })
    }
}

fn contents(new: &NewRefund) -> String {
    format!("{} {} {}", new.charge, new.minor, new.currency)
}

fn refuses(
    db: &mut SqliteConnection,
    behavior: Option<Behavior>,
    charge: &Operation,
    now: Moment,
) -> QueryResult<bool> {
    match behavior {
        Some(Behavior::RefundLater) => {
            Ok(count_try(db, &format!("refunds of {}", charge.key))? <= REFUSED_TRIES)
        }
        Some(Behavior::RefundHours) => Ok(now < charge.made_at.after(hours(REFUSED_HOURS))),
        _ => Ok(false),
    }
}

fn refunded(db: &mut SqliteConnection, charge: &str) -> QueryResult<i64> {
    let done =
        operations::table.filter(operations::charge.eq(charge)).filter(operations::state.eq(State::Done));
    let sums: Vec<i64> = done.select(operations::minor).load(db)?;
    Ok(sums.into_iter().fold(0, i64::saturating_add))
}
