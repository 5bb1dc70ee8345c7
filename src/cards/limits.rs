//! Limits against testing stolen cards here: spent before the gateway is asked.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;

use super::card::CardId;
use super::status::{CardStatus, Failure};
use crate::base::{AccountId, Moment, days, hours, minutes};
use crate::config::LimitMode;
use crate::db::schema::cards;
use crate::db::{Db, Tx};
use crate::limits::{Counter, Declared, Per, RateLimit, Spent};

const PER_DAY: RateLimit = RateLimit::new("cards.day", Per::Account, 3, days(1));
const PER_MONTH: RateLimit = RateLimit::new("cards.month", Per::Account, 10, days(30));
/// Cards of one address that were declined, or of which nothing is known yet: what a tester of stolen cards has many of, and an office
/// behind one address few. A card that is charged is given back, and the same number of the same account counts once a day.
const PER_IP: RateLimit = RateLimit::new("cards.ip", Per::IpPrefix, 20, days(1));
/// … and all of them, whatever the bank says.
const ALL_OF_IP: RateLimit = RateLimit::new("cards.ip_all", Per::IpPrefix, 100, days(1));
/// Where the bank knows test cards only.
const ON_TRIAL: RateLimit = RateLimit::new("cards.trial", Per::Account, 200, hours(1));
/// What is asked of the bank, whether it answers or not: nothing of this is given back, so that a bank that is away is not asked
/// without end.
const CALLS: RateLimit = RateLimit::new("cards.calls", Per::Account, 20, hours(1));
const CALLS_OF_IP: RateLimit = RateLimit::new("cards.calls_of_ip", Per::IpPrefix, 60, hours(1));
/// While the breaker is open.
const WHEN_SHUT: RateLimit = RateLimit::new("cards.breaker", Per::Everybody, 1, minutes(1));
pub const LIMITS: &[Declared] = &[
    PER_DAY.declared(),
    PER_MONTH.declared(),
    PER_IP.declared(),
    ALL_OF_IP.declared(),
    ON_TRIAL.declared(),
    CALLS.declared(),
    CALLS_OF_IP.declared(),
    WHEN_SHUT.declared(),
];

/// One number on so many accounts.
const ACCOUNTS_OF_A_NUMBER: usize = 3;
const DECLINES_OF_A_NUMBER: usize = 3;
/// After a bind that failed, a number rests for a day; after three of them for a month.
const FAILED_BINDS: i64 = 3;
/// The breaker: more declines than this among the last so many, and cards are taken one by one.
const LOOKED_AT: i64 = 50;
const DECLINED_PERCENT: usize = 40;
const MONTH: Duration = days(30);

/// Who wants to bind which card.
pub struct Subject<'a> {
    pub account_id: AccountId,
    pub fingerprint: Option<&'a str>,
}

/// What one attempt has spent and may get back, as the card's row keeps it: a line for each counter, with the end of its window.
#[derive(Debug, PartialEq, Eq)]
pub struct Attempt(String);

impl Attempt {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Debug, PartialEq, Eq)]
pub enum Gate {
    Open(Attempt),
    Shut { why: Shut, until: Moment },
}

/// Which limit says no: each has a sentence of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shut {
    Day,
    Month,
    /// Of whoever comes from the same address.
    Network,
    /// For a while, for everybody or for whoever asks too fast.
    Busy,
    /// Of this very number.
    Number,
}

impl Shut {
    /// The key of its sentence.
    pub const fn text(self) -> &'static str {
        match self {
            Shut::Day => "card-shut-day",
            Shut::Month => "card-shut-month",
            Shut::Network => "card-shut-network",
            Shut::Busy => "card-shut-busy",
            Shut::Number => "card-wait",
        }
    }
}

/// What an account may still do, before anything is typed.
#[derive(Debug, PartialEq, Eq)]
pub enum Outlook {
    Open,
    /// One more card today.
    LastOne,
    Shut {
        why: Shut,
        until: Moment,
    },
}

