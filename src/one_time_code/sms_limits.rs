//! What keeps codes by SMS from being a weapon: against a phone (bombing), against the operator's purse (pumping), and
//! against accounts (guessing one code on many phones).

use std::time::Duration;

use diesel::result::QueryResult;

use crate::accounts::identifiers::phone::Phone;
use crate::base::{Keys, Moment, Purpose, days, hours, minutes, seconds};
use crate::db::Db;
use crate::limits::{self, Limit, Pause, Spent};

const A_DAY: Duration = days(1);
const PHONE: Limit = Limit { most: 5, within: A_DAY };
const ADDRESS: Limit = Limit { most: 10, within: A_DAY };
const NEIGHBOURHOOD: Limit = Limit { most: 30, within: A_DAY };
const EVERYBODY_HOUR: Limit = Limit { most: 1_000, within: hours(1) };
const EVERYBODY_DAY: Limit = Limit { most: 10_000, within: A_DAY };
const BETWEEN: Pause = Pause { free: 1, first: seconds(60), longest: minutes(15), memory: A_DAY };
/// Of so many codes sent in an hour ...
const BREAKER_SENT: i64 = 200;
/// ... at least one in five must have been typed in by the end of the next, or something is wrong.
const BREAKER_SHARE: i64 = 5;
const TALLY: Limit = Limit { most: i64::MAX, within: hours(3) };
const ALARM: Limit = Limit { most: 1, within: hours(1) };

/// Whether a message may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    /// The next one may be asked for from `again_at` on.
    Granted {
        again_at: Moment,
    },
    Refused {
        until: Moment,
        why: Why,
    },
}

/// Why a message is not sent, as far as its reader is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// One was sent a moment ago.
    JustSent,
    /// This phone has had as many as it may have in a day.
    Phone,
    /// Too many were asked for from here, or by everybody.
    Crowd,
}

impl Why {
    /// The key of its sentence; its argument is `time`.
    pub const fn key(self) -> &'static str {
        match self {
            Why::JustSent => "phone-wait",
            Why::Phone => "phone-day",
            Why::Crowd => "phone-crowd",
        }
    }
}

/// A message about to be promised.
pub struct Sending<'a> {
    pub phone: &'a Phone,
    pub address_unit: &'a str,
    pub neighbourhood: &'a str,
}

/// Spends one message everywhere it counts.
pub fn spend(db: &mut Db, keys: &Keys, now: Moment, sending: &Sending) -> QueryResult<Allowance> {
    let name = |kind: &str, what: &str| {
        format!("sms:{kind}:{}", keys.name(Purpose::Counters, &[kind.as_bytes(), what.as_bytes()]))
    };
    if let Some(until) = breaker(db, now)? {
        return Ok(Allowance::Refused { until, why: Why::Crowd });
    }
    let phone = sending.phone.as_str();
    let limits = [
        (name("day", phone), PHONE, Why::Phone),
        (name("address", sending.address_unit), ADDRESS, Why::Crowd),
        (name("near", sending.neighbourhood), NEIGHBOURHOOD, Why::Crowd),
        ("sms:hour".to_owned(), EVERYBODY_HOUR, Why::Crowd),
        ("sms:everybody".to_owned(), EVERYBODY_DAY, Why::Crowd),
    ];
    // Looked at first, spent after: a message that is not sent costs nobody anything.
    for (name, limit, why) in &limits {
        if let Spent::Wait { until } = limits::peek(db, name, *limit, now)? {
            return Ok(Allowance::Refused { until, why: *why });
        }
    }
    let pause = name("pause", phone);
    if let (Spent::Wait { until }, _) = limits::spend_with_pause(db, &pause, BETWEEN, now)? {
        return Ok(Allowance::Refused { until, why: Why::JustSent });
    }
    for (name, limit, _) in &limits {
        limits::spend(db, name, *limit, now)?;
    }
    limits::spend(db, &tally("sent", hour(now)), TALLY, now)?;
    Ok(Allowance::Granted { again_at: limits::paused_until(db, &pause, now)? })
}

/// One more code was typed in rightly.
pub fn count_confirmed(db: &mut Db, now: Moment) -> QueryResult<()> {
    limits::spend(db, &tally("confirmed", hour(now)), TALLY, now).map(|_spent| ())
}

const HOUR_MICROS: i64 = 3_600_000_000;

fn hour(now: Moment) -> i64 {
    now.micros().div_euclid(HOUR_MICROS)
}

fn tally(what: &str, hour: i64) -> String {
    format!("sms:{what}:{hour}")
}

/// When too few of the last full hour's codes were typed in: the end of this hour, until when nothing is sent. Codes of this hour
/// are not judged: their owners may still be reading them.
fn breaker(db: &mut Db, now: Moment) -> QueryResult<Option<Moment>> {
    let this = hour(now);
    let (sent, _) = limits::count(db, &tally("sent", this - 1), now)?;
    if sent < BREAKER_SENT {
        return Ok(None);
    }
    let (then, _) = limits::count(db, &tally("confirmed", this - 1), now)?;
    let (since, _) = limits::count(db, &tally("confirmed", this), now)?;
    if then.saturating_add(since).saturating_mul(BREAKER_SHARE) >= sent {
        return Ok(None);
    }
    if limits::spend(db, "sms:alarm", ALARM, now)? == Spent::Allowed {
        tracing::error!(
            sent,
            confirmed = then,
            "too few SMS codes are typed in: no more are sent until the hour is over"
        );
    }
    Ok(Some(Moment::from_micros((this + 1).saturating_mul(HOUR_MICROS))))
}
