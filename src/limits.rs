//! Counters of tries: in the database, shared by all instances, spent before what they guard is done.

use std::time::Duration;

use diesel::prelude::*;

use crate::base::{Keys, Moment, Purpose};
use crate::db::schema::counters;
use crate::db::{CounterRow, CounterRows, Db, Tx};
use crate::on_connection;

const PURGE_BATCH: i64 = 5_000;

/// The answer of a counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    Allowed,
    /// Nothing was spent; try again then.
    Wait {
        until: Moment,
    },
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

    /// How long the next try has to wait after `count` of them.
    fn pause_after(&self, count: i64) -> Duration {
        let Ok(over) = u32::try_from(count - self.free) else { return Duration::ZERO };
        if over == 0 {
            return self.first;
        }
        let factor = 2_u32.checked_pow(over.min(20)).unwrap_or(u32::MAX);
        self.first.saturating_mul(factor).min(self.longest)
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

    /// Reads counters that will be asked for, with one statement for all of them.
    pub fn look_up<'a>(&mut self, counters: impl IntoIterator<Item = &'a Counter>) -> QueryResult<()> {
        self.counters.look_up(self.db, counters.into_iter().map(Counter::as_str))
    }

    /// Counters that may be given back to: where others are read meanwhile, they are read with them.
    pub fn look_up_later(&mut self, counters: &[Counter]) {
        self.counters.look_up_later(counters.iter().map(Counter::as_str));
    }

    /// Spends one try, before what the limit guards is done. Runs inside the write queue, so that no two tries are counted as one.
    pub fn spend(&mut self, limit: &RateLimit, subject: &str) -> QueryResult<Spent> {
        let counter = self.counter(limit.name, subject);
        self.spend_at(&counter, limit)
    }

    pub fn spend_at(&mut self, Counter(name): &Counter, limit: &RateLimit) -> QueryResult<Spent> {
        match running(self, name, limit.within, |_count| limit.within)? {
            Some(row) if row.count >= limit.most => return Ok(Spent::Wait { until: row.ends_at }),
            Some(row) => self.counters.put(name, CounterRow { count: row.count + 1, ..row }),
            None => self.counters.put(name, row(1, self.now.after(limit.within), self.now)),
        }
        Ok(Spent::Allowed)
    }

    /// What `spend` would say, without spending.
    pub fn peek(&mut self, limit: &RateLimit, subject: &str) -> QueryResult<Spent> {
        let (count, until) = self.spent(limit, subject)?;
        Ok(if count > 0 && count >= limit.most { Spent::Wait { until } } else { Spent::Allowed })
    }

    /// How many were spent in the window that is running, and when it ends.
    pub fn spent(&mut self, limit: &RateLimit, subject: &str) -> QueryResult<(i64, Moment)> {
        let Counter(name) = self.counter(limit.name, subject);
        let row = self.counters.find(self.db, &name)?.filter(|row| row.ends_at > self.now);
        Ok(row.map_or((0, self.now), |row| (row.count, row.ends_at.min(self.now.after(limit.within)))))
    }

    /// Spends one try under a growing pause. Returns how many there were in a row, this one included.
    pub fn back_off(&mut self, backoff: &Backoff, subject: &str) -> QueryResult<(Spent, i64)> {
        let counter = self.counter(backoff.name, subject);
        self.back_off_at(&counter, backoff)
    }

    pub fn back_off_at(&mut self, Counter(name): &Counter, backoff: &Backoff) -> QueryResult<(Spent, i64)> {
        let known = running(self, name, backoff.memory, |count| backoff.pause_after(count))?;
        let (count, until) = known.map_or((0, self.now), |row| (row.count, row.blocked_until));
        if until > self.now {
            return Ok((Spent::Wait { until }, count));
        }
        let count = count.saturating_add(1);
        let pause = backoff.pause_after(count);
        self.counters.put(name, row(count, self.now.after(backoff.memory), self.now.after(pause)));
        Ok((Spent::Allowed, count))
    }

    /// Until when a pause lasts; now when there is none.
    pub fn paused_until(&mut self, backoff: &Backoff, subject: &str) -> QueryResult<Moment> {
        let Counter(name) = self.counter(backoff.name, subject);
        let known = running(self, &name, backoff.memory, |count| backoff.pause_after(count))?;
        Ok(known.map_or(self.now, |row| row.blocked_until.max(self.now)))
    }

    /// Gives one try back at each of these, and the pauses that they began.
    pub fn refund_attempts(&mut self, spent: &[Counter]) -> QueryResult<()> {
        let mut elsewhere = Vec::new();
        for Counter(name) in spent {
            match self.counters.known(name) {
                Some(Some(known)) if known.count > 0 => {
                    self.counters.put(name, row(known.count - 1, known.ends_at, Moment::from_micros(0)));
                }
                Some(_nothing_spent) => {}
                None => elsewhere.push(name.as_str()),
            }
        }
        if elsewhere.is_empty() {
            return Ok(());
        }
        let spent = counters::table.filter(counters::name.eq_any(elsewhere)).filter(counters::count.gt(0));
        let back = (counters::count.eq(counters::count - 1), counters::blocked_until.eq(0));
        on_connection!(&mut *self.db, |c| diesel::update(spent).set(back).execute(c)).map(drop)
    }

    /// Gives one try back that was spent in the window that ends then. Of a later window nothing: others have spent there.
    pub fn refund_in_window(&mut self, Counter(name): &Counter, ends_at: Moment) -> QueryResult<()> {
        let same = self.counters.find(self.db, name)?.filter(|row| row.ends_at == ends_at && row.count > 0);
        if let Some(same) = same {
            self.counters.put(name, CounterRow { count: same.count - 1, ..same });
        }
        Ok(())
    }

    /// Forgets everything spent on counters: after a success.
    pub fn reset_failures(&mut self, spent: &[Counter]) -> QueryResult<()> {
        let names: Vec<&str> = spent.iter().map(Counter::as_str).collect();
        self.counters.delete(self.db, &names)
    }

    /// The work of one more row, written at once, for whatever has none.
    pub fn decoy(&mut self, limit: &RateLimit, subject: &str) -> QueryResult<()> {
        let Counter(name) = self.counter(limit.name, subject);
        CounterRows::write_one(self.db, &name, row(1, self.now.after(limit.within), self.now))
    }
}

