//! What keeps codes by SMS from being a weapon: against a phone (bombing), against the operator's purse (pumping), and
//! against accounts (guessing one code on many phones).

use std::time::Duration;

use diesel::result::QueryResult;

use super::code::MAX_PAUSE;
use crate::base::{Moment, days, hours, seconds};
use crate::config::LimitMode;
use crate::db::Tx;
use crate::limits::{Backoff, Counter, Declared, Per, RateLimit, Spent};
use crate::web::{Cx, Problem};

const A_DAY: Duration = days(1);
const PER_PHONE: RateLimit = RateLimit::new("sms.phone", Per::Phone, 5, A_DAY);
const PER_IP_PREFIX: RateLimit = RateLimit::new("sms.ip_prefix", Per::IpPrefix, 10, A_DAY);
const PER_IP_BLOCK: RateLimit = RateLimit::new("sms.ip_block", Per::IpBlock, 30, A_DAY);
/// In the place of all these where messages go to the sandbox mailbox: nobody is bothered, and nothing is paid.
const ON_TRIAL: RateLimit = RateLimit::new("sms.trial", Per::IpPrefix, 200, hours(1));
/// What tells the owner of something, and carries no code.
const NOTICES_PER_PHONE: RateLimit = RateLimit::new("sms.notices", Per::Phone, 10, A_DAY);
const GLOBAL_PER_HOUR: RateLimit = RateLimit::new("sms.global_hour", Per::Everybody, 1_000, hours(1));
const GLOBAL_PER_DAY: RateLimit = RateLimit::new("sms.global_day", Per::Everybody, 10_000, A_DAY);
/// What one wide network may take of everybody's hour and day: a tenth.
const NETWORK_PER_HOUR: RateLimit = RateLimit::new("sms.network_hour", Per::IpNetwork, 100, hours(1));
const NETWORK_PER_DAY: RateLimit = RateLimit::new("sms.network_day", Per::IpNetwork, 1_000, A_DAY);
const BETWEEN: Backoff = Backoff {
    name: "sms.between",
    per: Per::Phone,
    free: 1,
    first: seconds(60),
    longest: MAX_PAUSE,
    memory: A_DAY,
};
/// Of so many codes sent in an hour ...
const BREAKER_SENT: i64 = 200;
/// One wide network is a tenth of them at most: by itself it stops nobody else's.
const BREAKER_OF_NETWORK: i64 = BREAKER_SENT / 10;
/// ... at least one in five must have been typed in by the end of the next, or something is wrong.
const BREAKER_SHARE: i64 = 5;
/// The tallies of the breaker, one of each an hour.
pub const SENT: RateLimit = RateLimit::new("sms.sent", Per::Everybody, i64::MAX, hours(3));
pub const SENT_BY_NETWORK: RateLimit =
    RateLimit::new("sms.sent_by_network", Per::IpNetwork, BREAKER_OF_NETWORK, hours(3));
pub const CONFIRMED: RateLimit = RateLimit::new("sms.confirmed", Per::Everybody, i64::MAX, hours(3));
const ALARM: RateLimit = RateLimit::new("sms.alarm", Per::Everybody, 1, hours(1));

pub const LIMITS: &[Declared] = &[
    PER_PHONE.declared(),
    NOTICES_PER_PHONE.declared(),
    PER_IP_PREFIX.declared(),
    PER_IP_BLOCK.declared(),
    ON_TRIAL.declared(),
    GLOBAL_PER_HOUR.declared(),
    GLOBAL_PER_DAY.declared(),
    NETWORK_PER_HOUR.declared(),
    NETWORK_PER_DAY.declared(),
    SENT_BY_NETWORK.declared(),
    BETWEEN.declared(),
    ALARM.declared(),
];

/// Why a message is not sent, as far as its reader is concerned, and when it may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// One was sent a moment ago.
    JustSent { until: Moment },
    /// This phone has had as many as it may have in a day.
    PhoneQuota { until: Moment },
    /// Too many were asked for from this address, or the network around it.
    Network { until: Moment },
    /// Too many were asked for by everybody.
    TooBusy { until: Moment },
    /// No SMS go to its country (any more: whoever types such a number is told at once).
    NotServed { until: Moment },
}

impl Denied {
    /// The key of its sentence; its argument is `time`.
    pub const fn key(self) -> &'static str {
        match self {
            Denied::JustSent { .. } => "phone-wait",
            Denied::PhoneQuota { .. } => "phone-day",
            Denied::Network { .. } => "phone-network",
            Denied::TooBusy { .. } => "phone-crowd",
            Denied::NotServed { .. } => "phone-no-sms",
        }
    }

    pub const fn until(self) -> Moment {
        match self {
            Denied::JustSent { until }
            | Denied::PhoneQuota { until }
            | Denied::Network { until }
            | Denied::TooBusy { until }
            | Denied::NotServed { until } => until,
        }
    }

    /// What a field says of it.
    pub fn problem(self, cx: &Cx, field: &'static str) -> Problem {
        Problem::new(field, self.key()).arg("time", cx.when(&self.until()))
    }
}

/// A limit, whom it counts, and what is said of it.
type Line<'s> = (RateLimit, &'s str, fn(Moment) -> Denied);

