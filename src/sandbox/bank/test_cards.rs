//! The test cards: numbers that nobody has, each with its own behaviour.

use std::time::Duration;

use diesel::prelude::*;

use super::file::count_try;
use super::{Answer, ResponseDelay};
use crate::base::seconds;
use crate::gateway::sandbox::BankResponse;
use crate::text_enum;

/// Longer than any client waits.
const SILENCE: Duration = seconds(25);
const SLOWNESS: Duration = seconds(3);
/// Tries that fail before anything is done.
const FAILED_TRIES: i32 = 2;

text_enum! {
    /// How the bank treats a card.
    Behavior {
        Approved => "approved",
        NoFunds => "no-funds",
        Stolen => "stolen",
        WrongCode => "wrong-code",
        Expired => "expired",
        // A page of the bank asks the cardholder first (3-D Secure).
        Confirm => "confirm",
        // Charged; the answer comes when nobody waits any more.
        Silent => "silent",
        // Charged; the answer is an error of the server's.
        ErrorAfter => "error-after",
        // Twice an error of the server's, and nothing is charged; then charged.
        ErrorBefore => "error-before",
        // Answers after three seconds.
        Slow => "slow",
        // The first three refunds are refused.
        RefundLater => "refund-later",
        // Refunds are refused for two hours after the charge.
        RefundHours => "refund-hours",
        // Each callback comes twice.
        Doubled => "doubled",
        // Callbacks come ten minutes late.
        Late => "late",
    }
}

/// Every test number, in the order in which pages show them.
pub const TEST_CARDS: [(&str, Behavior); 18] = [
    ("4242424242424242", Behavior::Approved),
    ("5555555555554444", Behavior::Approved),
    ("2200000000000004", Behavior::Approved),
    ("6200000000000005", Behavior::Approved),
    // A wrong check digit, as on some cards of this brand.
    ("6200000000000022", Behavior::Approved),
    ("4000000000003220", Behavior::Confirm),
    ("4000000000009995", Behavior::NoFunds),
    ("4000000000009979", Behavior::Stolen),
    ("4000000000000127", Behavior::WrongCode),
    ("4000000000000069", Behavior::Expired),
    ("4000000000001000", Behavior::Silent),
    ("4000000000002008", Behavior::ErrorBefore),
    ("4000000000003006", Behavior::ErrorAfter),
    ("4000000000004004", Behavior::Slow),
    ("4000000000005001", Behavior::RefundLater),
    ("4000000000006009", Behavior::RefundHours),
    ("4000000000007007", Behavior::Doubled),
    ("4000000000008005", Behavior::Late),
];

impl Behavior {
    pub fn of(number: &str) -> Option<Behavior> {
        TEST_CARDS.iter().find(|(known, _)| *known == number).map(|(_, behavior)| *behavior)
    }
}

/// How long an answer takes when its operation was done just now, or long before.
pub(super) fn response_delay(behavior: Option<Behavior>, is_new: bool) -> ResponseDelay {
    match behavior {
        Some(Behavior::Silent) if is_new => ResponseDelay::After(SILENCE),
        Some(Behavior::ErrorAfter) if is_new => ResponseDelay::Lost,
        Some(Behavior::Slow) => ResponseDelay::After(SLOWNESS),
        _ => ResponseDelay::AtOnce,
    }
}

/// Whether this card's server fails before it does anything: then nothing is heard of it.
pub(super) fn fails_first(
    db: &mut SqliteConnection,
    behavior: Option<Behavior>,
    key: &str,
) -> QueryResult<Option<Answer>> {
    let fails = behavior == Some(Behavior::ErrorBefore) && count_try(db, key)? <= FAILED_TRIES;
    let on_purpose = || Answer { response: BankResponse::misused("on purpose"), delay: ResponseDelay::Lost };
    Ok(fails.then(on_purpose))
}
