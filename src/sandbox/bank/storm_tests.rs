//! A line that breaks at random: whatever it does, each operation happens once.

use std::sync::atomic::{AtomicU64, Ordering};

use super::tests::{bank, card, charge_of, events, refund_of};
use super::*;
use crate::base::hours;
use crate::gateway::{Gateway, OperationId, Outcome, Tokenized};

/// Small and fast, and the same for the same seed.
fn dice(state: &AtomicU64) -> u64 {
    let mut x = state.load(Ordering::Relaxed);
    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    state.store(x, Ordering::Relaxed);
    x
}

#[tokio::test]
async fn whatever_the_line_does_an_operation_that_is_asked_for_until_it_is_known_happens_once() {
    let first: u64 = u64::from_le_bytes(crate::base::random_bytes());
    for seed in (0..400).map(|n| first.wrapping_add(n) | 1) {
        let clock = Clock::stopped();
        let state = Arc::new(AtomicU64::new(seed));
        let line = Arc::clone(&state);
        let gateway = FaultyGateway::new(bank(&clock), move |_call, _operation| match dice(&line) % 8 {
            0 => Fault::NotSent,
            1 => Fault::LostBefore,
            2 => Fault::LostAfter,
            3 => Fault::Twice,
            _ => Fault::None,
        });
        let numbers: Vec<&str> = TEST_CARDS
            .iter()
            .filter(|(_, behavior)| *behavior != Behavior::Confirm)
            .map(|(number, _)| *number)
            .collect();
        let number = numbers[usize::try_from(dice(&state)).unwrap() % numbers.len()];
        let operation = OperationId::next();
        let token = loop {
            if let Tokenized::Token(token) = gateway.tokenize(operation, &card(number)).await {
                break token.text;
            }
        };
        let charge = charge_of(&token, &clock);
        let outcome = loop {
            match gateway.charge(&charge).await {
                Outcome::Unknown { .. } => {}
                known => break known,
            }
        };
        let mut back = 0;
        if let Outcome::Done { reference } = outcome {
            let refund = refund_of(&charge, &reference, 437);
            while !matches!(gateway.refund(&refund).await, Outcome::Done { .. }) {
                clock.advance(hours(1));
            }
            back = 437;
        }
        let sum = |event| events(gateway.bank(), event).iter().map(|line| line.minor).sum::<i64>();
        assert_eq!((sum("charged"), sum("refunded")), (back, back), "seed {seed}, {number}");
        assert_eq!(gateway.bank().cards().unwrap().len(), 1, "seed {seed}");
    }
}
