//! A line that breaks at random: whatever it does, each operation happens once.

use std::sync::{Arc, Mutex};

use kabinet::base::{Clock, hours, random_bytes};
use kabinet::gateway::{Gateway, OperationId, Outcome, Tokenized};
use kabinet::sandbox::bank::{Behavior, Fault, FaultyGateway, TEST_CARDS};

use super::bank::{bank, charge_of, events, refund_of};
use crate::gateway::sandbox::card;
use crate::support::dice::Dice;

#[tokio::test]
async fn whatever_the_line_does_an_operation_that_is_asked_for_until_it_is_known_happens_once() {
    let first: u64 = u64::from_le_bytes(random_bytes());
    for seed in (0..400).map(|n| first.wrapping_add(n) | 1) {
        let clock = Clock::stopped();
        let dice = Arc::new(Mutex::new(Dice::new(seed)));
        let line = Arc::clone(&dice);
        let gateway =
            FaultyGateway::over(bank(&clock), move |_request| match line.lock().unwrap().below(8) {
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
        let number = *dice.lock().unwrap().pick(&numbers).unwrap();
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