/// Spends one message everywhere it counts (`tx.spend_sms` asks this). Returns from when on the next one may be asked for.
pub fn spend(tx: &mut Tx, phone: &str) -> QueryResult<Result<Moment, Denied>> {
    let this = hour(tx.now).to_string();
    let network = format!("{} {this}", tx.client.ip_network());
    let quota: fn(Moment) -> Denied = |until| Denied::PhoneQuota { until };
    let busy: fn(Moment) -> Denied = |until| Denied::TooBusy { until };
    let (ip_prefix, ip_block) = (tx.client.ip_prefix(), tx.client.ip_block());
    let here: fn(Moment) -> Denied = |until| Denied::Network { until };
    let own: &[Line<'_>] = match tx.limits.codes {
        LimitMode::Trial => &[(ON_TRIAL, &ip_prefix, here)],
        LimitMode::Strict => {
            &[(PER_PHONE, phone, quota), (PER_IP_PREFIX, &ip_prefix, here), (PER_IP_BLOCK, &ip_block, here)]
        }
    };
    let limits = [own, &[(GLOBAL_PER_HOUR, "", busy), (GLOBAL_PER_DAY, "", busy)]].concat();
    let last_hour = (hour(tx.now) - 1).to_string();
    let others = [(SENT.name, last_hour.as_str()), (SENT.name, &this), (SENT_BY_NETWORK.name, &network)];
    let counted = limits.iter().map(|(limit, subject, _)| (limit.name, *subject));
    let counted = counted.chain(others).chain([(BETWEEN.name, phone)]);
    let counters: Vec<Counter> = counted.map(|(name, subject)| tx.counter(name, subject)).collect();
    tx.look_up(&counters)?;
    if let Some(until) = breaker(tx)? {
        return Ok(Err(Denied::TooBusy { until }));
    }
    // Looked at first, spent after: a message that is not sent costs nobody anything.
    for (limit, subject, denied) in &limits {
        if let Spent::Wait { until } = tx.peek(limit, subject)? {
            return Ok(Err(denied(until)));
        }
    }
    let shares = shares(tx)?;
    for (share, subject) in &shares {
        if let Spent::Wait { until } = tx.peek(share, subject)? {
            return Ok(Err(here(until)));
        }
    }
    if let (Spent::Wait { until }, _) = tx.back_off(&BETWEEN, phone)? {
        return Ok(Err(Denied::JustSent { until }));
    }
    for (limit, subject, _) in &limits {
        tx.spend(limit, subject)?;
    }
    for (share, subject) in &shares {
        tx.spend(share, subject)?;
    }
    if tx.spend(&SENT_BY_NETWORK, &network)? == Spent::Allowed {
        tx.spend(&SENT, &this)?;
    }
    tx.paused_until(&BETWEEN, phone).map(Ok)
}

/// Spends one message that tells an owner of something. False when there is no room: at the phone, for the network that it comes from
/// (unless the program tells it by itself), or for everybody.
pub fn spend_notice(tx: &mut Tx, phone: &str) -> QueryResult<bool> {
    let mut limits = vec![(GLOBAL_PER_HOUR, String::new()), (GLOBAL_PER_DAY, String::new())];
    if tx.limits.codes == LimitMode::Strict {
        limits.push((NOTICES_PER_PHONE, phone.to_owned()));
    }
    let counters: Vec<Counter> =
        limits.iter().map(|(limit, subject)| tx.counter(limit.name, subject)).collect();
    tx.look_up(&counters)?;
    if !tx.client.ip.is_empty() {
        limits.extend(shares(tx)?);
    }
    for (limit, subject) in &limits {
        if tx.peek(limit, subject)? != Spent::Allowed {
            return Ok(false);
        }
    }
    for (limit, subject) in &limits {
        tx.spend(limit, subject)?;
    }
    Ok(true)
}

const SHARES: [(RateLimit, RateLimit); 2] =
    [(GLOBAL_PER_HOUR, NETWORK_PER_HOUR), (GLOBAL_PER_DAY, NETWORK_PER_DAY)];

/// Whose shares are counted: a network's, within the very windows of everybody's that are running, or begin now. So it is a tenth of each,
/// and not two tenths where two windows of its own meet.
fn shares(tx: &mut Tx) -> QueryResult<Vec<(RateLimit, String)>> {
    let mut shares = Vec::new();
    for (global, share) in SHARES {
        let (count, ends_at) = tx.spent(&global, "")?;
        let ends_at = if count == 0 { tx.now.after(global.within) } else { ends_at };
        shares.push((share, format!("{} {}", tx.client.ip_network(), ends_at.micros())));
    }
    let counters: Vec<Counter> =
        shares.iter().map(|(share, subject)| tx.counter(share.name, subject)).collect();
    tx.look_up(&counters)?;
    Ok(shares)
}

/// One more code was typed in rightly.
pub fn count_confirmed(tx: &mut Tx) -> QueryResult<()> {
    tx.spend(&CONFIRMED, &hour(tx.now).to_string())?;
    Ok(())
}

const HOUR_MICROS: i64 = 3_600_000_000;

fn hour(now: Moment) -> i64 {
    now.micros().div_euclid(HOUR_MICROS)
}

/// When too few of the last full hour's codes were typed in: the end of this hour, until when nothing is sent. Codes of this hour
/// are not judged: their owners may still be reading them.
fn breaker(tx: &mut Tx) -> QueryResult<Option<Moment>> {
    let this = hour(tx.now);
    let (sent, _) = tx.spent(&SENT, &(this - 1).to_string())?;
    if sent < BREAKER_SENT {
        return Ok(None);
    }
    let (then, _) = tx.spent(&CONFIRMED, &(this - 1).to_string())?;
    let (since, _) = tx.spent(&CONFIRMED, &this.to_string())?;
    if then.saturating_add(since).saturating_mul(BREAKER_SHARE) >= sent {
        return Ok(None);
    }
    if tx.spend(&ALARM, "")? == Spent::Allowed {
        tracing::error!(
            sent,
            confirmed = then,
            "too few SMS codes are typed in: no more are sent until the hour is over"
        );
    }
    Ok(Some(Moment::from_micros((this + 1).saturating_mul(HOUR_MICROS))))
}
