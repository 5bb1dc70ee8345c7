//! Limits against testing stolen cards here: spent before the gateway is asked.

use std::collections::HashSet;

use diesel::prelude::*;

use super::status::{CardStatus, Failure};
use crate::accounts::account::AccountId;
use crate::base::{Keys, Moment, Purpose, days, minutes};
use crate::db::Db;
use crate::db::schema::cards;
use crate::web::limits::{self, Limit, Spent};

const ACCOUNT_A_DAY: Limit = Limit { most: 3, within: days(1) };
const ACCOUNT_A_MONTH: Limit = Limit { most: 10, within: days(30) };
const ADDRESS_A_DAY: Limit = Limit { most: 5, within: days(1) };
/// One number on so many accounts.
const ACCOUNTS_OF_A_NUMBER: usize = 3;
const DECLINES_OF_A_NUMBER: i64 = 3;
/// After a bind that failed, a number rests for a day; after three of them for a month.
const FAILED_BINDS: i64 = 3;
/// The breaker: more declines than this among the last so many, and cards are taken one by one.
const LOOKED_AT: i64 = 50;
const DECLINED_PERCENT: usize = 40;
const WHEN_SHUT: Limit = Limit { most: 1, within: minutes(1) };

/// Who wants to bind which card.
pub struct Subject<'a> {
    pub account_id: AccountId,
    pub address_unit: &'a str,
    pub fingerprint: Option<&'a str>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Gate {
    Open,
    Shut { until: Moment },
}

/// Spends one attempt everywhere it counts; nothing is spent when one of the limits says no.
pub fn spend(db: &mut Db, keys: &Keys, subject: &Subject, now: Moment) -> QueryResult<Gate> {
    if let Some(until) = is_shut_for_number(db, subject, now)? {
        return Ok(Gate::Shut { until });
    }
    let name = |what: &str, whose: &[u8]| format!("card:{what}:{}", keys.name(Purpose::Counters, &[what.as_bytes(), whose]));
    let account = subject.account_id.as_i64().to_be_bytes();
    let mut counters = vec![
        (name("day", &account), ACCOUNT_A_DAY),
        (name("month", &account), ACCOUNT_A_MONTH),
        (name("address", subject.address_unit.as_bytes()), ADDRESS_A_DAY),
    ];
    if declines_are_many(db)? {
        counters.push(("card:breaker".to_owned(), WHEN_SHUT));
    }
    for (counter, limit) in &counters {
        if let Spent::Wait { until } = limits::peek(db, counter, *limit, now)? {
            return Ok(Gate::Shut { until });
        }
    }
    for (counter, limit) in &counters {
        limits::spend(db, counter, *limit, now)?;
    }
    Ok(Gate::Open)
}

/// A card of that number, whoever brought it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = cards)]
struct Brought {
    account_id: AccountId,
    failure: Option<Failure>,
    created_at: Moment,
    ended_at: Option<Moment>,
}

/// Until when a number may not be bound; None when it may.
pub fn is_shut_for_number(db: &mut Db, subject: &Subject, now: Moment) -> QueryResult<Option<Moment>> {
    let Some(fingerprint) = subject.fingerprint else { return Ok(None) };
    let month = days(30);
    let of_number: Vec<Brought> = cards::table
        .filter(cards::fingerprint.eq(fingerprint))
        .filter(cards::created_at.gt(now.before(month)))
        .order(cards::id)
        .select(Brought::as_select())
        .load(db)?;
    let others: HashSet<AccountId> = of_number.iter().map(|card| card.account_id).filter(|id| *id != subject.account_id).collect();
    if others.len() >= ACCOUNTS_OF_A_NUMBER {
        return Ok(of_number.first().map(|card| card.created_at.after(month)));
    }
    let failed = |why: Failure| of_number.iter().filter(move |card| card.failure == Some(why)).filter_map(|card| card.ended_at);
    let spent: Vec<Moment> = failed(Failure::TriesSpent).collect();
    let rests = |last: Moment| {
        let long = i64::try_from(spent.len()).unwrap_or(i64::MAX) >= FAILED_BINDS;
        last.after(if long { month } else { days(1) })
    };
    let after_failures = spent.iter().max().map(|last| rests(*last));
    let declined: Vec<Moment> = failed(Failure::Declined).filter(|at| *at > now.before(days(1))).collect();
    let many = i64::try_from(declined.len()).unwrap_or(i64::MAX) >= DECLINES_OF_A_NUMBER;
    let after_declines = declined.iter().min().filter(|_| many).map(|first| first.after(days(1)));
    Ok(after_failures.into_iter().chain(after_declines).filter(|until| *until > now).max())
}

/// Whether too many of the last cards were declined, whoever brought them.
fn declines_are_many(db: &mut Db) -> QueryResult<bool> {
    let last: Vec<Option<Failure>> = cards::table
        .filter(cards::status.ne(CardStatus::Entering))
        .order(cards::id.desc())
        .limit(LOOKED_AT)
        .select(cards::failure)
        .load(db)?;
    let declined = last.iter().filter(|failure| **failure == Some(Failure::Declined)).count();
    Ok(i64::try_from(last.len()) == Ok(LOOKED_AT) && declined * 100 > last.len() * DECLINED_PERCENT)
}
