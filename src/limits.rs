//! Counters of tries: in the database, shared by all instances, spent before what they guard is done.

use std::time::Duration;

use diesel::prelude::*;

use crate::base::{Moment, Purpose};
use crate::db::schema::counters;
use crate::db::{Db, Tx};

const CLEANED_AT_ONCE: i64 = 5_000;

/// So many in so long.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    pub most: i64,
    pub within: Duration,
}

/// The answer of a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    Allowed,
    /// Nothing was spent; try again then.
    Wait {
        until: Moment,
    },
}

/// A growing pause: `free` tries, then `first`, doubled each time up to `longest`. Forgotten after `memory` of quiet.
#[derive(Debug, Clone, Copy)]
pub struct Pause {
    pub free: i64,
    pub first: Duration,
    pub longest: Duration,
    pub memory: Duration,
}

/// Whose tries a limit counts together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    Account,
    /// What was typed as a login, in the one spelling that all its spellings share.
    Login,
    Email,
    Phone,
    /// An IPv4 address or an IPv6 /64.
    IpPrefix,
    /// A /24 or a /48.
    IpBlock,
    /// A /16 or a /32: what one provider holds.
    IpNetwork,
    /// A browser that an account knows.
    Browser,
    Card,
    /// All people together.
    Everybody,
}

/// A rate limit: so many within a window. Declared as a constant in the room that it guards, and named in that room's `LIMITS`.
#[derive(Debug, Clone, Copy)]
pub struct RateLimit {
    /// `room.what`: part of the counter's name.
    pub name: &'static str,
    pub per: Per,
    pub most: i64,
    pub within: Duration,
}

/// A growing pause: `free` tries, then a pause of `first`, doubled with each try up to `longest`; forgotten after `memory` of quiet.
#[derive(Debug, Clone, Copy)]
pub struct Backoff {
    pub name: &'static str,
    pub per: Per,
    pub free: i64,
    pub first: Duration,
    pub longest: Duration,
    pub memory: Duration,
}

impl RateLimit {
    pub const fn new(name: &'static str, per: Per, most: i64, within: Duration) -> RateLimit {
        RateLimit { name, per, most, within }
    }

    /// A line of the table of limits.
    pub const fn declared(&self) -> Declared {
        Declared::Rate(*self)
    }
}

impl Backoff {
    pub const fn declared(&self) -> Declared {
        Declared::Backoff(*self)
    }
}

/// Any limit, for the table of all of them.
#[derive(Debug, Clone, Copy)]
pub enum Declared {
    Rate(RateLimit),
    Backoff(Backoff),
}

impl std::fmt::Display for Declared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Declared::Rate(RateLimit { name, per, most, within }) => {
                write!(f, "{name} per {per:?}: {most} in {} s", within.as_secs())
            }
            Declared::Backoff(Backoff { name, per, free, first, longest, memory }) => {
                let (first, longest, memory) = (first.as_secs(), longest.as_secs(), memory.as_secs());
                write!(f, "{name} per {per:?}: {free} free, then {first} s to {longest} s, memory {memory} s")
            }
        }
    }
}

/// The name of one counter: of a limit, and of one of those whom it counts. A keyed hash: nobody reads from it who tried what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter(String);

impl Counter {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A name that was stored.
    pub fn from_stored(name: &str) -> Counter {
        Counter(name.to_owned())
    }
}

impl Tx<'_> {
    /// The counter of `name` for one subject; empty for everybody's.
    pub fn counter(&self, name: &str, subject: &str) -> Counter {
        let parts: [&[u8]; 2] = [name.as_bytes(), subject.as_bytes()];
        Counter(format!("{name}:{}", self.keys.keyed_hash(Purpose::Counters, &parts)))
    }

    /// Spends one try, before what the limit guards is done.
    pub fn spend(&mut self, limit: &RateLimit, subject: &str) -> QueryResult<Spent> {
        let counter = self.counter(limit.name, subject);
        self.spend_at(&counter, limit)
    }

    pub fn spend_at(&mut self, counter: &Counter, limit: &RateLimit) -> QueryResult<Spent> {
        let RateLimit { most, within, .. } = *limit;
        spend(self.db, &counter.0, Limit { most, within }, self.now)
    }

    /// What `spend` would say, without spending.
    pub fn peek(&mut self, limit: &RateLimit, subject: &str) -> QueryResult<Spent> {
        let RateLimit { most, within, .. } = *limit;
        peek(self.db, &self.counter(limit.name, subject).0, Limit { most, within }, self.now)
    }

    /// How many were spent in the window that is running, and when it ends.
    pub fn spent(&mut self, limit: &RateLimit, subject: &str) -> QueryResult<(i64, Moment)> {
        count(self.db, &self.counter(limit.name, subject).0, self.now)
    }

    /// Spends one try under a growing pause. Returns how many there were in a row, this one included.
    pub fn back_off(&mut self, backoff: &Backoff, subject: &str) -> QueryResult<(Spent, i64)> {
        let counter = self.counter(backoff.name, subject);
        self.back_off_at(&counter, backoff)
    }

    pub fn back_off_at(&mut self, counter: &Counter, backoff: &Backoff) -> QueryResult<(Spent, i64)> {
        let Backoff { free, first, longest, memory, .. } = *backoff;
        spend_with_pause(self.db, &counter.0, Pause { free, first, longest, memory }, self.now)
    }

    /// Until when a pause lasts; now when there is none.
    pub fn paused_until(&mut self, backoff: &Backoff, subject: &str) -> QueryResult<Moment> {
        paused_until(self.db, &self.counter(backoff.name, subject).0, self.now)
    }

    /// Gives one try back, and the pause that it began.
    pub fn refund_attempt(&mut self, counter: &Counter) -> QueryResult<()> {
        refund(self.db, &counter.0)
    }

    /// Forgets everything spent on a counter: after a success.
    pub fn reset_failures(&mut self, counter: &Counter) -> QueryResult<()> {
        forget(self.db, &counter.0)
    }
}

