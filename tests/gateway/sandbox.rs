//! The sandbox bank as the portal's gateway: over HTTP, through kills, with pages for the cardholder and signed callbacks.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use kabinet::base::{Clock, Currency, Keys, Money, minutes};
use kabinet::config::GatewayUrl;
use kabinet::gateway::sandbox::{API_PATH, Callback};
use kabinet::gateway::{
    self, Card, Charge, Decline, Expiry, Found, FoundToken, Gateway, Holder, Hosted, HostedPage, Opening,
    OperationId, Outcome, Pan, Refund, SecurityCode, Tokenized, signature,
};
use kabinet::sandbox::bank::{Behavior, Secrets, TEST_CARDS};
use kabinet::texts::Locale;
use serde_json::Value;

use crate::house::House;
use crate::support::browser::Browser;
use crate::support::chromium::chromium;
use crate::support::lynx::Lynx;
use crate::support::portal::{Portal, SOON};
use crate::support::process::eventually;

pub const CODE: &str = "739";

pub fn card(number: &str) -> Card {
    Card {
        number: Pan::read(number).unwrap(),
        holder: Holder::read("ANNA IVANOVA").unwrap(),
        expiry: Expiry::new(12, 2030).unwrap(),
        security_code: SecurityCode::read(CODE, None).unwrap(),
    }
}

pub fn charge_of(token: &str, return_url: &str, clock: &Clock) -> Charge {
    Charge {
        operation: OperationId::next(),
        token: token.to_owned(),
        money: Money::new(437, Currency::Rub),
        return_url: return_url.parse().unwrap(),
        statement: "KABINET CHECK".to_owned(),
        locale: Locale::Ru,
        begun_at: clock.now(),
    }
}

pub fn refund_of(charge: &Charge, reference: &str) -> Refund {
    Refund {
        operation: OperationId::next(),
        charge: charge.operation,
        charge_reference: reference.to_owned(),
        money: charge.money,
        refused: 0,
        begun_at: charge.begun_at,
    }
}

pub async fn token(gateway: &dyn Gateway, number: &str) -> String {
    match gateway.tokenize(OperationId::next(), &card(number)).await {
        Tokenized::Token(token) => token.text,
        other => panic!("{number}: {other:?}"),
    }
}

/// A client of the portal's sandbox bank, with the portal's own key.
fn client(portal: &Portal, timeout: u64) -> Arc<dyn Gateway> {
    let secrets = Secrets::of(&Keys::open(&portal.dir.path("secret.key")).unwrap());
    let home = format!("http://{}/", portal.sandbox_address()).parse().unwrap();
    let url = GatewayUrl { timeout: Some(Duration::from_secs(timeout)), ..secrets.gateway(&home) };
    gateway::open(Opening { url: &url, secret: Some(secrets.callbacks), clock: Clock::default() }).unwrap()
}

fn lines(portal: &Portal, event: &str) -> Vec<Value> {
    let answer = Browser::new(portal.sandbox_address()).get("/bank/journal.json").is(200).json();
    answer.as_array().unwrap().iter().filter(|line| line["event"] == event).cloned().collect()
}

fn callbacks_taken(portal: &Portal) -> usize {
    let metrics = portal.metrics().text();
    let line = metrics
        .lines()
        .find_map(|line| line.strip_prefix("kabinet_events_total{event=\"gateway_callback\"} "));
    line.map_or(0, |count| count.parse().unwrap())
}

