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

    /// How people write it beside a sum, in lower case, the longest first: its sign, its code, short names.
    const fn marks(self) -> &'static [&'static str] {
        match self {
            Currency::Usd => &["us$", "usd", "$"],
            Currency::Eur => &["eur", "€"],
            Currency::Gbp => &["gbp", "£"],
            Currency::Rub => &["руб.", "руб", "rub", "р.", "р", "₽"],
            Currency::Hkd => &["hk$", "hkd", "$"],
            Currency::Sgd => &["sgd", "s$", "$"],
            Currency::Jpy => &["jpy", "¥", "円"],
            Currency::Cad => &["ca$", "cad", "c$", "$"],
            Currency::Aud => &["aud", "a$", "$"],
            Currency::Nzd => &["nz$", "nzd", "$"],
            Currency::Chf => &["chf", "fr.", "fr"],
            Currency::Sek => &["sek", "kr.", "kr"],
            Currency::Dkk => &["dkk", "kr.", "kr"],
            Currency::Nok => &["nok", "kr.", "kr"],
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

/// The largest sum that a form takes, in whole units: a hundred million.
const LARGEST_WHOLE: i64 = 100_000_000;

/// Why a text is no sum of ours. Each has a sentence of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SumProblem {
    Empty,
    /// Something else than digits, spaces and one comma or point; a sign; more digits after the point than the currency has.
    Wrong,
    Large,
}

impl SumProblem {
    /// The key of its sentence.
    pub const fn key(self) -> &'static str {
        match self {
            SumProblem::Empty => "sum-empty",
            SumProblem::Wrong => "sum-wrong",
            SumProblem::Large => "sum-large",
        }
    }
}

impl Money {
    /// Reads a sum as people type it: `1500`, `1 500,5`, `1500.50`, `1500 ₽`, `RUB 1500`. Nothing is rounded, and nothing is guessed: `1.500` and `1,500.00`
    /// may mean two things and are refused.
    pub fn read(typed: &str, currency: Currency) -> Result<Money, SumProblem> {
        const LONGEST_TYPED: usize = 40;
        if typed.chars().count() > LONGEST_TYPED {
            return Err(SumProblem::Wrong);
        }
        let plain = super::normalize_digits(typed).to_lowercase();
        let plain = without_mark(plain.trim(), currency);
        if plain.is_empty() {
            return Err(SumProblem::Empty);
        }
        let (whole, part) = plain.split_once([',', '.']).unwrap_or((plain, ""));
        let whole: String = whole.split(' ').collect();
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let most = usize::from(currency.minor_digits());
        let ends_in_a_sign = plain.ends_with([',', '.']);
        if whole.is_empty() || !digits(&whole) || !digits(part) || part.len() > most || ends_in_a_sign {
            return Err(SumProblem::Wrong);
        }
        let whole: i64 = whole.parse().map_err(|_too_long| SumProblem::Large)?;
        if whole > LARGEST_WHOLE {
            return Err(SumProblem::Large);
        }
        let part: i64 = format!("0{part:0<most$}").parse().map_err(|_never| SumProblem::Wrong)?;
        Ok(Money::new(
            whole.saturating_mul(10_i64.saturating_pow(most.try_into().unwrap_or(0))).saturating_add(part),
            currency,
        ))
    }

    /// As a form shows it again: `1500` or `1500,50`, which `read` reads back.
    pub fn typed(self) -> String {
        let unit = 10_i64.saturating_pow(u32::from(self.currency.minor_digits()));
        let (whole, part) = (self.minor.div_euclid(unit), self.minor.rem_euclid(unit));
        let width = usize::from(self.currency.minor_digits());
        if part == 0 { whole.to_string() } else { format!("{whole},{part:0width$}") }
    }
}

/// The sum without its currency, which stands before or behind it. Another currency's sign stays, to be refused.
fn without_mark(sum: &str, currency: Currency) -> &str {
    let marks = currency.marks().iter();
    let bare = marks
        .clone()
        .find_map(|mark| sum.strip_suffix(mark))
        .or_else(|| marks.clone().find_map(|mark| sum.strip_prefix(mark)));
    bare.map_or(sum, str::trim)
}
