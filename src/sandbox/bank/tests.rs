//! The bank's rules, asked without a socket.

use std::sync::atomic::{AtomicU64, Ordering};

use diesel::connection::SimpleConnection;

use super::*;
use crate::base::{Currency, Money, hours, minutes};
use crate::gateway::{
    Card, Charge, Decline, Expiry, Found, FoundToken, Gateway, Holder, Hosted, HostedPage, OperationId,
    Outcome, Pan, Refund, SecurityCode, Tokenized,
};
use crate::texts::Locale;

const HOME: &str = "http://127.0.0.1:8081/";
const CODE: &str = "739";

fn secrets() -> Secrets {
    Secrets::of(&Keys::from_seed(3))
}

fn bank(clock: &Clock) -> Bank {
    Bank::in_memory(secrets(), HOME.parse().unwrap(), clock.clone()).unwrap()
}

fn on_disk(folder: &tempfile::TempDir, clock: &Clock) -> Bank {
    Bank::open(&folder.path().join("deep/bank.db"), secrets(), HOME.parse().unwrap(), clock.clone()).unwrap()
}

fn card(number: &str) -> Card {
    Card {
        number: Pan::read(number).unwrap(),
        holder: Holder::read("ANNA IVANOVA").unwrap(),
        expiry: Expiry::new(12, 2030).unwrap(),
        security_code: SecurityCode::read(CODE, None).unwrap(),
    }
}

fn number_of(script: Script) -> &'static str {
    NUMBERS.iter().find(|(_, known)| *known == script).unwrap().0
}

async fn token(gateway: &impl Gateway, number: &str) -> String {
    match gateway.tokenize(OperationId::next(), &card(number)).await {
        Tokenized::Token(token) => token.text,
        other => panic!("{other:?}"),
    }
}

fn charge_of(token: &str, clock: &Clock) -> Charge {
    Charge {
        operation: OperationId::next(),
        token: token.to_owned(),
        money: Money::new(437, Currency::Rub),
        return_url: "http://127.0.0.1:8080/cards/1/return".parse().unwrap(),
        statement: "KABINET CHECK".to_owned(),
        locale: Locale::Ru,
        begun_at: clock.now(),
    }
}

fn refund_of(charge: &Charge, reference: &str, minor: i64) -> Refund {
    Refund {
        operation: OperationId::next(),
        charge: charge.operation,
        charge_reference: reference.to_owned(),
        money: Money::new(minor, charge.money.currency),
        refused: 0,
        begun_at: charge.begun_at,
    }
}

fn events(bank: &Bank, event: &str) -> Vec<Line> {
    bank.journal().unwrap().into_iter().filter(|line| line.event == event).collect()
}

