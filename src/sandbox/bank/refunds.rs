//! Refunds: never more than was charged.

use diesel::prelude::*;

use super::charges::{fails_first, misuse, response_delay};
use super::file::{cards, count_try, operations};
use super::record::{Kind, Operation, State, find};
use super::test_cards::Behavior;
use super::{Answer, Bank, BankError, ResponseDelay};
use crate::base::{Moment, hours};
use crate::gateway::sandbox::NewRefund;
use crate::gateway::{Decline, Outcome};

/// Refunds that are refused for a card with `Behavior::RefundLater`.
const REFUSED_TRIES: i32 = 3;
/// How long refunds are refused for a card with `Behavior::RefundHours`.
const REFUSED_HOURS: u64 = 2;

impl Bank {
    /// A refusal for now leaves no operation behind: the same key may be asked for again.
    pub fn refund(&self, new: &NewRefund) -> Result<Answer<Outcome>, BankError> {
        let now = self.clock.now();
        self.transaction(|db| {
            let charge = find(db, &new.charge)?.filter(|charge| charge.kind == Kind::Charge);
            let behavior = match charge.as_ref().and_then(|charge| charge.card) {
                Some(card) => Some(cards::table.find(card).select(cards::behavior).first::<Behavior>(db)?),
                None => None,
            };
            if let Some(known) = find(db, &new.operation)? {
                let same = known.kind == Kind::Refund && known.contents == contents(new);
                let what =
                    if same { known.outcome(&self.home) } else { misuse("the same key with other contents") };
                return Ok(Answer { what, delay: response_delay(behavior, false) });
            }
            if new.minor <= 0 {
                return Ok(Answer::at_once(misuse("no sum that can be given back")));
            }
            let Some(charge) =
                charge.filter(|charge| charge.state == State::Done && charge.currency == new.currency)
            else {
                return Ok(Answer::at_once(misuse("no such charge")));
            };
            if fails_first(db, behavior, &new.operation)? {
                return Ok(Answer { what: misuse("on purpose"), delay: ResponseDelay::Lost });
            }
            if refuses(db, behavior, &charge, now)? {
                let code = "temporarily-unavailable".to_owned();
                return Ok(Answer::at_once(Outcome::Declined { reason: Decline::RefundLater, code }));
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
            Ok(Answer { what: operation.outcome(&self.home), delay: response_delay(behavior, true) })
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