#[actix_web::test]
async fn every_test_card_is_charged_and_given_back_over_http_once() {
    let portal = Portal::start();
    let (gateway, clock, return_url) = (client(&portal, 5), Clock::default(), portal.url("/cards/1"));
    let mut charged = 0;
    for (number, script) in TEST_CARDS {
        let charge = charge_of(&token(&*gateway, number).await, &return_url, &clock);
        let first = gateway.charge(&charge).await;
        let expected = match script {
            Behavior::NoFunds => Some(Decline::InsufficientFunds),
            Behavior::Stolen => Some(Decline::Stolen),
            Behavior::WrongCode => Some(Decline::WrongCode),
            Behavior::Expired => Some(Decline::Expired),
            _ => None,
        };
        if let Some(expected) = expected {
            assert!(
                matches!(first, Outcome::Declined { reason, .. } if reason == expected),
                "{number}: {first:?}"
            );
            continue;
        }
        match script {
            Behavior::Confirm => {
                assert!(matches!(first, Outcome::NeedsCustomer { .. }), "{first:?}");
                assert!(matches!(
                    gateway.cancel(&charge, None).await,
                    Outcome::Declined { reason: Decline::Cancelled, .. }
                ));
                continue;
            }
            Behavior::Silent | Behavior::ErrorAfter | Behavior::ErrorBefore => {
                assert!(matches!(first, Outcome::Unknown { sent: true, .. }), "{number}: {first:?}");
                let known = gateway.find_charge(&charge, None).await;
                match script {
                    Behavior::ErrorBefore => assert_eq!(known, Found::Nothing),
                    _ => {
                        assert!(matches!(known, Found::Outcome(Outcome::Done { .. })), "{number}: {known:?}")
                    }
                }
            }
            _ => assert!(matches!(first, Outcome::Done { .. }), "{number}: {first:?}"),
        }
        let reference = loop {
            if let Outcome::Done { reference } = gateway.charge(&charge).await {
                break reference;
            }
        };
        charged += 1;
        let refund = refund_of(&charge, &reference);
        if script == Behavior::RefundHours {
            let refused = gateway.refund(&refund).await;
            assert!(matches!(refused, Outcome::Declined { reason: Decline::RefundLater, .. }), "{refused:?}");
            continue;
        }
        while !matches!(gateway.refund(&refund).await, Outcome::Done { .. }) {}
        assert!(matches!(gateway.find_refund(&refund).await, Found::Outcome(Outcome::Done { .. })));
        assert!(gateway.forget(&charge.token).await);
    }
    assert_eq!((lines(&portal, "charged").len(), lines(&portal, "refunded").len()), (charged, charged - 1));
    // Numbers and codes stand in no file and no log.
    let mut bytes = [portal.log().into_bytes(), portal.database.bytes()].concat();
    for name in ["bank.db", "sandbox.db"] {
        bytes.extend(std::fs::read(portal.dir.path(name)).unwrap());
        // Between two of its checkpoints there may be no log.
        bytes.extend(std::fs::read(portal.dir.path(&format!("{name}-wal"))).unwrap_or_default());
    }
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("ANNA IVANOVA") && holds("4242"), "the files can be read");
    for (number, _) in TEST_CARDS {
        assert!(!holds(number) && !holds(&number[..12]), "{number}");
    }
    // Three digits stand in many a random name: a line that names a code would say what it is.
    for code in [format!("\"{CODE}\""), format!("code={CODE}"), format!(" {CODE} ")] {
        assert!(!holds(&code), "{code}");
    }
}

#[actix_web::test]
async fn fifty_charges_under_one_key_are_one_and_it_stands_after_a_kill() {
    let mut portal = Portal::start();
    let (gateway, return_url) = (client(&portal, 10), portal.url("/cards/1"));
    let charge = charge_of(&token(&*gateway, TEST_CARDS[0].0).await, &return_url, &Clock::default());
    let outcomes = futures_util::future::join_all((0..50).map(|_| gateway.charge(&charge))).await;
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "{outcomes:?}");
    assert!(matches!(outcomes[0], Outcome::Done { .. }), "{outcomes:?}");
    assert_eq!(lines(&portal, "charged").len(), 1);
    let another = Charge { money: Money::new(438, Currency::Rub), ..charge.clone() };
    assert!(
        matches!(gateway.charge(&another).await, Outcome::Unknown { .. }),
        "a key belongs to its contents"
    );
    let journal = lines(&portal, "charged");
    portal.kill();
    assert!(matches!(gateway.find_charge(&charge, None).await, Found::Unknown { .. }));
    portal.restart();
    assert_eq!(lines(&portal, "charged"), journal);
    assert_eq!(gateway.find_charge(&charge, None).await, Found::Outcome(outcomes[0].clone()));
}

#[actix_web::test]
async fn what_was_asked_for_while_the_bank_was_killed_again_and_again_is_charged_once() {
    let mut portal = Portal::start();
    let (return_url, clock) = (portal.url("/cards/1"), Clock::default());
    let token = token(&*client(&portal, 10), TEST_CARDS[0].0).await;
    let (mut charges, mut answered) = (Vec::new(), Vec::new());
    for round in 0..4 {
        // A line of its own: a breaker that has opened would spare the bank the next round.
        let gateway = client(&portal, 10);
        let mine: Vec<Charge> = (0..20).map(|_| charge_of(&token, &return_url, &clock)).collect();
        let asked = futures_util::future::join_all(mine.iter().map(|charge| gateway.charge(charge)));
        let killed = async {
            tokio::time::sleep(Duration::from_millis(5 + 12 * round)).await;
            portal.kill();
        };
        let (outcomes, ()) = futures_util::future::join(asked, killed).await;
        answered.extend(mine.iter().zip(outcomes).filter_map(|(charge, outcome)| match outcome {
            Outcome::Done { .. } => Some((charge.clone(), outcome)),
            Outcome::Unknown { .. } => None,
            other => panic!("{other:?}"),
        }));
        charges.extend(mine);
        portal.restart();
    }
    let gateway = client(&portal, 10);
    for (charge, outcome) in &answered {
        assert_eq!(
            gateway.find_charge(charge, None).await,
            Found::Outcome(outcome.clone()),
            "answered and forgotten"
        );
    }
    for charge in &charges {
        assert!(matches!(gateway.charge(charge).await, Outcome::Done { .. }));
    }
    let mut operations: Vec<String> =
        lines(&portal, "charged").iter().map(|line| line["operation"].to_string()).collect();
    operations.sort();
    let mut expected: Vec<String> =
        charges.iter().map(|charge| format!("\"{}\"", charge.operation.key())).collect();
    expected.sort();
    assert_eq!(operations, expected);
}

