//! Money: whole minor units and a currency.

use crate::text_enum;

text_enum! {
    /// The 14 currencies of the system (ISO 4217).
    Currency {
        Usd => "USD", Eur => "EUR", Gbp => "GBP", Rub => "RUB", Hkd => "HKD", Sgd => "SGD", Jpy => "JPY",
        Cad => "CAD", Aud => "AUD", Nzd => "NZD", Chf => "CHF", Sek => "SEK", Dkk => "DKK", Nok => "NOK",
    }
}

impl Currency {
    /// Digits after the point: none for the yen, two for the others.
    pub const fn minor_digits(self) -> u8 {
        match self {
            Currency::Jpy => 0,
            _ => 2,
        }
    }
}

/// A sum in minor units (kopecks, cents; whole yen).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }
}
