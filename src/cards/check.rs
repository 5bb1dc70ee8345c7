//! The charge that checks a card: a small random sum is taken, its owner names it, and it goes back, within a day in any case.
//!
//! Whatever moves money is a row first and a call later: the operation's id is drawn here, the ledger holds the sum here, and the
//! worker asks the gateway (`call`). When the money has moved, the ledger says so in the transaction that notes it.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;
use diesel::result::Error;

use super::card::{ANSWER_WITHIN, Card, CardId};
use super::status::{CardStatus, CheckEvent, CheckStatus, Failure};
use super::telling::{self, CardNews};
use crate::accounts::account::Account;
use crate::accounts::sms_preferences::CURRENCY;
use crate::accounts::telling::Occasion;
use crate::base::{AccountId, Currency, Keys, Moment, Money, hours, minutes, random_bytes, seconds};
use crate::db::Db;
use crate::db::schema::{cards, checks};
use crate::gateway::{Decline, OperationId};
use crate::ledger::{self, Kind, NewTransfer, Owner, Reason, TransferId};
use crate::row_id;

row_id! {
    /// A check charge's row.
    CheckId
}

/// 1.00 to 9.99 in minor units; 100 to 999 yen.
const LEAST: u16 = 100;
const MOST: u16 = 999;
/// What the shopper is promised, counted from the decision to charge.
pub const RETURNED_WITHIN_HOURS: u64 = 24;
/// The return begins so much earlier: a bank that is away for hours does not break the promise, and the sum may be named all the same.
const RETURN_AHEAD: Duration = hours(4);
/// How long the bank's page is waited for.
const CHALLENGE_WITHIN: Duration = minutes(30);
/// While the cardholder is at the bank's page, the gateway is asked so often, at first and later.
const CHALLENGE_LOOK: Duration = seconds(5);
/// How a trouble begins that is the gateway's refusal.
pub(super) const REFUSED: &str = "refused: ";
/// Pauses between calls that came to nothing.
const PAUSES: [Duration; 8] =
    [seconds(2), seconds(5), seconds(15), seconds(30), minutes(1), minutes(2), minutes(5), minutes(10)];

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = checks)]
pub struct Check {
    pub id: CheckId,
    pub card_id: CardId,
    pub account_id: AccountId,
    pub status: CheckStatus,
    pub gateway: String,
    amount_minor: i64,
    currency: Currency,
    pub charge_operation: OperationId,
    pub refund_operation: OperationId,
    pub charge_reference: Option<String>,
    pub bank_url: Option<String>,
    hold_id: TransferId,
    transfer_id: Option<TransferId>,
    pub decline: Option<Decline>,
    pub refund_refused: i32,
    pub(super) next_at: Option<Moment>,
    pub(super) attempts: i32,
    pub trouble: Option<String>,
    pub trouble_since: Option<Moment>,
    pub alerted_at: Option<Moment>,
    pub begun_at: Moment,
    challenged_at: Option<Moment>,
    pub refund_at: Moment,
    pub return_by: Moment,
    pub charged_at: Option<Moment>,
    pub returned_at: Option<Moment>,
}

/// What became of a sum that was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    Confirmed,
    Missed {
        left: i32,
    },
    /// That was the last try, or there are none.
    Spent,
    /// Nothing of this card waits for a sum (yet, or any more): its page says how it stands.
    Elsewhere,
}