/// How often a wrong value that takes work is answered again for nothing: it counts as another try after that.
const REPEATS: i64 = 5;

/// A value that is judged, as counters name it: what for, whose, and the value itself under the server's key.
#[derive(Debug, Clone)]
pub struct Judged {
    counter: Counter,
    takes_work: bool,
}

impl Judged {
    pub const fn counter(&self) -> &Counter {
        &self.counter
    }

    /// A password: it is compared again each time, for it may have become right since, and that is dear.
    #[must_use]
    pub fn with_work(self) -> Judged {
        Judged { takes_work: true, ..self }
    }

    /// A value that can be guessed needs a secret that is stored nowhere among its parts.
    pub fn of(keys: &Keys, what: &str, parts: &[&[u8]]) -> Judged {
        let parts: Vec<&[u8]> = [what.as_bytes()].into_iter().chain(parts.iter().copied()).collect();
        let counter = Counter(format!("repeats:{}", keys.keyed_hash(Purpose::Counters, &parts)));
        Judged { counter, takes_work: false }
    }
}

impl Tx<'_> {
    /// `parts` name the code, and hold what was typed: when it was wrong, it is worth nothing to anybody.
    pub fn judged(&self, what: &str, parts: &[&[u8]]) -> Judged {
        Judged::of(self.keys, what, parts)
    }

    /// Whether this very value was judged wrong before: the same form came again, by a reload or a double click. Then it is answered as
    /// it was, and costs nothing; where it takes work, a handful of times.
    pub fn is_repeat(&mut self, Judged { counter: Counter(name), takes_work }: &Judged) -> QueryResult<bool> {
        let same = self.counters.find(self.db, name)?;
        let Some(same) = same.filter(|row| row.ends_at > self.now && row.count < REPEATS) else {
            return Ok(false);
        };
        if *takes_work {
            self.counters.put(name, CounterRow { count: same.count + 1, ..same });
        }
        Ok(true)
    }

    /// Remembers that a value was wrong (or, under a name of its own, that it was right and is used up).
    pub fn remember_judged(&mut self, Judged { counter: Counter(name), .. }: &Judged, memory: Duration) {
        self.counters.put(name, row(0, self.now.after(memory), self.now));
    }
}

const fn row(count: i64, ends_at: Moment, blocked_until: Moment) -> CounterRow {
    CounterRow { count, ends_at, blocked_until }
}

/// Deletes counters whose window is over, a bounded number at a time.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over: Vec<String> = counters::table
        .filter(counters::ends_at.lt(now))
        .select(counters::name)
        .limit(PURGE_BATCH)
        .load(db)?;
    diesel::delete(counters::table.filter(counters::name.eq_any(over))).execute(db).map(|_rows| ())
}

/// The counter, while its window is running. A window that ends later than one which begins now was begun by a clock that has been
/// set back since: it and the pause end as if they began now, or whoever was counted would wait until the clock has caught up.
fn running(
    tx: &mut Tx,
    name: &str,
    window: Duration,
    pause: impl Fn(i64) -> Duration,
) -> QueryResult<Option<CounterRow>> {
    let Some(mut row) = tx.counters.find(tx.db, name)?.filter(|row| row.ends_at > tx.now) else {
        return Ok(None);
    };
    let latest = tx.now.after(window);
    if row.ends_at > latest {
        row.ends_at = latest;
        row.blocked_until = row.blocked_until.min(tx.now.after(pause(row.count)));
        tx.counters.put(name, row);
    }
    Ok(Some(row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{minutes, seconds};

    #[test]
    fn the_pause_doubles_up_to_its_longest() {
        let backoff = Backoff {
            name: "a.b",
            per: Per::Login,
            free: 5,
            first: seconds(30),
            longest: minutes(15),
            memory: minutes(60),
        };
        let waits: Vec<u64> = (1..=12).map(|count| backoff.pause_after(count).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900]);
    }
}
