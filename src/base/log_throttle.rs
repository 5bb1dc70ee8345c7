//! What goes on for long is said once a minute, not once a request.

use std::sync::Mutex;
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(60);

/// One line a minute of a kind; the next one says how many were left out.
#[derive(Debug, Default)]
pub struct LogThrottle(Mutex<Option<(Instant, u64)>>);

impl LogThrottle {
    pub const fn new() -> LogThrottle {
        LogThrottle(Mutex::new(None))
    }

    /// How many lines were left out since the last one, when it is time for another; None otherwise.
    pub fn next_line(&self) -> Option<u64> {
        self.at(Instant::now())
    }

    fn at(&self, now: Instant) -> Option<u64> {
        let mut last = self.0.lock().ok()?;
        match last.as_mut() {
            Some((said, left_out)) if now.duration_since(*said) < EVERY => {
                *left_out += 1;
                None
            }
            _ => Some(last.replace((now, 0)).map_or(0, |(_, left_out)| left_out)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_a_minute_says_how_many_were_left_out() {
        let (throttle, began) = (LogThrottle::new(), Instant::now());
        let at = |seconds| throttle.at(began + Duration::from_secs(seconds));
        assert_eq!(
            [at(0), at(1), at(59), at(60), at(61), at(200)],
            [Some(0), None, None, Some(2), None, Some(1)]
        );
    }

    #[test]
    fn of_a_thousand_at_once_one_is_said() {
        let throttle = LogThrottle::new();
        assert_eq!((0..1000).filter_map(|_| throttle.next_line()).collect::<Vec<_>>(), [0]);
    }
}
