//! The verification charge: a small random sum is taken, its owner names it, and it goes back, within a day in any case.
//!
//! Whatever moves money is a row first and a call later: the operation's id is drawn here, the ledger holds the sum here, and the
//! worker asks the gateway (`gateway_job`). When the money has moved, the ledger says so in the transaction that records it.

use std::time::Duration;

use diesel::prelude::*;
use diesel::result::Error;

use super::card::{ANSWER_WITHIN, Card};
use super::limits;
use super::messages::CardNews;
use super::status::{CardStatus, Failure, VerificationEvent, VerificationStatus};
use super::verification::{CardVerification, MAX_MINOR, MIN_MINOR, VerificationId};
use crate::accounts::account::Account;
use crate::accounts::sms_preferences::CURRENCY;
use crate::base::{Currency, Money, hours, minutes, random_bytes, seconds};
use crate::db::Tx;
use crate::db::schema::{card_verifications as table, cards};
use crate::gateway::{Decline, OperationId};
use crate::ledger::{self, Kind, NewTransfer, Owner, Reason};

/// What the shopper is promised, counted from the decision to charge.
pub const RETURNED_WITHIN_HOURS: u64 = 24;
/// The return begins so much earlier: a bank that is away for hours does not break the promise, and the sum may be named all the same.
const RETURN_LEAD: Duration = hours(4);
/// While the cardholder is at the bank's page, the gateway is asked so often.
const POLL_CHALLENGE: Duration = seconds(3);
/// Pauses between calls that came to nothing.
const PAUSES: [Duration; 8] =
    [seconds(2), seconds(5), seconds(15), seconds(30), minutes(1), minutes(2), minutes(5), minutes(10)];

/// What became of a sum that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AmountCheck {
    Confirmed,
    Wrong {
        left: i32,
    },
    /// That was the last try, or there are none.
    NoTriesLeft,
    /// Nothing of this card waits for a sum (yet, or any more): its page says how it stands.
    WrongStep,
}

impl CardVerification {
    /// Decides on a charge: draws the sum, names the two operations, holds the sum in the ledger.
    pub(super) fn start(tx: &mut Tx, card: &Card) -> QueryResult<()> {
        let (sum, charge) = (random_sum(CURRENCY), OperationId::next());
        let gateway = ledger::account(tx.db, Owner::SYSTEM, Kind::Gateway, sum.currency)?;
        let owner = Owner::account(card.account_id.as_i64());
        let owed = ledger::account(tx.db, owner, Kind::CardVerification, sum.currency)?;
        let new = NewTransfer::between(charge.as_i64(), Reason::VerificationCharged, gateway, owed, sum)
            .map_err(refusal)?;
        let hold_id = ledger::hold(tx.db, &new, tx.now)?.map_err(refusal)?;
        let return_by = tx.now.after(hours(RETURNED_WITHIN_HOURS));
        diesel::insert_into(table::table)
            .values((
                table::id.eq(VerificationId::next()),
                table::card_id.eq(card.id),
                table::account_id.eq(card.account_id),
                table::status.eq(VerificationStatus::Charging),
                table::gateway.eq(&card.gateway),
                table::amount_minor.eq(sum.minor),
                table::currency.eq(sum.currency),
                table::charge_operation.eq(charge),
                table::refund_operation.eq(OperationId::next()),
                table::hold_id.eq(hold_id),
                table::refund_refused.eq(0),
                table::next_at.eq(Some(tx.now)),
                table::attempts.eq(0),
                table::begun_at.eq(tx.now),
                table::refund_at.eq(return_by.before(RETURN_LEAD)),
                table::return_by.eq(return_by),
            ))
            .execute(tx.db)
            .map(drop)
    }

