//! The circuit breaker: a gateway that does not answer, or does nothing for anybody, is left alone for a while, so that nobody waits for it in vain.

use std::sync::Mutex;
use std::time::Duration;

use crate::base::{Clock, Moment, seconds};

/// So many failures in a row open it.
const OPENS_AFTER: u32 = 5;
/// So long nothing is asked; then one call tries.
const STAYS_OPEN: Duration = seconds(30);

pub(super) struct Breaker {
    state: Mutex<State>,
    clock: Clock,
}

#[derive(Default)]
struct State {
    failures: u32,
    open_until: Option<Moment>,
    /// One call is trying whether the gateway is back.
    probing: bool,
}

/// The leave to make one call. Dropped without a word (the caller gave up waiting), it says nothing of the gateway.
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    probe: bool,
}

impl Breaker {
    pub(super) fn new(clock: Clock) -> Breaker {
        Breaker { state: Mutex::default(), clock }
    }

    /// None while the gateway is left alone.
    pub(super) fn pass(&self) -> Option<Pass<'_>> {
        let now = self.clock.now();
        let mut state = self.state.lock().ok()?;
        let probe = match state.open_until {
            None => false,
            Some(until) if until > now || state.probing => return None,
            Some(_over) => true,
        };
        state.probing |= probe;
        Some(Pass { breaker: self, probe })
    }

    /// Whether calls are made as usual.
    pub(super) fn is_closed(&self) -> bool {
        self.state.lock().is_ok_and(|state| state.open_until.is_none())
    }
}

impl Pass<'_> {
    /// The gateway answered, and serves somebody.
    pub(super) fn answered(self) {
        if let Ok(mut state) = self.breaker.state.lock() {
            if state.open_until.is_some() {
                tracing::info!("the card gateway answers again");
            }
            *state = State { probing: state.probing, ..State::default() };
        }
    }

    /// No answer, or one that nobody is served with.
    pub(super) fn failed(self) {
        let now = self.breaker.clock.now();
        if let Ok(mut state) = self.breaker.state.lock() {
            state.failures = state.failures.saturating_add(1);
            if state.failures >= OPENS_AFTER {
                if state.open_until.is_none() {
                    tracing::error!(
                        failures = state.failures,
                        "the card gateway does not serve us and is left alone for a while"
                    );
                }
                state.open_until = Some(now.after(STAYS_OPEN));
            }
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.probe
            && let Ok(mut state) = self.breaker.state.lock()
        {
            state.probing = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(breaker: &Breaker, times: u32) {
        for _ in 0..times {
            breaker.pass().unwrap().failed();
        }
    }

    #[test]
    fn it_opens_after_five_failures_in_a_row_and_lets_one_call_try() {
        let clock = Clock::stopped();
        let breaker = Breaker::new(clock.clone());
        fails(&breaker, 4);
        breaker.pass().unwrap().answered();
        fails(&breaker, 4);
        assert!(breaker.is_closed(), "not in a row");
        fails(&breaker, 1);
        assert!(!breaker.is_closed() && breaker.pass().is_none());
        clock.advance(seconds(31));
        let probe = breaker.pass().unwrap();
        assert!(breaker.pass().is_none(), "one at a time");
        probe.failed();
        assert!(breaker.pass().is_none(), "the wait begins again");
        clock.advance(seconds(31));
        drop(breaker.pass().unwrap());
        assert!(!breaker.is_closed(), "a call that was given up tells nothing");
        breaker.pass().unwrap().answered();
        assert!(breaker.is_closed());
        fails(&breaker, 4);
        assert!(breaker.is_closed(), "it counts from the beginning");
    }
}
