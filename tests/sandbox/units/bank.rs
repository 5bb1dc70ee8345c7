//! The bank's rules, asked without a socket.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use kabinet::base::{Clock, Currency, Keys, Money, minutes};
use kabinet::gateway::sandbox::{BankResponse, CardDetails, NewCharge};
use kabinet::gateway::{
    Charge, Decline, Found, FoundToken, Gateway, Hosted, HostedPage, OperationId, Outcome, Refund, Tokenized,
};
use kabinet::sandbox::bank::{Bank, Behavior, FaultyGateway, JournalLine, Secrets, TEST_CARDS};
use kabinet::texts::Locale;
use url::Url;

use crate::gateway::sandbox::{self, CODE, card, token};

const HOME: &str = "http://127.0.0.1:8081/";

fn secrets() -> Secrets {
    Secrets::of(&Keys::from_seed(3))
}

pub fn bank(clock: &Clock) -> Bank {
    Bank::in_memory(secrets(), HOME.parse().unwrap(), clock.clone()).unwrap()
}

fn on_disk(folder: &tempfile::TempDir, clock: &Clock) -> Bank {
    Bank::open(&folder.path().join("deep/bank.db"), secrets(), HOME.parse().unwrap(), clock.clone()).unwrap()
}

fn number_of(behavior: Behavior) -> &'static str {
    TEST_CARDS.iter().find(|(_, known)| *known == behavior).unwrap().0
}

pub fn charge_of(token: &str, clock: &Clock) -> Charge {
    sandbox::charge_of(token, "http://127.0.0.1:8080/cards/1/return", clock)
}

pub fn refund_of(charge: &Charge, reference: &str, minor: i64) -> Refund {
    let money = Money::new(minor, charge.money.currency);
    Refund { money, ..sandbox::refund_of(charge, reference) }
}

pub fn events(bank: &Bank, event: &str) -> Vec<JournalLine> {
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
    for (number, behavior) in TEST_CARDS {
        let gateway = FaultyGateway::reliable(bank(&clock));
        let charge = charge_of(&token(&gateway, number).await, &clock);
        let first = gateway.charge(&charge).await;
        let charged = events(gateway.bank(), "charged").len();
        match behavior {
            Behavior::NoFunds => is_declined(&first, Decline::InsufficientFunds),
            Behavior::Stolen => is_declined(&first, Decline::Stolen),
            Behavior::WrongCode => is_declined(&first, Decline::WrongCode),
            Behavior::Expired => is_declined(&first, Decline::Expired),
            Behavior::Confirm => assert!(matches!(first, Outcome::NeedsCustomer { .. }), "{first:?}"),
            Behavior::Silent | Behavior::ErrorAfter => {
                is_unknown(&first);
                assert_eq!(charged, 1, "it stands in the journal");
                assert!(matches!(
                    gateway.find_charge(&charge, None).await,
                    Found::Outcome(Outcome::Done { .. })
                ));
            }
            Behavior::ErrorBefore => {
                is_unknown(&first);
                assert_eq!((charged, gateway.find_charge(&charge, None).await), (0, Found::Nothing));
                is_unknown(&gateway.charge(&charge).await);
                reference(gateway.charge(&charge).await);
            }
            _ => drop(reference(first)),
        }
        let expected = match behavior {
            Behavior::NoFunds
            | Behavior::Stolen
            | Behavior::WrongCode
            | Behavior::Expired
            | Behavior::Confirm => 0,
            _ => 1,
        };
        assert_eq!(events(gateway.bank(), "charged").len(), expected, "{number}");
        let callbacks = match behavior {
            Behavior::Confirm | Behavior::Late => 0,
            Behavior::Doubled => 2,
            _ => 1,
        };
        assert_eq!(gateway.bank().due_callbacks().unwrap().now.len(), callbacks, "{number}");
        clock.advance(minutes(11));
        assert_eq!(
            gateway.bank().due_callbacks().unwrap().now.len(),
            if behavior == Behavior::Late { 1 } else { callbacks },
            "{number}"
        );
    }
}

#[tokio::test]
async fn other_numbers_are_refused_and_not_kept() {
    let clock = Clock::stopped();
    let gateway = FaultyGateway::reliable(bank(&clock));
    let operation = OperationId::next();
    for _ in 0..2 {
        let tokenized = gateway.tokenize(operation, &card("4111 1111 1111 1111")).await;
        assert!(
            matches!(tokenized, Tokenized::Declined { reason: Decline::NoSuchCard, .. }),
            "{tokenized:?}"
        );
    }
    assert!(gateway.bank().cards().unwrap().is_empty());
}