impl Check {
    /// Decides on a charge: draws the sum, names the two operations, holds the sum in the ledger.
    pub(super) fn start(db: &mut Db, card: &Card, now: Moment) -> QueryResult<()> {
        let (sum, charge) = (draw(CURRENCY), OperationId::next());
        let gateway = ledger::account(db, Owner::SYSTEM, Kind::Gateway, sum.currency)?;
        let owed =
            ledger::account(db, Owner::account(card.account_id.as_i64()), Kind::CardCheck, sum.currency)?;
        let new = NewTransfer::between(charge.as_i64(), Reason::CheckCharged, gateway, owed, sum)
            .map_err(refusal)?;
        let hold_id = ledger::hold(db, &new, now)?.map_err(refusal)?;
        let return_by = now.after(hours(RETURNED_WITHIN_HOURS));
        diesel::insert_into(checks::table)
            .values((
                checks::id.eq(CheckId::next()),
                checks::card_id.eq(card.id),
                checks::account_id.eq(card.account_id),
                checks::status.eq(CheckStatus::Charging),
                checks::gateway.eq(&card.gateway),
                checks::amount_minor.eq(sum.minor),
                checks::currency.eq(sum.currency),
                checks::charge_operation.eq(charge),
                checks::refund_operation.eq(OperationId::next()),
                checks::hold_id.eq(hold_id),
                checks::refund_refused.eq(0),
                checks::next_at.eq(Some(now)),
                checks::attempts.eq(0),
                checks::begun_at.eq(now),
                checks::refund_at.eq(return_by.before(RETURN_AHEAD)),
                checks::return_by.eq(return_by),
            ))
            .execute(db)
            .map(|_rows| ())
    }

    pub fn of(db: &mut Db, card_id: CardId) -> QueryResult<Option<Check>> {
        checks::table.filter(checks::card_id.eq(card_id)).select(Check::as_select()).first(db).optional()
    }

    /// Those of several cards, with one question.
    pub fn of_all(db: &mut Db, cards: &[Card]) -> QueryResult<HashMap<CardId, Check>> {
        let ids: Vec<CardId> = cards.iter().map(|card| card.id).collect();
        let all: Vec<Check> =
            checks::table.filter(checks::card_id.eq_any(ids)).select(Check::as_select()).load(db)?;
        Ok(all.into_iter().map(|check| (check.card_id, check)).collect())
    }

    pub(super) fn get(db: &mut Db, id: CheckId) -> QueryResult<Check> {
        checks::table.find(id).select(Check::as_select()).first(db)
    }