#[derive(Queryable)]
struct Row {
    count: i64,
    ends_at: Moment,
    blocked_until: Moment,
}

/// Spends one try of `name` under a limit with a fixed window. Runs inside the write queue, so that no two
/// tries are counted as one.
pub fn spend(db: &mut Db, name: &str, limit: Limit, now: Moment) -> QueryResult<Spent> {
    match find(db, name)? {
        Some(counter) if counter.ends_at > now => {
            if counter.count >= limit.most {
                return Ok(Spent::Wait { until: counter.ends_at });
            }
            store(db, name, counter.count + 1, counter.ends_at, counter.blocked_until)?;
        }
        _ => store(db, name, 1, now.after(limit.within), now)?,
    }
    Ok(Spent::Allowed)
}

/// What `spend` would say, without spending.
pub fn peek(db: &mut Db, name: &str, limit: Limit, now: Moment) -> QueryResult<Spent> {
    Ok(match find(db, name)? {
        Some(counter) if counter.ends_at > now && counter.count >= limit.most => {
            Spent::Wait { until: counter.ends_at }
        }
        _ => Spent::Allowed,
    })
}

/// How many were spent in the window that is running, and when it ends.
pub fn count(db: &mut Db, name: &str, now: Moment) -> QueryResult<(i64, Moment)> {
    let running = find(db, name)?.filter(|counter| counter.ends_at > now);
    Ok(running.map_or((0, now), |counter| (counter.count, counter.ends_at)))
}

/// Until when a pause of `spend_with_pause` lasts; `now` when there is none.
pub fn paused_until(db: &mut Db, name: &str, now: Moment) -> QueryResult<Moment> {
    Ok(find(db, name)?.map_or(now, |counter| counter.blocked_until.max(now)))
}

/// Gives one try back, and the pause that it began.
pub fn refund(db: &mut Db, name: &str) -> QueryResult<()> {
    let spent = counters::table.find(name).filter(counters::count.gt(0));
    diesel::update(spent)
        .set((counters::count.eq(counters::count - 1), counters::blocked_until.eq(0)))
        .execute(db)
        .map(|_rows| ())
}

/// Spends one try of `name` under a growing pause. Returns how many tries there were in a row, this one included.
pub fn spend_with_pause(db: &mut Db, name: &str, pause: Pause, now: Moment) -> QueryResult<(Spent, i64)> {
    let known = find(db, name)?.filter(|counter| counter.ends_at > now);
    let (count, blocked_until) = known.map_or((0, now), |counter| (counter.count, counter.blocked_until));
    if blocked_until > now {
        return Ok((Spent::Wait { until: blocked_until }, count));
    }
    let count = count.saturating_add(1);
    store(db, name, count, now.after(pause.memory), now.after(wait_after(pause, count)))?;
    Ok((Spent::Allowed, count))
}

/// How long the next try has to wait after `count` of them.
fn wait_after(pause: Pause, count: i64) -> Duration {
    let Ok(over) = u32::try_from(count - pause.free) else { return Duration::ZERO };
    if over == 0 {
        return pause.first;
    }
    let factor = 2_u32.checked_pow(over.min(20)).unwrap_or(u32::MAX);
    pause.first.saturating_mul(factor).min(pause.longest)
}

/// Gives back everything spent under `name`: after a success.
pub fn forget(db: &mut Db, name: &str) -> QueryResult<()> {
    diesel::delete(counters::table.find(name)).execute(db).map(|_rows| ())
}

/// Deletes counters whose window is over, a bounded number at a time.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over: Vec<String> = counters::table
        .filter(counters::ends_at.lt(now))
        .select(counters::name)
        .limit(CLEANED_AT_ONCE)
        .load(db)?;
    diesel::delete(counters::table.filter(counters::name.eq_any(over))).execute(db).map(|_rows| ())
}

fn find(db: &mut Db, name: &str) -> QueryResult<Option<Row>> {
    counters::table
        .find(name)
        .select((counters::count, counters::ends_at, counters::blocked_until))
        .first::<Row>(db)
        .optional()
}

fn store(db: &mut Db, name: &str, count: i64, ends_at: Moment, blocked_until: Moment) -> QueryResult<()> {
    let values =
        (counters::count.eq(count), counters::ends_at.eq(ends_at), counters::blocked_until.eq(blocked_until));
    let updated = diesel::update(counters::table.find(name)).set(values).execute(db)?;
    if updated == 0 {
        diesel::insert_into(counters::table)
            .values((counters::name.eq(name), values.0, values.1, values.2))
            .execute(db)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{minutes, seconds};

    #[test]
    fn the_pause_doubles_up_to_its_longest() {
        let pause = Pause { free: 5, first: seconds(30), longest: minutes(15), memory: minutes(60) };
        let waits: Vec<u64> = (1..=12).map(|count| wait_after(pause, count).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
    }
}
