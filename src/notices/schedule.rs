//! When a message is tried again, and when it is given up.

use std::time::Duration;

use crate::base::{Moment, hours, minutes, random_bytes, seconds};

/// The waits after the first tries; then hourly.
const WAITS: [Duration; 5] = [seconds(5), seconds(30), minutes(2), minutes(10), minutes(30)];
const LAST_WAIT: Duration = hours(1);
/// More tries than the waits allow in 72 hours: only a message that takes its worker down with it gets there.
pub const MAX_ATTEMPTS: i32 = 100;

/// When to try again after `attempts` tries; None when that would be too late. A fifth of the wait is chance, so that
/// messages that failed together do not come back together.
pub fn retry_at(useful_until: Moment, attempts: i32, now: Moment) -> Option<Moment> {
    let tries = usize::try_from(attempts.max(1)).unwrap_or(usize::MAX);
    let wait = WAITS.get(tries - 1).copied().unwrap_or(LAST_WAIT);
    let [noise] = random_bytes::<1>();
    let at = now.after(wait * 9 / 10 + wait * u32::from(noise) / (5 * 255));
    (attempts < MAX_ATTEMPTS && at <= useful_until).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let queued = Moment::from_micros(0);
        let mut now = queued;
        let mut waits = Vec::new();
        let mut attempts = 1;
        while let Some(at) = retry_at(queued.after(hours(72)), attempts, now) {
            waits.push(at.since(now).as_secs());
            now = at;
            attempts += 1;
        }
        for (wait, expected) in waits.iter().zip([5, 30, 120, 600, 1_800, 3_600, 3_600]) {
            assert!((expected * 9 / 10 - 1..=expected * 11 / 10).contains(wait), "{waits:?}");
        }
        assert!(now.since(queued) > hours(70) && now.since(queued) <= hours(72), "{attempts} tries");
        assert!(attempts < MAX_ATTEMPTS);
    }

    #[test]
    fn a_code_is_not_sent_when_it_has_expired() {
        let (queued, expired) = (Moment::from_micros(0), Moment::from_micros(0).after(minutes(10)));
        assert!(retry_at(expired, 3, queued.after(minutes(3))).is_some());
        assert!(retry_at(expired, 3, queued.after(minutes(9))).is_none());
        assert!(retry_at(queued.after(hours(72)), MAX_ATTEMPTS, queued).is_none());
    }
}