fn reference(outcome: Outcome) -> String {
    match outcome {
        Outcome::Done { reference } => reference,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn is_declined(outcome: &Outcome, expected: Decline) {
    assert!(matches!(outcome, Outcome::Declined { reason, .. } if *reason == expected), "{outcome:?}");
}

#[track_caller]
fn is_unknown(outcome: &Outcome) {
    assert!(matches!(outcome, Outcome::Unknown { sent: true, .. }), "{outcome:?}");
}

#[tokio::test]
async fn each_test_card_does_what_its_row_says() {
    let clock = Clock::stopped();
    for (number, script) in NUMBERS {
        let teller = Teller::reliable(bank(&clock));
        let charge = charge_of(&token(&teller, number).await, &clock);
        let first = teller.charge(&charge).await;
        let charged = events(teller.bank(), "charged").len();
        match script {
            Script::NoFunds => is_declined(&first, Decline::InsufficientFunds),
            Script::Stolen => is_declined(&first, Decline::Stolen),
            Script::WrongCode => is_declined(&first, Decline::WrongCode),
            Script::Expired => is_declined(&first, Decline::Expired),
            Script::Confirm => assert!(matches!(first, Outcome::NeedsCustomer { .. }), "{first:?}"),
            Script::Silent | Script::ErrorAfter => {
                is_unknown(&first);
                assert_eq!(charged, 1, "it stands in the journal");
                assert!(matches!(
                    teller.find_charge(&charge, None).await,
                    Found::Outcome(Outcome::Done { .. })
                ));
            }
            Script::ErrorBefore => {
                is_unknown(&first);
                assert_eq!((charged, teller.find_charge(&charge, None).await), (0, Found::Nothing));
                is_unknown(&teller.charge(&charge).await);
                reference(teller.charge(&charge).await);
            }
            _ => drop(reference(first)),
        }
        let expected = match script {
            Script::NoFunds | Script::Stolen | Script::WrongCode | Script::Expired | Script::Confirm => 0,
            _ => 1,
        };
        assert_eq!(events(teller.bank(), "charged").len(), expected, "{number}");
        let callbacks = match script {
            Script::Confirm | Script::Late => 0,
            Script::Doubled => 2,
            _ => 1,
        };
        assert_eq!(teller.bank().callbacks_due(), callbacks, "{number}");
        clock.advance(minutes(11));
        assert_eq!(
            teller.bank().callbacks_due(),
            if script == Script::Late { 1 } else { callbacks },
            "{number}"
        );
    }
}

#[tokio::test]
async fn other_numbers_are_refused_and_not_kept() {
    let clock = Clock::stopped();
    let teller = Teller::reliable(bank(&clock));
    let operation = OperationId::next();
    for _ in 0..2 {
        let tokenized = teller.tokenize(operation, &card("4111 1111 1111 1111")).await;
        assert!(
            matches!(tokenized, Tokenized::Declined { reason: Decline::NoSuchCard, .. }),
            "{tokenized:?}"
        );
    }
    assert!(teller.bank().cards().unwrap().is_empty());
}

#[tokio::test]
async fn an_operation_is_done_once_and_its_contents_cannot_change() {
    let clock = Clock::stopped();
    let teller = Teller::reliable(bank(&clock));
    let operation = OperationId::next();
    let Tokenized::Token(first) = teller.tokenize(operation, &card(number_of(Script::Approved))).await else {
        panic!()
    };
    let Tokenized::Token(again) = teller.tokenize(operation, &card(number_of(Script::Approved))).await else {
        panic!()
    };
    assert_eq!(first, again);
    let other = teller.tokenize(operation, &card(number_of(Script::NoFunds))).await;
    assert!(matches!(other, Tokenized::Unknown { .. }), "{other:?}");
    let charge = charge_of(&first.text, &clock);
    let reference = reference(teller.charge(&charge).await);
    for _ in 0..5 {
        assert_eq!(teller.charge(&charge).await, Outcome::Done { reference: reference.clone() });
    }
    is_unknown(&teller.charge(&Charge { money: Money::new(438, Currency::Rub), ..charge.clone() }).await);
    is_unknown(
        &teller.refund(&Refund { operation: charge.operation, ..refund_of(&charge, &reference, 437) }).await,
    );
    is_unknown(
        &teller
            .charge(&Charge { operation: OperationId::next(), money: Money::new(0, Currency::Rub), ..charge })
            .await,
    );
    assert_eq!(events(teller.bank(), "charged").len(), 1);
}

#[tokio::test]
async fn never_more_goes_back_than_came() {
    let clock = Clock::stopped();
    let teller = Teller::reliable(bank(&clock));
    let charge = charge_of(&token(&teller, number_of(Script::Approved)).await, &clock);
    is_unknown(&teller.refund(&refund_of(&charge, "x", 437)).await);
    let reference = reference(teller.charge(&charge).await);
    let part = refund_of(&charge, &reference, 200);
    for _ in 0..3 {
        assert!(matches!(teller.refund(&part).await, Outcome::Done { .. }));
    }
    is_declined(&teller.refund(&refund_of(&charge, &reference, 238)).await, Decline::NotPermitted);
    assert!(matches!(teller.refund(&refund_of(&charge, &reference, 237)).await, Outcome::Done { .. }));
    assert_eq!(events(teller.bank(), "refunded").iter().map(|line| line.minor).sum::<i64>(), 437);
}

#[tokio::test]
async fn refunds_that_are_refused_for_now_go_through_later_under_the_same_key() {
    let clock = Clock::stopped();
    let teller = Teller::reliable(bank(&clock));
    let charge = charge_of(&token(&teller, number_of(Script::RefundLater)).await, &clock);
    let refund = refund_of(&charge, &reference(teller.charge(&charge).await), 437);
    for _ in 0..3 {
        is_declined(&teller.refund(&refund).await, Decline::RefundLater);
        assert_eq!(teller.find_refund(&refund).await, Found::Nothing);
    }
    reference(teller.refund(&refund).await);
    let charge = charge_of(&token(&teller, number_of(Script::RefundHours)).await, &clock);
    let refund = refund_of(&charge, &reference(teller.charge(&charge).await), 437);
    clock.advance(minutes(119));
    is_declined(&teller.refund(&refund).await, Decline::RefundLater);
    clock.advance(minutes(2));
    reference(teller.refund(&refund).await);
}

#[tokio::test]
async fn the_cardholder_s_first_word_counts() {
    let clock = Clock::stopped();
    let teller = Teller::reliable(bank(&clock));
    let token = token(&teller, number_of(Script::Confirm)).await;
    for yes in [true, false] {
        let charge = charge_of(&token, &clock);
        let Outcome::NeedsCustomer { url, reference } = teller.charge(&charge).await else { panic!() };
        assert_eq!(url.as_str(), format!("{HOME}bank/confirmations/{reference}?locale=ru"));
        assert_eq!(
            teller.bank().confirm(&reference, yes).unwrap().as_deref(),
            Some(charge.return_url.as_str())
        );
        teller.bank().confirm(&reference, !yes).unwrap();
        match (yes, teller.charge(&charge).await) {
            (true, Outcome::Done { .. }) => {}
            (false, outcome) => is_declined(&outcome, Decline::NotConfirmed),
            (true, outcome) => panic!("{outcome:?}"),
        }
    }
    assert_eq!(events(teller.bank(), "charged").len(), 1);
    assert_eq!(teller.bank().confirm("nothing", true).unwrap(), None);
    assert_eq!(teller.bank().confirm("", true).unwrap(), None);
}

#[tokio::test]
async fn a_charge_that_was_taken_back_never_happens() {
    let clock = Clock::stopped();
    let teller = Teller::reliable(bank(&clock));
    let token = token(&teller, number_of(Script::Confirm)).await;
    let waiting = charge_of(&token, &clock);
    let Outcome::NeedsCustomer { reference: asked, .. } = teller.charge(&waiting).await else { panic!() };
    is_declined(&teller.cancel(&waiting, None).await, Decline::Cancelled);
    teller.bank().confirm(&asked, true).unwrap();
    is_declined(&teller.charge(&waiting).await, Decline::Cancelled);
    // One that has not arrived yet.
    let late = charge_of(&token, &clock);
    is_declined(&teller.cancel(&late, None).await, Decline::Cancelled);
    is_declined(&teller.charge(&late).await, Decline::Cancelled);
    assert!(events(teller.bank(), "charged").is_empty());
    // One that is done already.
    let done = charge_of(&super::tests::token(&teller, number_of(Script::Approved)).await, &clock);
    let reference = reference(teller.charge(&done).await);
    assert_eq!(teller.cancel(&done, None).await, Outcome::Done { reference });
}

#[tokio::test]
async fn a_card_that_was_unbound_is_charged_no_more_and_its_refunds_still_come() {
    let clock = Clock::stopped();
    let teller = Teller::reliable(bank(&clock));
    let token = token(&teller, number_of(Script::Approved)).await;
    let charge = charge_of(&token, &clock);
    let reference = reference(teller.charge(&charge).await);
    assert!(teller.forget(&token).await && teller.forget(&token).await);
    is_declined(&teller.charge(&charge_of(&token, &clock)).await, Decline::NotPermitted);
    assert!(matches!(teller.refund(&refund_of(&charge, &reference, 437)).await, Outcome::Done { .. }));
    assert_eq!(teller.bank().messages(Some(1)).unwrap().len(), 3);
}

#[tokio::test]
async fn a_card_entered_on_the_bank_s_own_page_is_found_by_its_operation() {
    let clock = Clock::stopped();
    let teller = Teller::reliable(bank(&clock));
    let return_url: Url = "http://127.0.0.1:8080/cards/new/return".parse().unwrap();
    let hosted = Hosted { operation: OperationId::next(), return_url, locale: Locale::En };
    assert_eq!(teller.find_token(hosted.operation).await, FoundToken::GivenUp, "it was never opened");
    let HostedPage::At(url) = teller.hosted(&hosted).await else { panic!() };
    assert_eq!(
        teller.hosted(&hosted).await,
        HostedPage::At(url.clone()),
        "the same page for the same operation"
    );
    assert_eq!(teller.find_token(hosted.operation).await, FoundToken::Waiting);
    let bank = teller.bank();
    let page = bank.page(url.path().rsplit('/').next().unwrap()).unwrap().unwrap();
    let details = |number| Details { number, holder: "ANNA IVANOVA", month: 12, year: 2030, code: CODE };
    assert!(!bank.enter(&page, &details("4111111111111111")).unwrap());
    assert_eq!(teller.find_token(hosted.operation).await, FoundToken::Waiting);
    assert!(bank.enter(&page, &details("5555555555554444")).unwrap());
    let FoundToken::Token(token) = teller.find_token(hosted.operation).await else { panic!() };
    assert_eq!((token.last_four.as_str(), token.holder.unwrap().as_str()), ("4444", "ANNA IVANOVA"));
    bank.give_up(&page).unwrap();
    assert!(matches!(teller.find_token(hosted.operation).await, FoundToken::Token(_)), "too late");
}

#[tokio::test]
async fn what_was_done_stands_after_a_restart_and_numbers_stand_nowhere() {
    let (folder, clock) = (tempfile::TempDir::new().unwrap(), Clock::stopped());
    let before = Teller::reliable(on_disk(&folder, &clock));
    let charge = charge_of(&token(&before, "5555 5555 5555 4444").await, &clock);
    let reference = reference(before.charge(&charge).await);
    let _ = before.tokenize(OperationId::next(), &card("4111 1111 1111 1111")).await;
    let journal = before.bank().journal().unwrap();
    // The write-ahead log holds what a kill would leave behind.
    let bytes: Vec<u8> = ["bank.db", "bank.db-wal"]
        .iter()
        .flat_map(|name| std::fs::read(folder.path().join("deep").join(name)).unwrap_or_default())
        .collect();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("ANNA IVANOVA") && holds("KABINET CHECK"), "the file can be read");
    for secret in ["5555555555554444", "555555555555", "4111111111111111"] {
        assert!(!holds(secret), "{secret} stands in the bank's file");
    }
    // Three digits stand in many a random name: only a word of its own would be the code.
    let words = |text: &str| text.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == CODE);
    assert!(!words(&String::from_utf8_lossy(&bytes)));
    let after = Teller::reliable(on_disk(&folder, &clock));
    assert_eq!(after.bank().journal().unwrap(), journal);
    assert_eq!(after.charge(&charge).await, Outcome::Done { reference: reference.clone() });
    assert!(matches!(after.refund(&refund_of(&charge, &reference, 437)).await, Outcome::Done { .. }));
    let mut db = after.bank().db.lock().unwrap();
    assert!(
        db.batch_execute("UPDATE journal SET minor = 1").is_err()
            && db.batch_execute("DELETE FROM journal").is_err()
    );
}

