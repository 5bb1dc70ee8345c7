//! What becomes of a card: confirmed, failed, unbound, made the one that is offered first.

use diesel::prelude::*;

use super::card::{Card, CardId};
use super::events;
use super::limits;
use super::messages::CardNews;
use super::status::{CardEvent, CardStatus, Failure};
use super::verification::CardVerification;
use crate::accounts::account::Account;
use crate::base::{AccountId, Moment};
use crate::db::schema::cards;
use crate::db::{Db, Tx};

impl Card {
    /// The card has failed, and its owner is told why in general words.
    pub(super) fn fail(&self, tx: &mut Tx, why: Failure) -> QueryResult<bool> {
        if !self.advance(tx.db, CardEvent::Failed, tx.now)? {
            return Ok(false);
        }
        self.set_failure(tx.db, why)?;
        if why == Failure::TriesSpent {
            limits::cool_down(tx, self.id)?;
        }
        // Nobody needs a message about a form that was left, or whose answer has said it.
        if !matches!(why, Failure::NotEntered | Failure::BankAway) {
            tx.record(self.account_id, &events::CARD_FAILED, &self.name())?;
            tx.notify_of_card(self, CardNews::Failed(why))?;
        }
        Ok(true)
    }

    /// Of a card that is over already, too: a bank's refusal is no less one to whoever counts them.
    pub(super) fn set_failure(&self, db: &mut Db, why: Failure) -> QueryResult<()> {
        diesel::update(cards::table.find(self.id)).set(cards::failure.eq(Some(why))).execute(db).map(drop)
    }

    /// The owner has named the sum.
    pub(super) fn confirm(&self, tx: &mut Tx) -> QueryResult<bool> {
        if !self.advance(tx.db, CardEvent::AmountConfirmed, tx.now)? {
            return Ok(false);
        }
        let default = cards::table.filter(cards::account_id.eq(self.account_id)).filter(cards::is_default);
        let has_default: bool = diesel::select(diesel::dsl::exists(default)).get_result(tx.db)?;
        diesel::update(cards::table.find(self.id))
            .set((
                cards::confirmed_at.eq(Some(tx.now)),
                cards::is_default.eq(!has_default),
                cards::next_at.eq(None::<Moment>),
            ))
            .execute(tx.db)?;
        tx.record(self.account_id, &events::CARD_CONFIRMED, &self.name())?;
        tx.notify_of_card(self, CardNews::Confirmed)?;
        Ok(true)
    }

    /// Takes the card away from the account; a verification charge that is under way goes back. False when it was gone already.
    pub fn unbind(tx: &mut Tx, account: &Account, handle: &str) -> QueryResult<bool> {
        let Some(card) = Card::find(tx.db, account.id, handle)? else { return Ok(false) };
        if !card.advance(tx.db, CardEvent::Unbound, tx.now)? {
            return Ok(false);
        }
        if let Some(verification) = CardVerification::of(tx.db, card.id)? {
            verification.run_now(tx)?;
        }
        if card.is_default {
            pass_default_on(tx.db, account.id)?;
        }
        let told = match card.status {
            CardStatus::Entering => None,
            CardStatus::Verifying => Some((&events::CARD_DROPPED, CardNews::Dropped)),
            _ => Some((&events::CARD_UNBOUND, CardNews::Unbound)),
        };
        if let Some((event, news)) = told {
            tx.record(card.account_id, event, &card.name())?;
            tx.notify_of_card(&card, news)?;
        }
        Ok(true)
    }

    /// Makes a confirmed card the one that is offered first. False when it is none.
    pub fn prefer(db: &mut Db, account_id: AccountId, handle: &str) -> QueryResult<bool> {
        let Some(card) = Card::find(db, account_id, handle)? else { return Ok(false) };
        if card.status != CardStatus::Confirmed {
            return Ok(false);
        }
        let others = cards::table.filter(cards::account_id.eq(account_id)).filter(cards::is_default);
        diesel::update(others).set(cards::is_default.eq(false)).execute(db)?;
        let rows = diesel::update(cards::table.find(card.id)).set(cards::is_default.eq(true)).execute(db)?;
        Ok(rows == 1)
    }
}

/// The newest confirmed card takes the place of the one that went.
fn pass_default_on(db: &mut Db, account_id: AccountId) -> QueryResult<()> {
    let newest: Option<CardId> = cards::table
        .filter(cards::account_id.eq(account_id))
        .filter(cards::status.eq(CardStatus::Confirmed))
        .order(cards::id.desc())
        .select(cards::id)
        .first(db)
        .optional()?;
    if let Some(id) = newest {
        diesel::update(cards::table.find(id)).set(cards::is_default.eq(true)).execute(db)?;
    }
    Ok(())
}
