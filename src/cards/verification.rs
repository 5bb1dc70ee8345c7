//! A card's verification charge as a row: the sum, the two operations, where the money is. What moves it is in `verification_charge`.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;

use super::card::{ANSWER_WITHIN, Card, CardId};
use super::status::{CardStatus, VerificationEvent, VerificationStatus};
use crate::accounts::account::Account;
use crate::base::{AccountId, Currency, Moment, Money, minutes};
use crate::db::schema::{card_verifications as table, cards};
use crate::db::{Db, Tx};
use crate::gateway::{Decline, OperationId};
use crate::ledger::TransferId;
use crate::on_connection;
use crate::row_id;

row_id! {
    /// A verification charge's row.
    VerificationId
}

/// 1.00 to 9.99 in minor units; 100 to 999 yen.
pub(super) const MIN_MINOR: u16 = 100;
pub(super) const MAX_MINOR: u16 = 999;
/// How long the bank's page is waited for.
const CHALLENGE_WITHIN: Duration = minutes(30);
/// How an error begins that is the gateway's refusal.
pub(super) const REFUSED: &str = "refused: ";

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = table)]
pub struct CardVerification {
    pub id: VerificationId,
    pub card_id: CardId,
    pub account_id: AccountId,
    pub status: VerificationStatus,
    pub gateway: String,
    amount_minor: i64,
    currency: Currency,
    pub charge_operation: OperationId,
    pub refund_operation: OperationId,
    pub charge_reference: Option<String>,
    pub challenge_url: Option<String>,
    pub(super) hold_id: TransferId,
    pub(super) transfer_id: Option<TransferId>,
    pub decline: Option<Decline>,
    pub refund_refused: i32,
    pub(super) next_at: Option<Moment>,
    pub(super) attempts: i32,
    pub gateway_error: Option<String>,
    pub failing_since: Option<Moment>,
    pub alerted_at: Option<Moment>,
    pub begun_at: Moment,
    challenged_at: Option<Moment>,
    pub refund_at: Moment,
    pub return_by: Moment,
    pub charged_at: Option<Moment>,
    pub returned_at: Option<Moment>,
}

impl CardVerification {
    pub fn of(db: &mut Db, card_id: CardId) -> QueryResult<Option<CardVerification>> {
        table::table
            .filter(table::card_id.eq(card_id))
            .select(CardVerification::as_select())
            .first(db)
            .optional()
    }

    /// Those of an account's cards, with one question.
    pub fn of_all(db: &mut Db, account_id: AccountId) -> QueryResult<HashMap<CardId, CardVerification>> {
        let of_account = cards::table.filter(cards::account_id.eq(account_id)).select(cards::id);
        let all = table::table.filter(table::card_id.eq_any(of_account));
        let all: Vec<CardVerification> =
            on_connection!(db, |c| all.select(CardVerification::as_select()).load(c))?;
        Ok(all.into_iter().map(|verification| (verification.card_id, verification)).collect())
    }

    pub(super) fn get(db: &mut Db, id: VerificationId) -> QueryResult<CardVerification> {
        table::table.find(id).select(CardVerification::as_select()).first(db)
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
        (Money::new(MIN_MINOR.into(), currency), Money::new(MAX_MINOR.into(), currency))
    }

    /// Until when the sum can be named.
    pub fn answer_by(&self) -> Option<Moment> {
        self.charged_at.map(|at| at.after(ANSWER_WITHIN))
    }

    /// Until when the bank's page is waited for, while it is.
    pub fn confirm_by(&self) -> Option<Moment> {
        self.challenged_at.map(|at| at.after(CHALLENGE_WITHIN))
    }

    /// By when the money is back, while it is away or may be.
    pub fn away_until(&self) -> Option<Moment> {
        self.status.is_open().then_some(self.return_by)
    }

    /// Whether the gateway's last word was a refusal: then it is asked anew.
    pub fn is_refused(&self) -> bool {
        self.gateway_error.as_deref().is_some_and(|error| error.starts_with(REFUSED))
    }

    /// Whether time, or the fate of card and account, leave nothing to wait for.
    pub(super) fn is_over(&self, card: &Card, account: &Account, now: Moment) -> bool {
        let unwanted = card.status != CardStatus::Verifying || !account.is_active();
        let challenge_lapsed = self.confirm_by().is_some_and(|by| by <= now);
        match self.status {
            VerificationStatus::Charging | VerificationStatus::Charged => unwanted || self.refund_at <= now,
            VerificationStatus::Challenged => unwanted || challenge_lapsed || self.refund_at <= now,
            _ => false,
        }
    }

    /// The worker looks at it at once.
    pub(super) fn run_now(&self, tx: &mut Tx) -> QueryResult<()> {
        if self.status.is_open() { self.schedule(tx.db, tx.now) } else { Ok(()) }
    }

    /// When the worker looks at it next.
    pub(super) fn schedule(&self, db: &mut Db, next_at: Moment) -> QueryResult<()> {
        let row = table::table.find(self.id);
        diesel::update(row).set(table::next_at.eq(Some(next_at))).execute(db).map(drop)
    }

    /// Moves it on and has the worker look at it at `next_at`. None when somebody was first.
    pub(super) fn advance(
        &self,
        db: &mut Db,
        event: VerificationEvent,
        next_at: Option<Moment>,
    ) -> QueryResult<Option<CardVerification>> {
        let Some(next) = self.status.after(event) else { return Ok(None) };
        let ours = table::table.find(self.id).filter(table::status.eq(self.status));
        let calm = (
            table::gateway_error.eq(None::<String>),
            table::failing_since.eq(None::<Moment>),
            table::alerted_at.eq(None::<Moment>),
        );
        let rows = diesel::update(ours)
            .set((table::status.eq(next), table::next_at.eq(next_at), table::attempts.eq(0), calm))
            .execute(db)?;
        if rows == 1 { CardVerification::get(db, self.id).map(Some) } else { Ok(None) }
    }
}