#[test]
fn of_many_at_once_one_is_charged() {
    let (folder, clock) = (tempfile::TempDir::new().unwrap(), Clock::stopped());
    let banks = [on_disk(&folder, &clock), on_disk(&folder, &clock)];
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let charge = runtime.block_on(async {
        charge_of(&token(&Teller::reliable(banks[0].clone()), NUMBERS[0].0).await, &clock)
    });
    let new = crate::gateway::sandbox::NewCharge::of(&charge);
    let outcomes: Vec<Outcome> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|n| {
                scope.spawn({
                    let (bank, new) = (&banks[n % 2], &new);
                    move || bank.charge(new)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap().unwrap().what).collect()
    });
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
    assert_eq!(events(&banks[1], "charged").len(), 1);
}

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
        let teller = Teller::new(bank(&clock), move |_call, _operation| match dice(&line) % 8 {
            0 => Fault::NotSent,
            1 => Fault::LostBefore,
            2 => Fault::LostAfter,
            3 => Fault::Twice,
            _ => Fault::None,
        });
        let numbers: Vec<&str> = NUMBERS
            .iter()
            .filter(|(_, script)| *script != Script::Confirm)
            .map(|(number, _)| *number)
            .collect();
        let number = numbers[usize::try_from(dice(&state)).unwrap() % numbers.len()];
        let operation = OperationId::next();
        let token = loop {
            if let Tokenized::Token(token) = teller.tokenize(operation, &card(number)).await {
                break token.text;
            }
        };
        let charge = charge_of(&token, &clock);
        let outcome = loop {
            match teller.charge(&charge).await {
                Outcome::Unknown { .. } => {}
                known => break known,
            }
        };
        let mut back = 0;
        if let Outcome::Done { reference } = outcome {
            let refund = refund_of(&charge, &reference, 437);
            while !matches!(teller.refund(&refund).await, Outcome::Done { .. }) {
                clock.advance(hours(1));
            }
            back = 437;
        }
        let sum = |event| events(teller.bank(), event).iter().map(|line| line.minor).sum::<i64>();
        assert_eq!((sum("charged"), sum("refunded")), (back, back), "seed {seed}, {number}");
        assert_eq!(teller.bank().cards().unwrap().len(), 1, "seed {seed}");
    }
}
