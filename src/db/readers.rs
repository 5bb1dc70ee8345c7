//! The readers' pool. When one connection turns out to be cut (the server was started anew), none that was opened before is
//! handed out again: one reader finds out, not each of them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use diesel::ConnectionError;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection, R2D2Connection};
use diesel::result::QueryResult;

use super::connection::{Db, Opener};
use super::error::{CONNECTIONS_TRIED, StoreError, Trouble};

/// Reads at the same time; more wait for their turn.
pub(super) const READERS: u8 = 8;
const READER_WAIT: Duration = Duration::from_secs(2);
/// Connecting is tried at least so often while somebody wants a connection.
const TRIED_EVERY: Duration = Duration::from_millis(1_500);

#[derive(Clone)]
pub(super) struct Readers {
    pool: Pool<Connections>,
    outages: Arc<AtomicU64>,
    away: Arc<Mutex<Option<Away>>>,
}

struct Connections {
    opener: Opener,
    outages: Arc<AtomicU64>,
    away: Arc<Mutex<Option<Away>>>,
}

/// No connection was had since.
struct Away {
    since: Instant,
    tried_at: Instant,
    why: String,
}

/// A connection, and how many outages there had been when it was opened.
struct Reader {
    db: Db,
    after: u64,
}

impl Readers {
    pub(super) fn new(opener: Opener) -> Readers {
        let outages = Arc::new(AtomicU64::new(0));
        let away = Arc::default();
        let connections = Connections { opener, outages: Arc::clone(&outages), away: Arc::clone(&away) };
        let pool = Pool::builder()
            .max_size(READERS.into())
            .min_idle(Some(1))
            .test_on_check_out(true)
            .connection_timeout(READER_WAIT)
            .build_unchecked(connections);
        Readers { pool, outages, away }
    }

    /// How many outages there were: whatever was opened before the last one is not used again.
    pub(super) fn outages(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.outages)
    }

    /// Reads; again on a fresh connection, when the one before turns out to be cut.
    pub(super) fn run<T>(&self, mut query: impl FnMut(&mut Db) -> QueryResult<T>) -> Result<T, StoreError> {
        let mut tries = 1;
        loop {
            if let Some(why) = self.is_away() {
                return Err(StoreError::Unavailable(why));
            }
            let mut reader: PooledConnection<Connections> =
                self.pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))?;
            match query(&mut reader.db) {
                Err(error) if Trouble::of(&error) == Trouble::Disconnected => {
                    self.outage_after(reader.after);
                    if tries == CONNECTIONS_TRIED {
                        return Err(StoreError::of(error));
                    }
                    tries += 1;
                }
                outcome => return outcome.map_err(StoreError::of),
            }
        }
    }

    /// Why nobody needs to wait for a connection: there is none, and for as long as anybody would wait there was none to be had. A
    /// server that is only started anew is waited for.
    fn is_away(&self) -> Option<String> {
        let away = self.away.lock().ok()?;
        let away = away.as_ref()?;
        let lasts = away.since.elapsed() >= READER_WAIT && away.tried_at.elapsed() < TRIED_EVERY;
        (lasts && self.pool.state().connections == 0).then(|| away.why.clone())
    }

    /// A read has not come back: whoever waits for one of the connections that are open now would wait as long.
    pub(super) fn is_silent(&self) {
        self.outage_after(self.outages.load(Ordering::Relaxed));
    }

    /// Whoever finds out first counts it; the others' connections are of the time before.
    fn outage_after(&self, after: u64) {
        let _ = self.outages.compare_exchange(after, after + 1, Ordering::Relaxed, Ordering::Relaxed);
    }
}

impl Connections {
    fn is_of_today(&self, reader: &Reader) -> bool {
        reader.after == self.outages.load(Ordering::Relaxed)
    }
}

impl ManageConnection for Connections {
    type Connection = Reader;
    type Error = diesel::r2d2::Error;

    fn connect(&self) -> Result<Reader, Self::Error> {
        let after = self.outages.load(Ordering::Relaxed);
        let opened = self.opener.open();
        if let Ok(mut away) = self.away.lock() {
            let tried_at = Instant::now();
            let since = away.take().map_or(tried_at, |away| away.since);
            *away = opened.as_ref().err().map(|error| Away { since, tried_at, why: error.to_string() });
        }
        let db = opened.map_err(diesel::r2d2::Error::ConnectionError)?;
        Ok(Reader { db, after })
    }

    /// Costs no query: it is asked before each read.
    fn is_valid(&self, reader: &mut Reader) -> Result<(), Self::Error> {
        if self.is_of_today(reader) {
            return Ok(());
        }
        Err(diesel::r2d2::Error::ConnectionError(ConnectionError::BadConnection(
            "opened before an outage".to_owned(),
        )))
    }

    fn has_broken(&self, reader: &mut Reader) -> bool {
        !self.is_of_today(reader) || reader.db.is_broken()
    }
}
