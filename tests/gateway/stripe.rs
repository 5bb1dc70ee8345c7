//! Stripe's API as somebody else reads it: localstripe, behind a door that keeps idempotency keys.

use std::sync::Arc;

use kabinet::base::{Clock, Currency, Money, hours};
use kabinet::config::GatewayUrl;
use kabinet::gateway::{
    self, Charge, Decline, Found, Gateway, Opening, OperationId, Outcome, Refund, Tokenized,
};

use crate::gateway::sandbox::{card, charge_of, refund_of, token};
use crate::support::peers::Localstripe;
use crate::support::portal::{Portal, SOON};
use crate::support::process::eventually;

const GOOD: &str = "4242 4242 4242 4242";
const RETURN: &str = "https://pay.example.org/cards/1/return";

fn client(stripe: &Localstripe, clock: &Clock) -> Arc<dyn Gateway> {
    let url = GatewayUrl::parse(&stripe.url()).unwrap();
    gateway::open(Opening { url: &url, secret: None, clock: clock.clone() }).unwrap()
}

fn reference(outcome: Outcome) -> String {
    match outcome {
        Outcome::Done { reference } => reference,
        other => panic!("{other:?}"),
    }
}

#[actix_web::test]
async fn a_card_is_charged_found_and_given_back() {
    let (stripe, clock) = (Localstripe::start(), Clock::stopped());
    let gateway = client(&stripe, &clock);
    for (currency, minor) in [(Currency::Rub, 437), (Currency::Jpy, 437), (Currency::Eur, 999)] {
        let token = token(&*gateway, GOOD).await;
        let charge = Charge { money: Money::new(minor, currency), ..charge_of(&token, RETURN, &clock) };
        assert_eq!(gateway.find_charge(&charge, None).await, Found::Nothing);
        let done = gateway.charge(&charge).await;
        let reference = reference(done.clone());
        for known in [None, Some(reference.as_str())] {
            assert_eq!(gateway.find_charge(&charge, known).await, Found::Outcome(done.clone()));
        }
        let refund = refund_of(&charge, &reference);
        assert_eq!(gateway.find_refund(&refund).await, Found::Nothing);
        let back = gateway.refund(&refund).await;
        assert!(matches!(back, Outcome::Done { .. }), "{back:?}");
        assert_eq!(gateway.find_refund(&refund).await, Found::Outcome(back));
        assert!(gateway.forget(&token).await && gateway.forget(&token).await);
    }
    let intents = stripe.list("payment_intents");
    let sums: Vec<(i64, &str)> = intents
        .iter()
        .map(|row| (row["amount"].as_i64().unwrap(), row["currency"].as_str().unwrap()))
        .collect();
    assert_eq!(sums, [(437, "rub"), (437, "jpy"), (999, "eur")]);
    let refunds: Vec<i64> =
        stripe.list("refunds").iter().map(|row| row["amount"].as_i64().unwrap()).collect();
    assert_eq!(refunds.iter().sum::<i64>(), 437 + 437 + 999);
}

#[actix_web::test]
async fn a_refused_card_is_told_from_an_error() {
    let (stripe, clock) = (Localstripe::start(), Clock::stopped());
    let gateway = client(&stripe, &clock);
    let refused = gateway.tokenize(OperationId::next(), &card("4000 0000 0000 9995")).await;
    assert!(matches!(&refused, Tokenized::Declined { code, .. } if code == "card_declined"), "{refused:?}");
    let charge = charge_of(&token(&*gateway, "4000 0000 0000 0341").await, RETURN, &clock);
    for _ in 0..2 {
        let refused = gateway.charge(&charge).await;
        assert!(matches!(&refused, Outcome::Declined { code, .. } if code == "card_declined"), "{refused:?}");
    }
    let elsewhere = Charge { operation: OperationId::next(), token: "cus_none/pm_none".to_owned(), ..charge };
    let outcome = gateway.charge(&elsewhere).await;
    assert!(
        matches!(outcome, Outcome::Unknown { .. }),
        "another account's card is nobody's refusal: {outcome:?}"
    );
}

#[actix_web::test]
async fn a_charge_that_cannot_be_confirmed_without_scripts_is_taken_back() {
    let (stripe, clock) = (Localstripe::start(), Clock::stopped());
    let gateway = client(&stripe, &clock);
    let charge = charge_of(&token(&*gateway, "4000 0027 6000 3184").await, RETURN, &clock);
    let outcome = gateway.charge(&charge).await;
    assert!(matches!(outcome, Outcome::Declined { reason: Decline::NotConfirmed, .. }), "{outcome:?}");
    assert_eq!(stripe.list("payment_intents")[0]["status"], "canceled");
}

