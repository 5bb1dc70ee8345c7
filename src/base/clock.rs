//! Time: microseconds since 1970 in UTC, and a clock that tests can move.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime};

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::BigInt;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::bigint_column;

/// A moment in UTC, whole microseconds since 1970 (both databases keep it exactly).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = BigInt)]
pub struct Moment(i64);

impl Moment {
    pub const fn from_micros(micros: i64) -> Moment {
        Moment(micros)
    }

    pub const fn micros(self) -> i64 {
        self.0
    }

    /// This moment moved forward; saturates at the end of time.
    #[must_use]
    pub fn after(self, span: Duration) -> Moment {
        Moment(self.0.saturating_add(micros(span)))
    }

    /// This moment moved back.
    #[must_use]
    pub fn before(self, span: Duration) -> Moment {
        Moment(self.0.saturating_sub(micros(span)))
    }

    /// The next full minute, for people who are told "after 19:05".
    #[must_use]
    pub fn to_next_minute(self) -> Moment {
        const MINUTE: i64 = 60_000_000;
        Moment(self.0.div_euclid(MINUTE).saturating_add(1).saturating_mul(MINUTE))
    }

    /// The span from `earlier` to this moment; zero when `earlier` is later.
    pub fn since(self, earlier: Moment) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

bigint_column!(Moment);

/// The one source of "now". Clones share their offset, which tests move forward.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset: Arc<AtomicI64>,
    /// Rung when the clock is moved.
    moved: Arc<Notify>,
    stopped_at: Option<Moment>,
}

impl Clock {
    /// A clock that stands still until it is moved, whatever a test takes its time for.
    pub fn stopped() -> Clock {
        Clock { stopped_at: Some(Clock::default().now()), ..Clock::default() }
    }

    pub fn now(&self) -> Moment {
        let real =
            || Moment(micros(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()));
        let Moment(now) = self.stopped_at.unwrap_or_else(real);
        Moment(now.saturating_add(self.offset.load(Ordering::Relaxed)))
    }

    /// Moves this clock and its clones forward.
    pub fn advance(&self, span: Duration) {
        self.offset.fetch_add(micros(span), Ordering::Relaxed);
        self.moved.notify_waiters();
    }

    /// Waits until this clock shows that time.
    pub async fn until(&self, time: Moment) {
        loop {
            let mut moved = pin!(self.moved.notified());
            moved.as_mut().enable();
            let left = time.since(self.now());
            if left.is_zero() {
                return;
            }
            let _ = timeout(left, moved).await;
        }
    }

    /// Sets this clock and its clones back, as happens to one that was ahead.
    pub fn set_back(&self, span: Duration) {
        self.offset.fetch_sub(micros(span), Ordering::Relaxed);
        self.moved.notify_waiters();
    }
}

pub const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

pub const fn minutes(n: u64) -> Duration {
    Duration::from_secs(n * 60)
}

pub const fn hours(n: u64) -> Duration {
    minutes(n * 60)
}

pub const fn days(n: u64) -> Duration {
    hours(n * 24)
}
