//! What keeps codes by SMS from being a weapon: against a phone (bombing), against the operator's purse (pumping), and
//! against accounts (guessing one code on many phones).

use std::time::Duration;

use diesel::result::QueryResult;

use super::phone::Phone;
use crate::base::{Keys, Moment, Purpose, days, hours, minutes, seconds};
use crate::db::Db;
use crate::web::limits::{self, Limit, Pause, Spent};

const A_DAY: Duration = days(1);
const PHONE: Limit = Limit { most: 5, within: A_DAY };
const ADDRESS: Limit = Limit { most: 10, within: A_DAY };
const NEIGHBOURHOOD: Limit = Limit { most: 30, within: A_DAY };
const EVERYBODY_HOUR: Limit = Limit { most: 1_000, within: hours(1) };
const EVERYBODY_DAY: Limit = Limit { most: 10_000, within: A_DAY };
const BETWEEN: Pause = Pause { free: 1, first: seconds(60), longest: minutes(15), memory: A_DAY };
/// Of so many codes sent within a day ...
const BREAKER_SENT: i64 = 200;
/// ... at least one in five must have been typed in, or something is wrong.
const BREAKER_SHARE: i64 = 5;

const SENT: &str = "sms:sent";
const CONFIRMED: &str = "sms:confirmed";
const TALLY: Limit = Limit { most: i64::MAX, within: hours(1) };

/// A message about to be promised.
pub struct Sending<'a> {
    pub phone: &'a Phone,
    pub address_unit: &'a str,
    pub neighbourhood: &'a str,
}

/// Spends one message everywhere it counts. With `Allowed` comes the moment from which the next one may be asked for.
pub fn spend(db: &mut Db, keys: &Keys, now: Moment, sending: &Sending) -> QueryResult<(Spent, Moment)> {
    let name = |kind: &str, what: &str| format!("sms:{kind}:{}", keys.name(Purpose::Counters, &[kind.as_bytes(), what.as_bytes()]));
    if let Some(until) = breaker(db, now)? {
        tracing::error!("too few SMS codes are typed in: no more are sent for a while");
        return Ok((Spent::Wait { until }, until));
    }
    let phone = sending.phone.as_str();
    let limits = [
        (name("day", phone), PHONE),
        (name("address", sending.address_unit), ADDRESS),
        (name("near", sending.neighbourhood), NEIGHBOURHOOD),
        ("sms:hour".to_owned(), EVERYBODY_HOUR),
        ("sms:everybody".to_owned(), EVERYBODY_DAY),
    ];
    let pause = name("pause", phone);
    // Looked at first, spent after: a message that is not sent costs nobody anything.
    for (name, limit) in &limits {
        if let Spent::Wait { until } = limits::peek(db, name, *limit, now)? {
            return Ok((Spent::Wait { until }, until));
        }
    }
    if let (Spent::Wait { until }, _) = limits::spend_with_pause(db, &pause, BETWEEN, now)? {
        return Ok((Spent::Wait { until }, until));
    }
    for (name, limit) in &limits {
        limits::spend(db, name, *limit, now)?;
    }
    limits::spend(db, SENT, TALLY, now)?;
    Ok((Spent::Allowed, limits::paused_until(db, &pause, now)?))
}

/// One more code was typed in rightly.
pub fn count_confirmed(db: &mut Db, now: Moment) -> QueryResult<()> {
    limits::spend(db, CONFIRMED, TALLY, now).map(|_spent| ())
}

/// When the share of codes that are typed in is too small: until when nothing is sent.
fn breaker(db: &mut Db, now: Moment) -> QueryResult<Option<Moment>> {
    let (sent, until) = limits::count(db, SENT, now)?;
    let (confirmed, _) = limits::count(db, CONFIRMED, now)?;
    Ok((sent >= BREAKER_SENT && confirmed.saturating_mul(BREAKER_SHARE) < sent).then_some(until))
}