    /// Judges a sum. The try is spent before it is looked at, in the same transaction; the same wrong sum again
    /// costs none. Right or out of tries: the money goes back.
    pub fn confirm_amount(tx: &mut Tx, card: &Card, typed: Money) -> QueryResult<AmountCheck> {
        let card = Card::get(tx.db, card.id)?;
        let Some(verification) = CardVerification::of(tx.db, card.id)? else {
            return Ok(AmountCheck::WrongStep);
        };
        let in_time = verification.answer_by().is_some_and(|by| tx.now < by);
        if card.status != CardStatus::Verifying || !verification.status.was_taken() || !in_time {
            return Ok(AmountCheck::WrongStep);
        }
        let minor = typed.minor.to_be_bytes();
        let judged = tx.judged("card-sum", &[&card.id.as_i64().to_be_bytes(), &minor]);
        if card.tries_left > 0 && tx.is_repeat(&judged)? {
            return Ok(AmountCheck::Wrong { left: card.tries_left });
        }
        let open = cards::table
            .find(card.id)
            .filter(cards::status.eq(CardStatus::Verifying))
            .filter(cards::tries_left.gt(0));
        if diesel::update(open).set(cards::tries_left.eq(cards::tries_left - 1)).execute(tx.db)? != 1 {
            return Ok(AmountCheck::NoTriesLeft);
        }
        let outcome = match card.tries_left - 1 {
            _ if typed == verification.sum() => {
                card.confirm(tx)?;
                AmountCheck::Confirmed
            }
            0 => {
                card.fail(tx, Failure::TriesSpent)?;
                AmountCheck::NoTriesLeft
            }
            left => {
                tx.remember_judged(&judged, ANSWER_WITHIN);
                return Ok(AmountCheck::Wrong { left });
            }
        };
        verification.run_now(tx)?;
        Ok(outcome)
    }

    /// The money was taken: the ledger's hold is settled. It waits for its owner, or goes straight back.
    pub(super) fn charged(&self, tx: &mut Tx, reference: &str) -> QueryResult<()> {
        let waits = self.status != VerificationStatus::Cancelling;
        let transfer_id = ledger::settle(tx.db, self.hold_id, tx.now)?.map_err(refusal)?;
        diesel::update(table::table.find(self.id))
            .set((
                table::transfer_id.eq(Some(transfer_id)),
                table::charge_reference.eq(Some(reference)),
                table::charged_at.eq(Some(tx.now)),
                table::challenge_url.eq(None::<String>),
            ))
            .execute(tx.db)?;
        let next_at = if waits { self.refund_at } else { tx.now };
        let Some(verification) = self.advance(tx.db, VerificationEvent::Taken, Some(next_at))? else {
            return Err(Error::RollbackTransaction);
        };
        limits::charged(tx, self.card_id)?;
        let card = Card::get(tx.db, self.card_id)?;
        if card.status != CardStatus::Verifying {
            return verification.run_now(tx);
        }
        // Blocked while the bank was asked: nobody can name it.
        if Account::find(tx.db, self.account_id)?.is_none_or(|account| !account.is_active()) {
            verification.run_now(tx)?;
        }
        // It may be named though it is on its way back already.
        card.schedule(tx.db, verification.answer_by())?;
        tx.notify_of_card(&card, CardNews::Charged { return_by: verification.return_by })
    }

    /// It was not taken, and will not be: the hold is let go, and a card that still waited has failed.
    pub(super) fn declined(&self, tx: &mut Tx, reason: Decline, code: &str) -> QueryResult<()> {
        ledger::void(tx.db, self.hold_id, tx.now)?.map_err(refusal)?;
        diesel::update(table::table.find(self.id))
            .set((
                table::decline.eq(Some(reason)),
                table::decline_code.eq(Some(code)),
                table::challenge_url.eq(None::<String>),
            ))
            .execute(tx.db)?;
        if self.advance(tx.db, VerificationEvent::Declined, None)?.is_none() {
            return Err(Error::RollbackTransaction);
        }
        limits::settle(tx.db, self.card_id)?;
        let card = Card::get(tx.db, self.card_id)?;
        let why = match reason {
            Decline::NotConfirmed | Decline::Cancelled => Failure::NotConfirmed,
            _ => Failure::Declined,
        };
        match (card.status, why) {
            (CardStatus::Verifying, _) => {
                card.fail(tx, why)?;
            }
            // Unbound before the answer came: the limits count the refusal all the same.
            (_, Failure::Declined) => card.set_failure(tx.db, why)?,
            _ => {}
        }
        card.schedule_forgetting(tx.db, tx.now)
    }