/// A limit, whom it counts, and what is said of it. What is counted for good stands first.
type Line = (&'static RateLimit, String, Shut);

/// What an attempt may get back, and what it does not.
fn lines(tx: &mut Tx, account_id: AccountId) -> QueryResult<(Vec<Line>, Vec<Line>)> {
    let (account, ip) = (account_id.as_i64().to_string(), tx.client.ip_prefix());
    if tx.limits.cards == LimitMode::Trial {
        return Ok((vec![(&ON_TRIAL, account, Shut::Busy)], Vec::new()));
    }
    let mut counted = vec![
        (&PER_DAY, account.clone(), Shut::Day),
        (&PER_MONTH, account.clone(), Shut::Month),
        (&PER_IP, ip.clone(), Shut::Network),
        (&ALL_OF_IP, ip.clone(), Shut::Network),
    ];
    if declines_are_many(tx.db)? {
        counted.push((&WHEN_SHUT, String::new(), Shut::Busy));
    }
    Ok((counted, vec![(&CALLS, account, Shut::Busy), (&CALLS_OF_IP, ip, Shut::Network)]))
}

/// The one that is shut for the longest.
fn shut(tx: &mut Tx, lines: &[Line]) -> QueryResult<Option<(Moment, Shut)>> {
    let counters: Vec<Counter> =
        lines.iter().map(|(limit, whose, _)| tx.counter(limit.name, whose)).collect();
    tx.look_up(&counters)?;
    let mut longest: Option<(Moment, Shut)> = None;
    for (limit, whose, why) in lines {
        if let Spent::Wait { until } = tx.peek(limit, whose)?
            && longest.is_none_or(|(known, _)| known < until)
        {
            longest = Some((until, *why));
        }
    }
    Ok(longest)
}

/// What stands against another card of this account, whichever it is.
pub fn outlook(tx: &mut Tx, account_id: AccountId) -> QueryResult<Outlook> {
    let (counted, calls) = lines(tx, account_id)?;
    let all: Vec<Line> = counted.into_iter().chain(calls).collect();
    if let Some((until, why)) = shut(tx, &all)? {
        return Ok(Outlook::Shut { why, until });
    }
    for (limit, whose, why) in &all {
        if matches!(why, Shut::Day | Shut::Month) && tx.spent(limit, whose)?.0 == limit.most - 1 {
            return Ok(Outlook::LastOne);
        }
    }
    Ok(Outlook::Open)
}

/// Spends one attempt everywhere it counts; nothing is spent when one of the limits says no.
pub fn spend(tx: &mut Tx, subject: &Subject) -> QueryResult<Gate> {
    if let Some(until) = blocked_until(tx, subject)? {
        return Ok(Gate::Shut { why: Shut::Number, until });
    }
    let (counted, calls) = lines(tx, subject.account_id)?;
    let all: Vec<Line> = counted.iter().chain(&calls).cloned().collect();
    if let Some((until, why)) = shut(tx, &all)? {
        return Ok(Gate::Shut { why, until });
    }
    let is_known = was_brought_today(tx, subject)?;
    let mut spent = Vec::new();
    for (limit, whose, _why) in counted.iter().filter(|line| !is_known || line.0.name != PER_IP.name) {
        let counter = tx.counter(limit.name, whose);
        tx.spend_at(&counter, limit)?;
        let (_count, ends_at) = tx.spent(limit, whose)?;
        spent.push(format!("{} {}", counter.as_str(), ends_at.micros()));
    }
    for (limit, whose, _why) in &calls {
        tx.spend(limit, whose)?;
    }
    Ok(Gate::Open(Attempt(spent.join("\n"))))
}

/// Whether this account has brought the number within a day, and it was counted then.
fn was_brought_today(tx: &mut Tx, subject: &Subject) -> QueryResult<bool> {
    let Some(fingerprint) = subject.fingerprint else { return Ok(false) };
    let same = cards::table
        .filter(cards::fingerprint.eq(fingerprint))
        .filter(cards::account_id.eq(subject.account_id))
        .filter(cards::created_at.gt(tx.now.before(days(1))));
    diesel::select(diesel::dsl::exists(same)).get_result(tx.db)
}

/// The bank has said nothing about the card: neither the attempt counts, nor that this account has brought the number. Whoever comes
/// second finds nothing left to give back.
pub(super) fn give_back(tx: &mut Tx, id: CardId) -> QueryResult<()> {
    let row = cards::table.find(id);
    let Some(spent) = row.select(cards::spent).first::<Option<String>>(tx.db)? else { return Ok(()) };
    let nothing = (cards::spent.eq(None::<String>), cards::fingerprint.eq(None::<String>));
    diesel::update(row).set(nothing).execute(tx.db)?;
    refund(tx, &spent)
}

fn refund(tx: &mut Tx, spent: &str) -> QueryResult<()> {
    for (name, ends_at) in spent.lines().filter_map(|line| line.split_once(' ')) {
        if let Ok(ends_at) = ends_at.parse() {
            tx.refund_in_window(&Counter::from_stored(name), Moment::from_micros(ends_at))?;
        }
    }
    Ok(())
}

/// The bank has answered about the card, whatever it said: the attempt counts for good.
pub(super) fn settle(db: &mut Db, id: CardId) -> QueryResult<()> {
    diesel::update(cards::table.find(id)).set(cards::spent.eq(None::<String>)).execute(db).map(drop)
}

/// The bank has taken the card in: the attempt counts for good, but what its address has spent comes back when the card is charged.
pub(super) fn settle_all_but_address(db: &mut Db, id: CardId) -> QueryResult<()> {
    let row = cards::table.find(id);
    let Some(spent) = row.select(cards::spent).first::<Option<String>>(db)? else { return Ok(()) };
    let of_address = |line: &&str| line.split(':').next() == Some(PER_IP.name);
    let kept: Option<String> = spent.lines().find(of_address).map(str::to_owned);
    diesel::update(row).set(cards::spent.eq(kept)).execute(db).map(drop)
}

/// The card is charged: it is nobody's that was stolen and blocked, and does not count for its address.
pub(super) fn charged(tx: &mut Tx, id: CardId) -> QueryResult<()> {
    let row = cards::table.find(id);
    let Some(spent) = row.select(cards::spent).first::<Option<String>>(tx.db)? else { return Ok(()) };
    settle(tx.db, id)?;
    refund(tx, &spent)
}

/// A card of that number, whoever brought it.
#[derive(Queryable, Selectable)]
#[diesel(table_name = cards)]
struct Brought {
    account_id: AccountId,
    failure: Option<Failure>,
    cool_down_until: Option<Moment>,
    created_at: Moment,
    ended_at: Option<Moment>,
}

/// Until when a number may not be bound; None when it may.
pub fn blocked_until(tx: &mut Tx, subject: &Subject) -> QueryResult<Option<Moment>> {
    let Some(fingerprint) = subject.fingerprint else { return Ok(None) };
    let now = tx.now;
    let of_number: Vec<Brought> = cards::table
        .filter(cards::fingerprint.eq(fingerprint))
        .filter(cards::created_at.gt(now.before(MONTH)).or(cards::cool_down_until.gt(now)))
        .select(Brought::as_select())
        .load(tx.db)?;
    if tx.limits.cards == LimitMode::Trial {
        // Everybody has the same cards: what others do with them is no reason.
        let own = of_number.iter().filter(|card| card.account_id == subject.account_id);
        return Ok(own.filter_map(|card| card.cool_down_until).filter(|until| *until > now).max());
    }
    let after_failures = of_number.iter().filter_map(|card| card.cool_down_until).max();
    let untils =
        [after_failures, after_declines(&of_number, now), after_accounts(&of_number, subject.account_id)];
    Ok(untils.into_iter().flatten().filter(|until| *until > now).max())
}

/// Of the last day's refusals at most two may count.
fn after_declines(of_number: &[Brought], now: Moment) -> Option<Moment> {
    let declined = of_number
        .iter()
        .filter(|card| card.failure == Some(Failure::Declined))
        .filter_map(|card| card.ended_at);
    let mut lately: Vec<Moment> = declined.filter(|at| *at > now.before(days(1))).collect();
    lately.sort_unstable_by(|one, other| other.cmp(one));
    lately.get(DECLINES_OF_A_NUMBER - 1).map(|at| at.after(days(1)))
}

/// Of the month's other accounts at most two may have it. A request that this limit refused does not count.
fn after_accounts(of_number: &[Brought], account_id: AccountId) -> Option<Moment> {
    let mut last: HashMap<AccountId, Moment> = HashMap::new();
    let others = of_number
        .iter()
        .filter(|card| card.account_id != account_id && card.failure != Some(Failure::TooOften));
    for card in others {
        let at = last.entry(card.account_id).or_insert(card.created_at);
        *at = card.created_at.max(*at);
    }
    let mut last: Vec<Moment> = last.into_values().collect();
    last.sort_unstable_by(|one, other| other.cmp(one));
    last.get(ACCOUNTS_OF_A_NUMBER - 1).map(|at| at.after(MONTH))
}

/// A bind has just failed by wrong sums: its number rests. Written down at once, because what it is counted from is wiped after a month.
pub(super) fn cool_down(tx: &mut Tx, id: CardId) -> QueryResult<()> {
    let row = cards::table.find(id);
    let Some(fingerprint) = row.select(cards::fingerprint).first::<Option<String>>(tx.db)? else {
        return Ok(());
    };
    let of_number = cards::table
        .filter(cards::fingerprint.eq(fingerprint))
        .filter(cards::failure.eq(Failure::TriesSpent));
    let failed: i64 = of_number.filter(cards::ended_at.gt(tx.now.before(MONTH))).count().get_result(tx.db)?;
    let until = tx.now.after(if failed >= FAILED_BINDS { MONTH } else { days(1) });
    diesel::update(row).set(cards::cool_down_until.eq(Some(until))).execute(tx.db).map(drop)
}

/// Whether too many of the last cards were declined, whoever brought them. Only those count that a bank has seen: a form that was left
/// or refused here would thin the others out.
fn declines_are_many(db: &mut Db) -> QueryResult<bool> {
    let refused_here = [Failure::TooOften.word(), Failure::BoundAlready.word()];
    let taken =
        cards::brand.is_not_null().and(cards::failure.is_null().or(cards::failure.ne_all(refused_here)));
    let last: Vec<Option<Failure>> = cards::table
        .filter(cards::status.ne(CardStatus::Entering))
        .filter(taken.or(cards::failure.eq(Failure::Declined)))
        .order(cards::id.desc())
        .limit(LOOKED_AT)
        .select(cards::failure)
        .load(db)?;
    let declined = last.iter().filter(|failure| **failure == Some(Failure::Declined)).count();
    Ok(i64::try_from(last.len()) == Ok(LOOKED_AT) && declined * 100 > last.len() * DECLINED_PERCENT)
}
