//! How far a write is: its caller and the writer agree on who is first, giving up or committing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use crate::base::random_bytes;

/// How long a job is tried again: the last try may wait a second for a lock, and must come to its end before its caller gives up.
const RETRY_WITHIN: Duration = Duration::from_secs(3);
const RETRY_FIRST_MS: u64 = 10;
const RETRY_MAX_MS: u64 = 200;

/// How far a job is, between the writer and the caller who may give it up.
#[derive(Clone)]
pub(super) struct Progress {
    state: Arc<AtomicU8>,
    /// When it is not tried again any more.
    pub(super) retry_until: Instant,
}

const OPEN: u8 = 0;
const COMMITTING: u8 = 1;
const GIVEN_UP: u8 = 2;

impl Progress {
    pub(super) fn new() -> Progress {
        Progress { state: Arc::new(AtomicU8::new(OPEN)), retry_until: Instant::now() + RETRY_WITHIN }
    }

    fn moves(&self, from: u8, to: u8) -> bool {
        self.state.compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// False when its caller has given it up: then it may not be committed.
    pub(super) fn begins_commit(&self) -> bool {
        self.moves(OPEN, COMMITTING)
    }

    /// Its commit has come to nothing.
    pub(super) fn is_open_again(&self) {
        self.moves(COMMITTING, OPEN);
    }

    /// False when it is being committed: then it may be done.
    pub(super) fn give_up(&self) -> bool {
        self.moves(OPEN, GIVEN_UP)
    }

    pub(super) fn is_given_up(&self) -> bool {
        self.state.load(Ordering::Acquire) == GIVEN_UP
    }
}

/// 10 to 200 ms, doubling, with jitter: two instances that collided do not collide again.
pub(super) fn retry_wait(tries: u32) -> Duration {
    let ceiling = RETRY_FIRST_MS.saturating_mul(1 << tries).min(RETRY_MAX_MS);
    let [noise] = random_bytes::<1>();
    Duration::from_millis(ceiling / 2 + ceiling * u64::from(noise) / 512)
}
