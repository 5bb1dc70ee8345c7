//! How Stripe's answers are read. What is not known for sure is `Unknown`.

use serde_json::Value;
use url::Url;

use crate::gateway::call::{Decline, Outcome};

pub(super) fn text<'a>(value: &'a Value, place: &str) -> Option<&'a str> {
    value.pointer(place).and_then(Value::as_str)
}

pub(super) fn id(value: &Value) -> Result<&str, Outcome> {
    // Ids stand in addresses.
    let well_made =
        |id: &&str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    text(value, "/id").filter(well_made).ok_or_else(|| unknown("not understood"))
}

pub(super) fn unknown(why: &str) -> Outcome {
    Outcome::Unknown { why: why.to_owned(), sent: true }
}

pub(super) fn declined<T>(reason: Decline, code: &str) -> Result<T, Outcome> {
    Err(Outcome::Declined { reason, code: code.to_owned() })
}

/// The object, or the refusal that came instead.
pub(super) fn made((status, body): (u16, Value)) -> Result<Value, Outcome> {
    if status == 200 {
        return Ok(body);
    }
    let Some(error) = body.get("error") else { return Err(unknown("not understood")) };
    let (kind, code) = (text(error, "/type").unwrap_or_default(), text(error, "/code").unwrap_or_default());
    let code = text(error, "/decline_code").unwrap_or(code);
    match (status, kind, code) {
        // Another account's keys, or a mistake of ours: nobody's card was refused.
        (404, ..)
        | (_, "idempotency_error", _)
        | (_, _, "resource_missing" | "idempotency_key_in_use" | "lock_timeout") => {
            Err(unknown(if code.is_empty() { "refused as it stands" } else { code }))
        }
        (400 | 402, ..) => declined(reason(code), if code.is_empty() { "invalid_request" } else { code }),
        _ => Err(unknown("not understood")),
    }
}

/// The same on the way to a token. Only what is said of the card refuses it: a parameter that Stripe does not like is a mistake of ours.
pub(super) fn made_of_card(answer: (u16, Value)) -> Result<Value, Outcome> {
    let (status, error) = (answer.0, answer.1.get("error").cloned().unwrap_or_default());
    let code = text(&error, "/decline_code").or_else(|| text(&error, "/code")).unwrap_or_default();
    let is_card_s =
        status == 402 || text(&error, "/type") == Some("card_error") || reason(code) != Decline::Other;
    made(answer).map_err(|outcome| match outcome {
        Outcome::Declined { code, .. } if !is_card_s => unknown(&code),
        outcome => outcome,
    })
}

fn reason(code: &str) -> Decline {
    match code {
        "insufficient_funds" | "card_velocity_exceeded" | "withdrawal_count_limit_exceeded" => {
            Decline::InsufficientFunds
        }
        "stolen_card" | "lost_card" | "pickup_card" | "lost_or_stolen_card" => Decline::Stolen,
        "incorrect_cvc" | "invalid_cvc" => Decline::WrongCode,
        "expired_card" | "invalid_expiry_month" | "invalid_expiry_year" | "expired_or_canceled_card" => {
            Decline::Expired
        }
        "incorrect_number" | "invalid_number" | "invalid_account" => Decline::NoSuchCard,
        "fraudulent" | "merchant_blacklist" | "security_violation" => Decline::Fraud,
        "do_not_honor"
        | "transaction_not_allowed"
        | "restricted_card"
        | "card_not_supported"
        | "currency_not_supported" => Decline::NotPermitted,
        "authentication_required" | "payment_intent_authentication_failure" => Decline::NotConfirmed,
        "balance_insufficient" => Decline::RefundLater,
        _ => Decline::Other,
    }
}

pub(super) fn outcome_of(intent: &Value) -> Outcome {
    let Ok(reference) = id(intent).map(str::to_owned) else { return unknown("not understood") };
    match text(intent, "/status") {
        Some("succeeded") => Outcome::Done { reference },
        Some("canceled") => Outcome::Declined { reason: Decline::Cancelled, code: "canceled".to_owned() },
        Some("requires_payment_method") => {
            let error = |name| text(intent, &format!("/last_payment_error/{name}"));
            let code = error("decline_code").or_else(|| error("code")).unwrap_or("declined");
            Outcome::Declined { reason: reason(code), code: code.to_owned() }
        }
        Some("requires_action") => {
            match text(intent, "/next_action/redirect_to_url/url").and_then(|url| Url::parse(url).ok()) {
                Some(url) => Outcome::NeedsCustomer { url, reference },
                None => unknown("no address for the cardholder"),
            }
        }
        _ => unknown("still under way"),
    }
}

pub(super) fn refund_outcome(refund: &Value) -> Outcome {
    let Ok(reference) = id(refund).map(str::to_owned) else { return unknown("not understood") };
    match text(refund, "/status") {
        Some("succeeded") => Outcome::Done { reference },
        Some("failed" | "canceled") => {
            let code = text(refund, "/failure_reason").unwrap_or("failed");
            let reason =
                Some(reason(code)).filter(|reason| *reason != Decline::Other).unwrap_or(Decline::RefundLater);
            Outcome::Declined { reason, code: code.to_owned() }
        }
        _ => unknown("still under way"),
    }
}
