//! How Stripe's answers are read; localstripe, which the tests speak to, knows only some of them.

use serde_json::{Value, json};

use super::answers::{made, made_of_card, outcome_of, refund_outcome};
use super::{Decline, Outcome};

#[test]
fn a_charge_is_done_declined_or_asked_about_and_never_guessed() {
    let read = |value: Value| outcome_of(&value);
    assert_eq!(
        read(json!({"id": "pi_1", "status": "succeeded"})),
        Outcome::Done { reference: "pi_1".into() }
    );
    let redirect = json!({"type": "redirect_to_url", "redirect_to_url": {"url": "https://hooks.stripe.com/3d_secure_2/x"}});
    assert_eq!(
        read(json!({"id": "pi_1", "status": "requires_action", "next_action": redirect})),
        Outcome::NeedsCustomer {
            url: "https://hooks.stripe.com/3d_secure_2/x".parse().unwrap(),
            reference: "pi_1".into()
        }
    );
    let failed = |code: &str, decline: &str| json!({"id": "pi_1", "status": "requires_payment_method", "last_payment_error": {"code": code, "decline_code": decline}});
    for (decline, expected) in [
        ("insufficient_funds", Decline::InsufficientFunds),
        ("stolen_card", Decline::Stolen),
        ("incorrect_cvc", Decline::WrongCode),
        ("expired_card", Decline::Expired),
        ("fraudulent", Decline::Fraud),
        ("do_not_honor", Decline::NotPermitted),
        ("authentication_required", Decline::NotConfirmed),
        ("something_new", Decline::Other),
    ] {
        assert_eq!(
            read(failed("card_declined", decline)),
            Outcome::Declined { reason: expected, code: decline.into() }
        );
    }
    for status in ["processing", "requires_capture", "requires_confirmation", "something_new"] {
        assert!(matches!(read(json!({"id": "pi_1", "status": status})), Outcome::Unknown { .. }), "{status}");
    }
    for odd in [json!(null), json!({"status": "succeeded"}), json!({"id": "../x", "status": "succeeded"})] {
        assert!(matches!(read(odd), Outcome::Unknown { .. }));
    }
}

#[test]
fn a_refund_that_failed_is_asked_for_again_unless_the_card_is_gone() {
    let read = |status: &str, why: &str| {
        refund_outcome(&json!({"id": "re_1", "status": status, "failure_reason": why}))
    };
    assert_eq!(read("succeeded", ""), Outcome::Done { reference: "re_1".into() });
    assert!(matches!(read("pending", ""), Outcome::Unknown { .. }));
    assert!(matches!(read("failed", "declined"), Outcome::Declined { reason: Decline::RefundLater, .. }));
    assert!(matches!(
        read("failed", "lost_or_stolen_card"),
        Outcome::Declined { reason: Decline::Stolen, .. }
    ));
    assert!(matches!(
        read("failed", "expired_or_canceled_card"),
        Outcome::Declined { reason: Decline::Expired, .. }
    ));
}

#[test]
fn only_a_refusal_of_the_card_is_a_refusal() {
    let error = |status, error: Value| made((status, json!({ "error": error }))).unwrap_err();
    let card = json!({"type": "card_error", "code": "card_declined", "decline_code": "insufficient_funds"});
    assert!(matches!(error(402, card), Outcome::Declined { reason: Decline::InsufficientFunds, .. }));
    assert!(matches!(
        error(402, json!({"type": "card_error", "code": "incorrect_number"})),
        Outcome::Declined { .. }
    ));
    for (status, body) in [
        (400, json!({"type": "idempotency_error"})),
        (404, json!({"type": "invalid_request_error", "code": "resource_missing"})),
        (400, json!({"type": "invalid_request_error", "code": "resource_missing"})),
        (418, json!({"type": "teapot"})),
    ] {
        assert!(matches!(error(status, body), Outcome::Unknown { .. }), "{status}");
    }
    assert!(matches!(made((402, json!({}))).unwrap_err(), Outcome::Unknown { .. }));
}

#[test]
fn on_the_way_to_a_token_only_what_is_said_of_the_card_refuses_it() {
    let error = |status, error: Value| made_of_card((status, json!({ "error": error }))).unwrap_err();
    for (status, body) in [
        (402, json!({"type": "card_error", "code": "card_declined", "decline_code": "do_not_honor"})),
        (402, json!({"code": "card_declined"})),
        (400, json!({"type": "card_error", "code": "something_new"})),
        (400, json!({"type": "invalid_request_error", "code": "invalid_number"})),
        (400, json!({"type": "invalid_request_error", "code": "invalid_expiry_year"})),
    ] {
        assert!(matches!(error(status, body.clone()), Outcome::Declined { .. }), "{body}");
    }
    for (status, body) in [
        (400, json!({"type": "invalid_request_error", "code": "parameter_unknown"})),
        (400, json!({"type": "invalid_request_error"})),
        (400, json!({"type": "api_error"})),
        (404, json!({"type": "invalid_request_error", "code": "resource_missing"})),
    ] {
        assert!(matches!(error(status, body.clone()), Outcome::Unknown { .. }), "{body}");
    }
}