#[tokio::test]
async fn an_operation_is_done_once_and_its_contents_cannot_change() {
    let clock = Clock::stopped();
    let gateway = FaultyGateway::reliable(bank(&clock));
    let operation = OperationId::next();
    let Tokenized::Token(first) = gateway.tokenize(operation, &card(number_of(Behavior::Approved))).await
    else {
        panic!()
    };
    let Tokenized::Token(again) = gateway.tokenize(operation, &card(number_of(Behavior::Approved))).await
    else {
        panic!()
    };
    assert_eq!(first, again);
    let other = gateway.tokenize(operation, &card(number_of(Behavior::NoFunds))).await;
    assert!(matches!(other, Tokenized::Unknown { .. }), "{other:?}");
    let charge = charge_of(&first.text, &clock);
    let reference = reference(gateway.charge(&charge).await);
    for _ in 0..5 {
        assert_eq!(gateway.charge(&charge).await, Outcome::Done { reference: reference.clone() });
    }
    is_unknown(&gateway.charge(&Charge { money: Money::new(438, Currency::Rub), ..charge.clone() }).await);
    is_unknown(
        &gateway.refund(&Refund { operation: charge.operation, ..refund_of(&charge, &reference, 437) }).await,
    );
    is_unknown(
        &gateway
            .charge(&Charge { operation: OperationId::next(), money: Money::new(0, Currency::Rub), ..charge })
            .await,
    );
    assert_eq!(events(gateway.bank(), "charged").len(), 1);
}

#[tokio::test]
async fn never_more_goes_back_than_came() {
    let clock = Clock::stopped();
    let gateway = FaultyGateway::reliable(bank(&clock));
    let charge = charge_of(&token(&gateway, number_of(Behavior::Approved)).await, &clock);
    is_unknown(&gateway.refund(&refund_of(&charge, "x", 437)).await);
    let reference = reference(gateway.charge(&charge).await);
    let part = refund_of(&charge, &reference, 200);
    for _ in 0..3 {
        assert!(matches!(gateway.refund(&part).await, Outcome::Done { .. }));
    }
    is_declined(&gateway.refund(&refund_of(&charge, &reference, 238)).await, Decline::NotPermitted);
    assert!(matches!(gateway.refund(&refund_of(&charge, &reference, 237)).await, Outcome::Done { .. }));
    assert_eq!(events(gateway.bank(), "refunded").iter().map(|line| line.minor).sum::<i64>(), 437);
}

#[tokio::test]
async fn refunds_that_are_refused_for_now_go_through_later_under_the_same_key() {
    let clock = Clock::stopped();
    let gateway = FaultyGateway::reliable(bank(&clock));
    let charge = charge_of(&token(&gateway, number_of(Behavior::RefundLater)).await, &clock);
    let refund = refund_of(&charge, &reference(gateway.charge(&charge).await), 437);
    for _ in 0..3 {
        is_declined(&gateway.refund(&refund).await, Decline::RefundLater);
        assert_eq!(gateway.find_refund(&refund).await, Found::Nothing);
    }
    reference(gateway.refund(&refund).await);
    let charge = charge_of(&token(&gateway, number_of(Behavior::RefundHours)).await, &clock);
    let refund = refund_of(&charge, &reference(gateway.charge(&charge).await), 437);
    clock.advance(minutes(119));
    is_declined(&gateway.refund(&refund).await, Decline::RefundLater);
    clock.advance(minutes(2));
    reference(gateway.refund(&refund).await);
}

#[tokio::test]
async fn the_cardholder_s_first_word_counts() {
    let clock = Clock::stopped();
    let gateway = FaultyGateway::reliable(bank(&clock));
    let token = token(&gateway, number_of(Behavior::Confirm)).await;
    for yes in [true, false] {
        let charge = charge_of(&token, &clock);
        let Outcome::NeedsCustomer { url, reference } = gateway.charge(&charge).await else { panic!() };
        assert_eq!(url.as_str(), format!("{HOME}bank/confirmations/{reference}?locale=ru"));
        assert_eq!(
            gateway.bank().confirm(&reference, yes).unwrap().as_deref(),
            Some(charge.return_url.as_str())
        );
        gateway.bank().confirm(&reference, !yes).unwrap();
        match (yes, gateway.charge(&charge).await) {
            (true, Outcome::Done { .. }) => {}
            (false, outcome) => is_declined(&outcome, Decline::NotConfirmed),
            (true, outcome) => panic!("{outcome:?}"),
        }
    }
    assert_eq!(events(gateway.bank(), "charged").len(), 1);
    assert_eq!(gateway.bank().confirm("nothing", true).unwrap(), None);
    assert_eq!(gateway.bank().confirm("", true).unwrap(), None);
}