#[actix_web::test]
async fn whoever_has_no_key_finds_no_door() {
    let portal = Portal::start();
    let mut stranger = Browser::new(portal.sandbox_address());
    let path = format!("/{API_PATH}");
    let find = br#"{"find-charge":{"operation":"op-1"}}"#.as_slice();
    stranger.ask("POST", &path, &[], Some(find)).is(404);
    let mut stranger = stranger.with_header("authorization", "Bearer x");
    stranger.ask("POST", &path, &[], Some(find)).is(404);
    let key = Secrets::of(&Keys::open(&portal.dir.path("secret.key")).unwrap()).api;
    let mut portal_itself = Browser::new(portal.sandbox_address())
        .with_header("authorization", &format!("Bearer {}", key.as_str()));
    let answer = portal_itself.ask("POST", &path, &[], Some(find)).is(200);
    assert_eq!(answer.json()["outcome"], "nothing", "the place is there");
}

#[actix_web::test]
async fn callbacks_reach_the_portal_and_a_doubled_one_does_no_harm() {
    let portal = Portal::start();
    let (gateway, return_url) = (client(&portal, 10), portal.url("/cards/1"));
    let number = TEST_CARDS.iter().find(|(_, script)| *script == Behavior::Doubled).unwrap().0;
    let charge = charge_of(&token(&*gateway, number).await, &return_url, &Clock::default());
    assert!(matches!(gateway.charge(&charge).await, Outcome::Done { .. }));
    eventually("both callbacks", SOON, || (callbacks_taken(&portal) == 2).then_some(()));
}

#[actix_web::test]
async fn a_callback_is_believed_only_with_its_signature() {
    let house = House::open().await;
    let secret = Secrets::of(&house.keys).callbacks;
    let operation = OperationId::next();
    let body = serde_json::to_vec(&Callback { operation: operation.key() }).unwrap();
    let good = signature::sign(&secret, &body, house.now());
    for (signature, body) in [
        ("", body.clone()),
        ("t=1,v1=00", body.clone()),
        (&signature::sign(b"another secret", &body, house.now()), body.clone()),
        (&signature::sign(&secret, &body, house.now().before(minutes(6))), body.clone()),
        (&signature::sign(&secret, &body, house.now().after(minutes(6))), body.clone()),
        (&good, b"{\"operation\":\"op-1\"}".to_vec()),
        (&signature::sign(&secret, b"{}", house.now()), b"{}".to_vec()),
    ] {
        house.is_called_back(signature, &body).await.is(400);
    }
    let large = [b' '; 70_000];
    house.is_called_back(&signature::sign(&secret, &large, house.now()), &large).await.is(413);
    assert_eq!(
        house.gateway_access().callbacks.next().now_or_never(),
        None,
        "nothing was told to the worker"
    );
    // Replayed within its five minutes it says the same again, and the worker looks once.
    for _ in 0..3 {
        house.is_called_back(&good, &body).await.is(200);
    }
    assert_eq!(house.gateway_access().callbacks.next().await, operation);
    assert_eq!(house.gateway_access().callbacks.next().now_or_never(), None);
    house.passes(minutes(6));
    house.is_called_back(&good, &body).await.is(400);
}

