//! When a message is tried again, and when it is given up.

use std::time::Duration;

use super::notice::Kind;
use crate::base::{Moment, hours, minutes, random_bytes, seconds};

/// The waits after the first tries; then hourly.
const WAITS: [Duration; 5] = [seconds(5), seconds(30), minutes(2), minutes(10), minutes(30)];
const LAST_WAIT: Duration = hours(1);
/// More tries than the waits allow in 72 hours: only a message that takes its worker down with it gets there.
pub const MOST_ATTEMPTS: i32 = 100;

impl Kind {
    /// How long after its posting a message is still of use. A code or link that has expired is worse than silence.
    pub const fn lifetime(self) -> Duration {
        match self {
            Kind::RegistrationCode | Kind::PhoneCode | Kind::RecoveryCode => minutes(10),
            Kind::Unlock | Kind::Recovery | Kind::RecoveryByMail => minutes(30),
            Kind::ConfirmEmail | Kind::Invite => hours(24),
            Kind::AlreadyRegistered | Kind::AddressTaken | Kind::NewDevice => hours(72),
            Kind::FactorOn | Kind::FactorOff | Kind::RecoveryCodesMade | Kind::RecoveryCodeUsed => hours(72),
            Kind::PasswordReset | Kind::AlreadyInvited | Kind::QuestionsChanged => hours(72),
            Kind::EmailChanged
            | Kind::EmailRemoved
            | Kind::PhoneTaken
            | Kind::PhoneChanged
            | Kind::PhoneRemoved => hours(72),
            Kind::PasswordChanged | Kind::SmsSettingsChanged => hours(72),
            Kind::CardCharged => hours(24),
            Kind::MoneyStuck => hours(72),
            Kind::CardConfirmed
            | Kind::CardFailed
            | Kind::CardReturned
            | Kind::CardUnbound
            | Kind::CardExpiring => hours(72),
        }
    }
}

/// When to try again after `attempts` tries; None when that would be too late. A fifth of the wait is chance, so that
/// messages that failed together do not come back together.
pub fn again_at(kind: Kind, posted_at: Moment, attempts: i32, now: Moment) -> Option<Moment> {
    let tries = usize::try_from(attempts.max(1)).unwrap_or(usize::MAX);
    let wait = WAITS.get(tries - 1).copied().unwrap_or(LAST_WAIT);
    let [noise] = random_bytes::<1>();
    let at = now.after(wait * 9 / 10 + wait * u32::from(noise) / (5 * 255));
    (attempts < MOST_ATTEMPTS && at <= posted_at.after(kind.lifetime())).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        let posted = Moment::from_micros(0);
        let mut now = posted;
        let mut waits = Vec::new();
        let mut attempts = 1;
        while let Some(at) = again_at(Kind::AddressTaken, posted, attempts, now) {
            waits.push(at.since(now).as_secs());
            now = at;
            attempts += 1;
        }
        for (wait, expected) in waits.iter().zip([5, 30, 120, 600, 1_800, 3_600, 3_600]) {
            assert!((expected * 9 / 10 - 1..=expected * 11 / 10).contains(wait), "{waits:?}");
        }
        assert!(now.since(posted) > hours(70) && now.since(posted) <= hours(72), "{attempts} tries");
        assert!(attempts < MOST_ATTEMPTS);
    }

    #[test]
    fn a_code_is_not_sent_when_it_has_expired() {
        let posted = Moment::from_micros(0);
        assert!(again_at(Kind::RegistrationCode, posted, 3, posted.after(minutes(3))).is_some());
        assert!(again_at(Kind::RegistrationCode, posted, 3, posted.after(minutes(9))).is_none());
        assert!(again_at(Kind::AddressTaken, posted, MOST_ATTEMPTS, posted).is_none());
    }
}
