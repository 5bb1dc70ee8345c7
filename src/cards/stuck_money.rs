//! The operator's queue: money of verification charges that does not move, why, and since when. Exact reasons are for staff alone.

use std::fmt;
use std::time::Duration;

use diesel::prelude::*;

use super::card::Card;
use super::messages::StuckVerification;
use super::status::VerificationStatus;
use super::verification::CardVerification;
use crate::accounts::account::Account;
use crate::base::{AccountId, Moment, days, hours, mask};
use crate::db::schema::{card_verifications as table, cards};
use crate::db::{Db, Tx};
use crate::gateway::Decline;
use crate::notices::Recipient;
use crate::texts::{self, Locale};

/// After so long, whoever runs the portal hears of money that does not move.
const ALERT_AFTER: Duration = hours(1);
const AT_ONCE: i64 = 50;
const REFUSALS_OF: Duration = days(7);
const ENDED: [&str; 2] = [VerificationStatus::Returned.word(), VerificationStatus::Declined.word()];

/// A card that a gateway or bank would not take, with the exact reason.
#[derive(Debug, Clone)]
pub struct RefusedCard {
    pub at: Moment,
    pub account: String,
    pub card: String,
    pub reason: Decline,
    pub code: String,
}

/// Whoever runs the portal.
#[derive(Debug, Clone)]
pub struct Operator {
    /// None: the log alone tells.
    pub mail: Option<String>,
}

/// What does not move, the longest waiting first; with what was to be back by now.
pub fn stuck(db: &mut Db, now: Moment) -> QueryResult<Vec<StuckVerification>> {
    let troubled = table::failing_since.is_not_null().or(table::return_by.le(now));
    let all: Vec<CardVerification> = table::table
        .filter(table::status.ne_all(ENDED))
        .filter(troubled)
        .order((table::failing_since, table::id))
        .limit(AT_ONCE)
        .select(CardVerification::as_select())
        .load(db)?;
    all.iter().map(|verification| StuckVerification::of(db, verification)).collect()
}

impl StuckVerification {
    fn of(db: &mut Db, verification: &CardVerification) -> QueryResult<StuckVerification> {
        Ok(StuckVerification {
            verification: verification.id,
            account: number_of(db, verification.account_id)?,
            card: Card::get(db, verification.card_id)?.name(),
            status: verification.status,
            sum: verification.sum(),
            since: verification.failing_since.unwrap_or(verification.return_by),
            attempts: verification.attempts,
            gateway_error: verification
                .gateway_error
                .clone()
                .unwrap_or_else(|| "nothing was heard".to_owned()),
            return_by: verification.return_by,
        })
    }
}

fn number_of(db: &mut Db, id: AccountId) -> QueryResult<String> {
    Ok(Account::find(db, id)?.map(|account| account.grouped_number()).unwrap_or_default())
}

/// How many charges have been stuck for so long that the operator was told.
pub fn count(db: &mut Db) -> QueryResult<i64> {
    table::table
        .filter(table::status.ne_all(ENDED))
        .filter(table::alerted_at.is_not_null())
        .count()
        .get_result(db)
}

/// Tells the operator of what has been stuck for an hour, or is late, each once: by mail where there is an address. Returns what is new.
pub fn alert(tx: &mut Tx, operator: &Operator) -> QueryResult<Vec<StuckVerification>> {
    let long = table::failing_since.le(tx.now.before(ALERT_AFTER)).or(table::return_by.le(tx.now));
    let new: Vec<CardVerification> = table::table
        .filter(table::status.ne_all(ENDED))
        .filter(table::alerted_at.is_null())
        .filter(long)
        .order(table::id)
        .limit(AT_ONCE)
        .select(CardVerification::as_select())
        .load(tx.db)?;
    let mut told = Vec::new();
    for verification in new {
        let once = table::table.find(verification.id).filter(table::alerted_at.is_null());
        if diesel::update(once).set(table::alerted_at.eq(Some(tx.now))).execute(tx.db)? == 1 {
            let stuck = StuckVerification::of(tx.db, &verification)?;
            if let Some(mail) = &operator.mail {
                let to = Recipient::mail(mail, mask::address(mail));
                tx.queue_message(to, None, StuckVerification::LOCALE, &stuck)?;
            }
            told.push(stuck);
        }
    }
    Ok(told)
}

impl fmt::Display for StuckVerification {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (since, by) = (texts::iso(self.since), texts::iso(self.return_by));
        let (status, sum, tries) = (self.status.word(), texts::money(Locale::En, self.sum), self.attempts);
        write!(
            out,
            "since {since} · promised by {by} · {status} {sum} · {} · account {}",
            self.card, self.account
        )?;
        write!(out, " · asked {tries} times: {}", self.gateway_error)
    }
}

/// Cards that were refused within a week, the newest first.
pub fn refused(db: &mut Db, now: Moment) -> QueryResult<Vec<RefusedCard>> {
    let since = now.before(REFUSALS_OF);
    type Row = (AccountId, super::card::CardId, Option<Decline>, Option<String>);
    let charges: Vec<Row> = table::table
        .filter(table::decline.is_not_null())
        .filter(table::begun_at.gt(since))
        .order(table::id.desc())
        .limit(AT_ONCE)
        .select((table::account_id, table::card_id, table::decline, table::decline_code))
        .load(db)?;
    let entries: Vec<Row> = cards::table
        .filter(cards::decline.is_not_null())
        .filter(cards::created_at.gt(since))
        .order(cards::id.desc())
        .limit(AT_ONCE)
        .select((cards::account_id, cards::id, cards::decline, cards::decline_code))
        .load(db)?;
    let mut all = Vec::new();
    for (account, card, reason, code) in charges.into_iter().chain(entries) {
        let card = Card::get(db, card)?;
        all.push(RefusedCard {
            at: card.ended_at.unwrap_or(card.created_at),
            account: number_of(db, account)?,
            card: card.name(),
            reason: reason.unwrap_or(Decline::Other),
            code: code.unwrap_or_default(),
        });
    }
    all.sort_by_key(|refused| std::cmp::Reverse(refused.at));
    Ok(all)
}

impl fmt::Display for RefusedCard {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let card = if self.card.is_empty() { "not taken in" } else { &self.card };
        write!(
            out,
            "{} · {card} · account {} · {} ({})",
            texts::iso(self.at),
            self.account,
            self.reason.word(),
            self.code
        )
    }
}