    /// The bank wants the cardholder on its page.
    pub(super) fn challenged(&self, tx: &mut Tx, url: &str, reference: &str) -> QueryResult<()> {
        let (row, next_at) = (table::table.find(self.id), tx.now.after(POLL_CHALLENGE));
        let values = (table::challenge_url.eq(Some(url)), table::charge_reference.eq(Some(reference)));
        diesel::update(row).set(values).execute(tx.db)?;
        if self.status == VerificationStatus::Challenged {
            return self.schedule(tx.db, next_at);
        }
        diesel::update(row).set(table::challenged_at.eq(Some(tx.now))).execute(tx.db)?;
        self.advance(tx.db, VerificationEvent::Challenged, Some(next_at))?;
        Ok(())
    }

    /// The money is back.
    pub(super) fn refunded(&self, tx: &mut Tx, reference: &str) -> QueryResult<()> {
        let Some(transfer_id) = self.transfer_id else { return Err(Error::RollbackTransaction) };
        let refund = self.refund_operation.as_i64();
        ledger::reverse(tx.db, transfer_id, refund, Reason::VerificationReturned, tx.now)?
            .map_err(refusal)?;
        diesel::update(table::table.find(self.id))
            .set((table::refund_reference.eq(Some(reference)), table::returned_at.eq(Some(tx.now))))
            .execute(tx.db)?;
        if self.advance(tx.db, VerificationEvent::Refunded, None)?.is_none() {
            return Err(Error::RollbackTransaction);
        }
        let card = Card::get(tx.db, self.card_id)?;
        card.schedule_forgetting(tx.db, tx.now)?;
        let can_be_named = card.status == CardStatus::Verifying;
        tx.notify_of_card(&card, CardNews::Returned { sum: (!can_be_named).then(|| self.sum()) })
    }

    /// A call has come to nothing: when it is made again, and since when that is so. `stuck_money` tells the operator in time.
    pub(super) fn record_failure(&self, tx: &mut Tx, why: &str, refused: bool) -> QueryResult<()> {
        let since = self.failing_since.unwrap_or(tx.now);
        let pause =
            usize::try_from(self.attempts - 1).ok().and_then(|made| PAUSES.get(made)).or(PAUSES.last());
        diesel::update(table::table.find(self.id))
            .set((
                table::gateway_error.eq(Some(why)),
                table::failing_since.eq(Some(since)),
                table::refund_refused.eq(table::refund_refused + i32::from(refused)),
                table::next_at.eq(Some(tx.now.after(pause.copied().unwrap_or_default()))),
            ))
            .execute(tx.db)
            .map(drop)
    }
}

/// A sum at random, each as likely as any other. None is of whole roubles: who names roubles alone has not looked, and that costs no try.
fn random_sum(currency: Currency) -> Money {
    let span = MAX_MINOR - MIN_MINOR + 1;
    let fair = u16::MAX - u16::MAX % span;
    loop {
        let drawn = u16::from_le_bytes(random_bytes::<2>());
        let sum = Money::new(i64::from(MIN_MINOR + drawn % span), currency);
        if drawn < fair && !sum.lacks_hundredths() {
            return sum;
        }
    }
}

/// The ledger refuses what the states should have ruled out: nothing is written, and the log says so.
fn refusal(refusal: ledger::Refusal) -> Error {
    tracing::error!(%refusal, "the ledger refused an entry of a verification charge");
    Error::QueryBuilderError(refusal.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_small_and_all_of_them_are_drawn() {
        let mut seen = std::collections::BTreeSet::new();
        for currency in [Currency::Rub, Currency::Jpy] {
            for _ in 0..20_000 {
                let sum = random_sum(currency);
                assert!((100..=999).contains(&sum.minor) && sum.currency == currency);
                seen.insert((currency.word(), sum.minor));
            }
        }
        let of = |currency: Currency| seen.iter().filter(|(word, _)| *word == currency.word()).count();
        // All but 1.00 to 9.00; a currency without hundredths has all of them.
        assert_eq!((of(Currency::Rub), of(Currency::Jpy)), (891, 900));
    }
}