#[actix_web::test]
async fn an_answer_that_was_lost_is_found_under_the_same_key_and_nothing_happens_twice() {
    let (stripe, clock) = (Localstripe::start(), Clock::stopped());
    let gateway = client(&stripe, &clock);
    let operation = OperationId::next();
    for path in ["/v1/payment_methods", "/v1/customers"] {
        // Twice, for a broken connection is tried again at once.
        stripe.loses(path);
        stripe.loses(path);
        let lost = gateway.tokenize(operation, &card(GOOD)).await;
        assert!(matches!(lost, Tokenized::Unknown { .. }), "{lost:?}");
    }
    let Tokenized::Token(token) = gateway.tokenize(operation, &card(GOOD)).await else { panic!() };
    assert_eq!(stripe.list("customers").len(), 1);
    let charge = charge_of(&token.text, RETURN, &clock);
    stripe.loses("/v1/payment_intents");
    stripe.loses("/v1/payment_intents");
    let lost = gateway.charge(&charge).await;
    assert!(matches!(lost, Outcome::Unknown { sent: true, .. }), "{lost:?}");
    let Found::Outcome(found) = gateway.find_charge(&charge, None).await else { panic!() };
    for _ in 0..5 {
        assert_eq!(gateway.charge(&charge).await, found);
    }
    let reference = reference(found);
    let refund = refund_of(&charge, &reference);
    stripe.loses("/v1/refunds");
    stripe.loses("/v1/refunds");
    assert!(matches!(gateway.refund(&refund).await, Outcome::Unknown { .. }));
    assert!(matches!(gateway.refund(&refund).await, Outcome::Done { .. }));
    // A day later the key is forgotten: what was done is looked for first.
    clock.advance(hours(30));
    assert_eq!(gateway.charge(&charge).await, Outcome::Done { reference });
    assert!(matches!(gateway.refund(&refund).await, Outcome::Done { .. }));
    assert_eq!((stripe.list("payment_intents").len(), stripe.list("refunds").len()), (1, 1));
    // After a refusal the question is a new one, under a key of its own.
    let asked_again = Refund { refused: 1, begun_at: clock.now(), ..refund };
    assert!(matches!(gateway.refund(&asked_again).await, Outcome::Done { .. }));
    assert_eq!(stripe.list("refunds").len(), 2, "localstripe gives back more than it took; Stripe does not");
}

#[actix_web::test]
async fn a_charge_that_was_taken_back_before_it_arrived_never_happens() {
    let (stripe, clock) = (Localstripe::start(), Clock::stopped());
    let gateway = client(&stripe, &clock);
    let token = token(&*gateway, GOOD).await;
    let charge = charge_of(&token, RETURN, &clock);
    let taken_back = gateway.cancel(&charge, None).await;
    assert!(matches!(taken_back, Outcome::Declined { reason: Decline::Cancelled, .. }), "{taken_back:?}");
    // What was still on its way comes now.
    let late = gateway.charge(&charge).await;
    assert!(matches!(late, Outcome::Unknown { .. }), "{late:?}");
    assert_eq!(gateway.find_charge(&charge, None).await, Found::Outcome(taken_back));
    let done = charge_of(&token, RETURN, &clock);
    let outcome = gateway.charge(&done).await;
    assert_eq!(gateway.cancel(&done, None).await, outcome, "too late");
    assert_eq!(stripe.list("charges").len(), 1);
}

#[actix_web::test]
async fn stripe_s_signed_webhooks_are_believed_and_others_are_not() {
    let (stripe, clock, secret) = (Localstripe::start(), Clock::default(), "whsec_kabinet_test_secret");
    let portal = Portal::with()
        .set("KABINET_GATEWAY_URL", &stripe.url())
        .set("KABINET_GATEWAY_WEBHOOK_SECRET", secret)
        .start();
    let counted = |event: &str| {
        let (metrics, name) =
            (portal.metrics().text(), format!("kabinet_events_total{{event=\"{event}\"}} "));
        metrics
            .lines()
            .find_map(|line| line.strip_prefix(&name))
            .map_or(0, |count| count.parse::<u32>().unwrap())
    };
    let gateway = client(&stripe, &clock);
    let token = token(&*gateway, GOOD).await;
    stripe.calls_back(&portal.url("/gateway/callbacks"), secret);
    reference(gateway.charge(&charge_of(&token, RETURN, &clock)).await);
    eventually("a webhook", SOON, || (counted("gateway_callback") > 0).then_some(()));
    assert_eq!(counted("gateway_callback_refused"), 0);
    stripe.calls_back(&portal.url("/gateway/callbacks"), "whsec_of_somebody_else");
    reference(gateway.charge(&charge_of(&token, RETURN, &clock)).await);
    eventually("a forged webhook", SOON, || (counted("gateway_callback_refused") > 0).then_some(()));
    assert!(portal.metrics().text().contains("kabinet_gateway_is_asked 1"));
    assert!(!portal.log().contains("sk_test_kabinet") && !portal.log().contains(secret));
}
