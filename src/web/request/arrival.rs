//! What is known of a request when it comes in.

use std::fmt;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::base::random_bytes;
use crate::texts::Locale;

/// The number of a request: in its log lines and on its error page. Unguessable enough, short enough to be read over the
/// telephone.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestId {
    start: u32,
    count: u64,
}

impl RequestId {
    pub(in crate::web) fn next() -> RequestId {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        static START: LazyLock<u32> = LazyLock::new(|| u32::from_le_bytes(random_bytes()));
        RequestId { start: *START, count: COUNT.fetch_add(1, Ordering::Relaxed) }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{:x}", self.start, self.count)
    }
}

/// What the middleware notes of a request for everything inside: looked up once.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) struct Arrival {
    pub id: RequestId,
    pub locale: Locale,
}
