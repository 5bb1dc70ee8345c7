//! Counters of tries: in the database, shared by all instances, spent before what they guard is done.

use std::time::Duration;

use diesel::prelude::*;

use crate::base::Moment;
use crate::db::Db;
use crate::db::schema::counters;

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

#[derive(Queryable)]
struct Counter {
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
pub fn give_back(db: &mut Db, name: &str) -> QueryResult<()> {
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

fn find(db: &mut Db, name: &str) -> QueryResult<Option<Counter>> {
    counters::table
        .find(name)
        .select((counters::count, counters::ends_at, counters::blocked_until))
        .first::<Counter>(db)
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
