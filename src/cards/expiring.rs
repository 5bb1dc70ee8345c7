//! Cards that expire soon are announced a month ahead; what nobody needs any more is forgotten.

use std::time::Duration;

use diesel::prelude::*;

use super::card::{Card, CardId};
use super::messages::CardNews;
use super::status::{CardStatus, VerificationStatus};
use super::verification::VerificationId;
use crate::accounts::account::AccountStatus;
use crate::base::{Moment, days};
use crate::db::schema::{accounts, card_verifications as table, cards};
use crate::db::{Db, Tx};

const AHEAD: Duration = days(31);
const AT_ONCE: i64 = 200;
/// What tells numbers apart is of use for the limits as long as they look back.
const FINGERPRINTS_KEPT: Duration = days(30);

/// Tells owners of cards that expire within a month, each once. Returns how many were told.
pub fn announce(tx: &mut Tx) -> QueryResult<usize> {
    let waiting: Vec<Card> = cards::table
        .filter(cards::status.eq(CardStatus::Confirmed))
        .filter(cards::expiry_told.eq(false))
        // Of a card without one nothing can be told, and it would stand in the others' way.
        .filter(cards::expires_year.is_not_null())
        .order((cards::expires_year, cards::expires_month))
        .limit(AT_ONCE)
        .select(Card::as_select())
        .load(tx.db)?;
    let mut told = 0;
    for card in waiting {
        let Some(ends) =
            card.expiry().map(|expiry| expiry.ends_at()).filter(|ends| *ends <= tx.now.after(AHEAD))
        else {
            continue;
        };
        let once = cards::table.find(card.id).filter(cards::expiry_told.eq(false));
        if diesel::update(once).set(cards::expiry_told.eq(true)).execute(tx.db)? == 1 && ends > tx.now {
            tx.notify_of_card(&card, CardNews::Expiring)?;
            told += 1;
        }
    }
    Ok(told)
}

/// Sends back the verification charges of accounts that were closed or blocked, and wipes what tells the numbers of failed cards apart.
/// For the list of maintenance tasks.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let shut: Vec<VerificationId> = table::table
        .inner_join(accounts::table)
        .filter(table::status.eq(VerificationStatus::Charged))
        .filter(table::next_at.gt(now))
        .filter(accounts::status.ne(AccountStatus::Active))
        .limit(AT_ONCE)
        .select(table::id)
        .load(db)?;
    diesel::update(table::table.filter(table::id.eq_any(shut)))
        .set(table::next_at.eq(Some(now)))
        .execute(db)?;
    let over: Vec<CardId> = cards::table
        .filter(cards::ended_at.lt(now.before(FINGERPRINTS_KEPT)))
        .filter(cards::fingerprint.is_not_null().or(cards::holder.is_not_null()))
        .limit(AT_ONCE)
        .select(cards::id)
        .load(db)?;
    diesel::update(cards::table.filter(cards::id.eq_any(over)))
        .set((cards::fingerprint.eq(None::<String>), cards::holder.eq(None::<String>)))
        .execute(db)
        .map(drop)
}