#[actix_web::test]
async fn in_lynx_the_cardholder_confirms_and_reads_the_sum() {
    let portal = Portal::start();
    let (gateway, return_url) = (client(&portal, 10), portal.url("/help?locale=ru_RU"));
    let number = TEST_CARDS.iter().find(|(_, script)| *script == Behavior::Confirm).unwrap().0;
    let token = token(&*gateway, number).await;
    for (button, done) in [("Подтвердить", true), ("Отказаться", false)] {
        let charge = charge_of(&token, &return_url, &Clock::default());
        let Outcome::NeedsCustomer { url, reference } = gateway.charge(&charge).await else { panic!() };
        let mut lynx = Lynx::opens(url.as_str());
        let screen = lynx.sees("Подтвердите списание");
        assert!(
            screen.text.contains("4,37")
                && screen.text.contains("KABINET CHECK")
                && screen.text.contains("3220"),
            "{screen:?}"
        );
        lynx.presses(button);
        lynx.sees("Помощь");
        match gateway.find_charge(&charge, Some(&reference)).await {
            Found::Outcome(Outcome::Done { .. }) if done => {}
            Found::Outcome(Outcome::Declined { reason: Decline::NotConfirmed, .. }) if !done => {}
            other => panic!("{button}: {other:?}"),
        }
        let mut again = Lynx::opens(url.as_str());
        again.sees("Ответ на этот вопрос уже получен");
    }
    let mut lynx = Lynx::opens(&format!("http://{}/?locale=ru_RU", portal.sandbox_address()));
    lynx.presses("Банк песочницы: сообщения о списаниях и тестовые карты");
    let mut lynx = Lynx::opens(&format!("http://{}/bank?locale=ru_RU", portal.sandbox_address()));
    lynx.sees("4242 4242 4242 4242");
    lynx.sees("ANNA IVANOVA");
    let mut lynx = Lynx::opens(&format!("http://{}/bank/cards/1?locale=ru_RU", portal.sandbox_address()));
    lynx.sees("Списание 4,37 ₽ · KABINET CHECK");
    lynx.sees("Отказ в списании");
}

#[actix_web::test]
async fn chromium_finds_no_fault_with_the_bank_s_pages_and_comes_back_from_them() {
    let portal = Portal::start();
    let (gateway, return_url) = (client(&portal, 10), portal.url("/help"));
    let number = TEST_CARDS.iter().find(|(_, script)| *script == Behavior::Confirm).unwrap().0;
    let token = token(&*gateway, number).await;
    let charge = charge_of(&token, &return_url, &Clock::default());
    let Outcome::NeedsCustomer { url, reference } = gateway.charge(&charge).await else { panic!() };
    let hosted =
        Hosted { operation: OperationId::next(), return_url: charge.return_url.clone(), locale: Locale::Ru };
    let HostedPage::At(form) = gateway.hosted(&hosted).await else { panic!() };
    let pages = format!("/ /bank /bank/cards/1 {} {}", url.path(), form.path());
    let home = format!("http://{}", portal.sandbox_address());
    chromium("judge", &[("portal", &home), ("pages", &pages)], Duration::from_secs(120));
    let seen =
        chromium("answer", &[("portal", url.as_str()), ("button", "Подтвердить")], Duration::from_secs(60));
    assert_eq!(seen["url"], return_url, "the bank's policy lets its form lead to the portal");
    assert!(matches!(
        gateway.find_charge(&charge, Some(&reference)).await,
        Found::Outcome(Outcome::Done { .. })
    ));
    let seen =
        chromium("answer", &[("portal", form.as_str()), ("button", "Отказаться")], Duration::from_secs(60));
    assert_eq!(seen["url"], return_url);
    assert_eq!(gateway.find_token(hosted.operation).await, FoundToken::GivenUp);
}

#[actix_web::test]
async fn in_lynx_a_card_is_entered_on_the_bank_s_own_page() {
    let portal = Portal::start();
    let gateway = client(&portal, 10);
    let hosted = Hosted {
        operation: OperationId::next(),
        return_url: portal.url("/help?locale=ru_RU").parse().unwrap(),
        locale: Locale::Ru,
    };
    let HostedPage::At(url) = gateway.hosted(&hosted).await else { panic!() };
    assert_eq!(gateway.find_token(hosted.operation).await, FoundToken::Waiting);
    let mut lynx = Lynx::opens(url.as_str());
    let enter = |lynx: &mut Lynx, fields: [&str; 4]| {
        for (nth, text) in fields.into_iter().enumerate() {
            lynx.fills("text entry field", nth, text);
        }
        lynx.presses("Сохранить");
    };
    enter(&mut lynx, ["4111 1111 1111 1111", "ANNA IVANOVA", "12/30", CODE]);
    let screen = lynx.sees("Это не тестовая карта");
    assert!(
        !screen.text.contains("4111") && !screen.text.contains(CODE) && screen.text.contains("ANNA IVANOVA"),
        "{screen:?}"
    );
    enter(&mut lynx, ["5555 5555 5555 4444", "ANNA IVANOVA", "12/30", CODE]);
    lynx.sees("Помощь");
    let FoundToken::Token(token) = gateway.find_token(hosted.operation).await else { panic!() };
    assert_eq!((token.brand.name(), token.last_four.as_str()), ("MasterCard", "4444"));
    let charge = charge_of(&token.text, &portal.url("/help"), &Clock::default());
    assert!(matches!(gateway.charge(&charge).await, Outcome::Done { .. }));
}