    /// Not to be shown to its owner before the sum has been named, or can be no more.
    pub fn sum(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The smallest and the largest sum that is drawn.
    pub fn range(currency: Currency) -> (Money, Money) {
        (Money::new(LEAST.into(), currency), Money::new(MOST.into(), currency))
    }

    /// Until when the sum can be named.
    pub fn answer_by(&self) -> Option<Moment> {
        self.charged_at.map(|at| at.after(ANSWER_WITHIN))
    }

    /// Until when the bank's page is waited for, while it is.
    pub fn confirm_by(&self) -> Option<Moment> {
        self.challenged_at.map(|at| at.after(CHALLENGE_WITHIN))
    }

    /// Whether the gateway's last word was a refusal: then it is asked anew.
    pub fn is_refused(&self) -> bool {
        self.trouble.as_deref().is_some_and(|trouble| trouble.starts_with(REFUSED))
    }

    /// Judges a sum. The try is spent before it is looked at, in the same transaction. Right or out of tries: the money goes back.
    pub fn name(db: &mut Db, keys: &Keys, on: &Occasion, card: &Card, typed: Money) -> QueryResult<Named> {
        let card = Card::get(db, card.id)?;
        let Some(check) = Check::of(db, card.id)? else { return Ok(Named::Elsewhere) };
        let in_time = check.answer_by().is_some_and(|by| on.now < by);
        if card.status != CardStatus::Checking || !check.status.was_taken() || !in_time {
            return Ok(Named::Elsewhere);
        }
        let open = cards::table
            .find(card.id)
            .filter(cards::status.eq(CardStatus::Checking))
            .filter(cards::tries_left.gt(0));
        if diesel::update(open).set(cards::tries_left.eq(cards::tries_left - 1)).execute(db)? != 1 {
            return Ok(Named::Spent);
        }
        if typed == check.sum() {
            card.confirm(db, keys, on)?;
            check.hurry(db, on.now)?;
            return Ok(Named::Confirmed);
        }
        match card.tries_left - 1 {
            0 => {
                card.fail(db, keys, on, Failure::TriesSpent)?;
                check.hurry(db, on.now)?;
                Ok(Named::Spent)
            }
            left => Ok(Named::Missed { left }),
        }
    }

    /// The worker looks at it at once.
    pub(super) fn hurry(&self, db: &mut Db, now: Moment) -> QueryResult<()> {
        if !self.status.is_open() {
            return Ok(());
        }
        diesel::update(checks::table.find(self.id))
            .set(checks::next_at.eq(Some(now)))
            .execute(db)
            .map(|_rows| ())
    }

    /// What time, or the fate of card and account, make of it; None when there is still something to wait for.
    pub(super) fn is_over(&self, card: &Card, account: &Account, now: Moment) -> bool {
        let unwanted = card.status != CardStatus::Checking || !account.is_active();
        let challenge_lapsed = self.confirm_by().is_some_and(|by| by <= now);
        match self.status {
            CheckStatus::Charging => unwanted || self.refund_at <= now,
            CheckStatus::Challenged => unwanted || challenge_lapsed || self.refund_at <= now,
            CheckStatus::Charged => unwanted || self.refund_at <= now,
            _ => false,
        }
    }

    /// Moves the check on and has the worker look at it at `next_at`. None when somebody was first.
    pub(super) fn advance(
        &self,
        db: &mut Db,
        event: CheckEvent,
        next_at: Option<Moment>,
    ) -> QueryResult<Option<Check>> {
        let Some(next) = self.status.after(event) else { return Ok(None) };
        let ours = checks::table.find(self.id).filter(checks::status.eq(self.status));
        let calm = (
            checks::trouble.eq(None::<String>),
            checks::trouble_since.eq(None::<Moment>),
            checks::alerted_at.eq(None::<Moment>),
        );
        let rows = diesel::update(ours)
            .set((checks::status.eq(next), checks::next_at.eq(next_at), checks::attempts.eq(0), calm))
            .execute(db)?;
        if rows == 1 { Check::get(db, self.id).map(Some) } else { Ok(None) }
    }

    /// The money was taken: the ledger's hold is settled. It waits for its owner, or goes straight back.
    pub(super) fn taken(&self, db: &mut Db, keys: &Keys, on: &Occasion, reference: &str) -> QueryResult<()> {
        let now = on.now;
        let waits = self.status != CheckStatus::Cancelling;
        let transfer_id = ledger::settle(db, self.hold_id, now)?.map_err(refusal)?;
        diesel::update(checks::table.find(self.id))
            .set((
                checks::transfer_id.eq(Some(transfer_id)),
                checks::charge_reference.eq(Some(reference)),
                checks::charged_at.eq(Some(now)),
                checks::bank_url.eq(None::<String>),
            ))
            .execute(db)?;
        let next_at = if waits { self.refund_at } else { now };
        let Some(check) = self.advance(db, CheckEvent::Taken, Some(next_at))? else {
            return Err(Error::RollbackTransaction);
        };
        let card = Card::get(db, self.card_id)?;
        if card.status != CardStatus::Checking {
            return check.hurry(db, now);
        }
        // It may be named though it is on its way back already.
        card.look_at(db, check.answer_by())?;
        telling::tell(db, keys, on, &card, CardNews::Charged { return_by: check.return_by })
    }

    /// It was not taken, and will not be: the hold is let go, and a card that still waited has failed.
    pub(super) fn declined(
        &self,
        db: &mut Db,
        keys: &Keys,
        on: &Occasion,
        reason: Decline,
        code: &str,
    ) -> QueryResult<()> {
        ledger::void(db, self.hold_id, on.now)?.map_err(refusal)?;
        diesel::update(checks::table.find(self.id))
            .set((
                checks::decline.eq(Some(reason)),
                checks::decline_code.eq(Some(code)),
                checks::bank_url.eq(None::<String>),
            ))
            .execute(db)?;
        if self.advance(db, CheckEvent::Declined, None)?.is_none() {
            return Err(Error::RollbackTransaction);
        }
        let card = Card::get(db, self.card_id)?;
        let why = match reason {
            Decline::NotConfirmed | Decline::Cancelled => Failure::NotConfirmed,
            _ => Failure::Declined,
        };
        match (card.status, why) {
            (CardStatus::Checking, _) => {
                card.fail(db, keys, on, why)?;
            }
            // Unbound before the answer came: the limits count the refusal all the same.
            (_, Failure::Declined) => card.was_declined(db)?,
            _ => {}
        }
        card.let_go(db, on.now)
    }

    /// The bank wants the cardholder on its page.
    pub(super) fn challenged(&self, db: &mut Db, now: Moment, url: &str, reference: &str) -> QueryResult<()> {
        let values = (checks::bank_url.eq(Some(url)), checks::charge_reference.eq(Some(reference)));
        diesel::update(checks::table.find(self.id)).set(values).execute(db)?;
        let next_at = Some(now.after(CHALLENGE_LOOK));
        if self.status == CheckStatus::Challenged {
            return diesel::update(checks::table.find(self.id))
                .set(checks::next_at.eq(next_at))
                .execute(db)
                .map(|_rows| ());
        }
        diesel::update(checks::table.find(self.id)).set(checks::challenged_at.eq(Some(now))).execute(db)?;
        self.advance(db, CheckEvent::Challenged, next_at).map(|_moved| ())
    }

    /// The money is back.
    pub(super) fn given_back(
        &self,
        db: &mut Db,
        keys: &Keys,
        on: &Occasion,
        reference: &str,
    ) -> QueryResult<()> {
        let Some(transfer_id) = self.transfer_id else { return Err(Error::RollbackTransaction) };
        let refund = self.refund_operation.as_i64();
        ledger::reverse(db, transfer_id, refund, Reason::CheckReturned, on.now)?.map_err(refusal)?;
        diesel::update(checks::table.find(self.id))
            .set((checks::refund_reference.eq(Some(reference)), checks::returned_at.eq(Some(on.now))))
            .execute(db)?;
        if self.advance(db, CheckEvent::GivenBack, None)?.is_none() {
            return Err(Error::RollbackTransaction);
        }
        let card = Card::get(db, self.card_id)?;
        card.let_go(db, on.now)?;
        let can_be_named = card.status == CardStatus::Checking;
        telling::tell(db, keys, on, &card, CardNews::Returned { sum: (!can_be_named).then(|| self.sum()) })
    }

    /// A call has come to nothing: when it is made again, and since when that is so. `queue` tells the operator in time.
    pub(super) fn troubled(&self, db: &mut Db, now: Moment, why: &str, refused: bool) -> QueryResult<()> {
        let since = self.trouble_since.unwrap_or(now);
        let pause =
            usize::try_from(self.attempts - 1).ok().and_then(|made| PAUSES.get(made)).or(PAUSES.last());
        diesel::update(checks::table.find(self.id))
            .set((
                checks::trouble.eq(Some(why)),
                checks::trouble_since.eq(Some(since)),
                checks::refund_refused.eq(checks::refund_refused + i32::from(refused)),
                checks::next_at.eq(Some(now.after(pause.copied().unwrap_or_default()))),
            ))
            .execute(db)
            .map(|_rows| ())
    }
}

impl Card {
    /// No money is on its way any more: the gateway may forget a card that is over.
    fn let_go(&self, db: &mut Db, now: Moment) -> QueryResult<()> {
        let card = Card::get(db, self.id)?;
        if matches!(card.status, CardStatus::Failed | CardStatus::Unbound) {
            card.look_at(db, Some(now))
        } else {
            Ok(())
        }
    }
}

/// A sum at random, each as likely as any other.
fn draw(currency: Currency) -> Money {
    let span = MOST - LEAST + 1;
    let fair = u16::MAX - u16::MAX % span;
    loop {
        let drawn = u16::from_le_bytes(random_bytes::<2>());
        if drawn < fair {
            return Money::new(i64::from(LEAST + drawn % span), currency);
        }
    }
}

/// The ledger refuses what the states should have ruled out: nothing is written, and the log says so.
fn refusal(refusal: ledger::Refusal) -> Error {
    tracing::error!(%refusal, "the ledger refused an entry of a check charge");
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
                let sum = draw(currency);
                assert!((100..=999).contains(&sum.minor) && sum.currency == currency);
                seen.insert(sum.minor);
            }
        }
        assert_eq!(seen.len(), 900);
    }
}
