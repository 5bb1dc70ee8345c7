//! The test cards: numbers that nobody has, each with its own behaviour.

use crate::text_enum;

text_enum! {
    /// How the bank treats a card.
    Script {
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
pub const NUMBERS: [(&str, Script); 17] = [
    ("4242424242424242", Script::Approved),
    ("5555555555554444", Script::Approved),
    ("2200000000000004", Script::Approved),
    ("6200000000000005", Script::Approved),
    ("4000000000003220", Script::Confirm),
    ("4000000000009995", Script::NoFunds),
    ("4000000000009979", Script::Stolen),
    ("4000000000000127", Script::WrongCode),
    ("4000000000000069", Script::Expired),
    ("4000000000001000", Script::Silent),
    ("4000000000002008", Script::ErrorBefore),
    ("4000000000003006", Script::ErrorAfter),
    ("4000000000004004", Script::Slow),
    ("4000000000005001", Script::RefundLater),
    ("4000000000006009", Script::RefundHours),
    ("4000000000007007", Script::Doubled),
    ("4000000000008005", Script::Late),
];

impl Script {
    pub fn of(number: &str) -> Option<Script> {
        NUMBERS.iter().find(|(known, _)| *known == number).map(|(_, script)| *script)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::{Brand, Pan};

    #[test]
    fn every_test_number_can_be_typed_and_every_behaviour_has_one() {
        let mut brands = Vec::new();
        for (number, script) in NUMBERS {
            brands.push(Pan::read(number).unwrap().brand());
            assert_eq!(Script::of(number), Some(script));
        }
        assert!(Brand::ALL.iter().all(|brand| brands.contains(brand)));
        for script in Script::ALL {
            assert!(NUMBERS.iter().any(|(_, known)| known == script), "{}", script.word());
        }
        assert_eq!(Script::of("4111111111111111"), None);
    }
}