#[tokio::test]
async fn a_charge_that_was_taken_back_never_happens() {
    let clock = Clock::stopped();
    let gateway = FaultyGateway::reliable(bank(&clock));
    let token = token(&gateway, number_of(Behavior::Confirm)).await;
    let waiting = charge_of(&token, &clock);
    let Outcome::NeedsCustomer { reference: asked, .. } = gateway.charge(&waiting).await else { panic!() };
    is_declined(&gateway.cancel(&waiting, None).await, Decline::Cancelled);
    gateway.bank().confirm(&asked, true).unwrap();
    is_declined(&gateway.charge(&waiting).await, Decline::Cancelled);
    // One that has not arrived yet.
    let late = charge_of(&token, &clock);
    is_declined(&gateway.cancel(&late, None).await, Decline::Cancelled);
    is_declined(&gateway.charge(&late).await, Decline::Cancelled);
    assert!(events(gateway.bank(), "charged").is_empty());
    // One that is done already.
    let done = charge_of(&sandbox::token(&gateway, number_of(Behavior::Approved)).await, &clock);
    let reference = reference(gateway.charge(&done).await);
    assert_eq!(gateway.cancel(&done, None).await, Outcome::Done { reference });
}

#[tokio::test]
async fn a_card_that_was_unbound_is_charged_no_more_and_its_refunds_still_come() {
    let clock = Clock::stopped();
    let gateway = FaultyGateway::reliable(bank(&clock));
    let token = token(&gateway, number_of(Behavior::Approved)).await;
    let charge = charge_of(&token, &clock);
    let reference = reference(gateway.charge(&charge).await);
    assert!(gateway.forget(&token).await && gateway.forget(&token).await);
    is_declined(&gateway.charge(&charge_of(&token, &clock)).await, Decline::NotPermitted);
    assert!(matches!(gateway.refund(&refund_of(&charge, &reference, 437)).await, Outcome::Done { .. }));
    assert_eq!(gateway.bank().messages(Some(1)).unwrap().len(), 3);
}

#[tokio::test]
async fn a_card_entered_on_the_bank_s_own_page_is_found_by_its_operation() {
    let clock = Clock::stopped();
    let gateway = FaultyGateway::reliable(bank(&clock));
    let return_url: Url = "http://127.0.0.1:8080/cards/new/return".parse().unwrap();
    let hosted = Hosted { operation: OperationId::next(), return_url, locale: Locale::En };
    assert_eq!(gateway.find_token(hosted.operation).await, FoundToken::GivenUp, "it was never opened");
    let HostedPage::At(url) = gateway.hosted(&hosted).await else { panic!() };
    assert_eq!(
        gateway.hosted(&hosted).await,
        HostedPage::At(url.clone()),
        "the same page for the same operation"
    );
    assert_eq!(gateway.find_token(hosted.operation).await, FoundToken::Waiting);
    let bank = gateway.bank();
    let page = bank.page(url.path().rsplit('/').next().unwrap()).unwrap().unwrap();
    let details = |number| CardDetails::of(&card(number));
    assert!(!bank.enter(&page, &details("4111111111111111")).unwrap());
    assert_eq!(gateway.find_token(hosted.operation).await, FoundToken::Waiting);
    assert!(bank.enter(&page, &details("5555555555554444")).unwrap());
    let FoundToken::Token(token) = gateway.find_token(hosted.operation).await else { panic!() };
    assert_eq!((token.last_four.as_str(), token.holder.unwrap().as_str()), ("4444", "ANNA IVANOVA"));
    bank.give_up(&page).unwrap();
    assert!(matches!(gateway.find_token(hosted.operation).await, FoundToken::Token(_)), "too late");
}

#[tokio::test]
async fn what_was_done_stands_after_a_restart_and_numbers_stand_nowhere() {
    let (folder, clock) = (tempfile::TempDir::new().unwrap(), Clock::stopped());
    let before = FaultyGateway::reliable(on_disk(&folder, &clock));
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
    let after = FaultyGateway::reliable(on_disk(&folder, &clock));
    assert_eq!(after.bank().journal().unwrap(), journal);
    assert_eq!(after.charge(&charge).await, Outcome::Done { reference: reference.clone() });
    assert!(matches!(after.refund(&refund_of(&charge, &reference, 437)).await, Outcome::Done { .. }));
    let file = folder.path().join("deep/bank.db");
    let mut db = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
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
        charge_of(&token(&FaultyGateway::reliable(banks[0].clone()), TEST_CARDS[0].0).await, &clock)
    });
    let new = NewCharge::of(&charge);
    let outcomes: Vec<BankResponse> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..16)
            .map(|n| {
                scope.spawn({
                    let (bank, new) = (&banks[n % 2], &new);
                    move || bank.charge(new)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap().unwrap().response).collect()
    });
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
    assert_eq!(events(&banks[1], "charged").len(), 1);
}
