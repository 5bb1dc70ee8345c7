//! The number of a card.

use std::fmt;

use zeroize::Zeroizing;

use crate::base::{Keys, Purpose, normalized_digits, strip_unseen, wipe_stack};
use crate::text_enum;

/// Longer texts are no card number, however they are grouped.
const MAX_CHARACTERS: usize = 64;
const MAX_DIGITS: usize = 19;
/// With one or two left out it is still a number that somebody guesses the rest of.
const MIN_NUMBER_DIGITS: usize = 11;
/// The beginning by which brands are told apart.
const PREFIX_DIGITS: usize = 4;

text_enum! {
    /// Whose card it is.
    Brand { Visa => "visa", Mastercard => "mastercard", Mir => "mir", Unionpay => "unionpay" }
}

impl Brand {
    /// As it stands on the card: a name, the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Brand::Visa => "Visa",
            Brand::Mastercard => "MasterCard",
            Brand::Mir => "Мир",
            Brand::Unionpay => "UnionPay",
        }
    }

    /// By the first four digits.
    const fn of(prefix: u16) -> Option<Brand> {
        match prefix {
            4000..=4999 => Some(Brand::Visa),
            5100..=5599 | 2221..=2720 => Some(Brand::Mastercard),
            2200..=2204 => Some(Brand::Mir),
            6200..=6299 | 8100..=8199 => Some(Brand::Unionpay),
            _ => None,
        }
    }

    /// Whether a wrong check digit is a mistake for certain. Some UnionPay cards are issued without a right one.
    const fn has_check_digit(self) -> bool {
        !matches!(self, Brand::Unionpay)
    }

    const fn has_length(self, digits: usize) -> bool {
        match self {
            Brand::Visa => matches!(digits, 16 | 18 | 19),
            Brand::Mastercard => digits == 16,
            Brand::Mir | Brand::Unionpay => matches!(digits, 16..=19),
        }
    }
}

/// What is wrong with a typed number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PanProblem {
    Empty,
    /// Something else than digits, spaces, dashes and dots.
    Characters,
    /// Too few or too many digits for its brand (or for any).
    Length,
    UnknownBrand,
    /// The check digit, of a brand whose cards all have it right: mistyped.
    Checksum,
}

/// The number of a card: held for one request, wiped afterwards, never shown.
pub struct Pan {
    digits: Zeroizing<String>,
    brand: Brand,
    is_unsure: bool,
}

impl Pan {
    /// Reads a number in any grouping, from any keyboard.
    pub fn read(text: &str) -> Result<Pan, PanProblem> {
        let digits = digits(text)?;
        if digits.is_empty() {
            return Err(PanProblem::Empty);
        }
        let prefix =
            digits.get(..PREFIX_DIGITS).and_then(|prefix| prefix.parse().ok()).ok_or(PanProblem::Length)?;
        let brand = Brand::of(prefix).ok_or(PanProblem::UnknownBrand)?;
        if !brand.has_length(digits.len()) {
            return Err(PanProblem::Length);
        }
        let is_unsure = !is_luhn(&digits);
        if is_unsure && brand.has_check_digit() {
            return Err(PanProblem::Checksum);
        }
        Ok(Pan { digits, brand, is_unsure })
    }

    pub fn brand(&self) -> Brand {
        self.brand
    }

    /// Whether its check digit is wrong, which with some cards means nothing: the cardholder compares it once more.
    pub fn is_unsure(&self) -> bool {
        self.is_unsure
    }

    pub fn last_four(&self) -> &str {
        self.digits.get(self.digits.len().saturating_sub(4)..).unwrap_or_default()
    }

    /// The whole number: for the gateway and nobody else.
    pub fn digits(&self) -> &str {
        &self.digits
    }

    /// Tells numbers apart for the limits, to whoever holds the master key.
    pub fn fingerprint(&self, keys: &Keys) -> [u8; 32] {
        let print = keys.mac(Purpose::Cards, &[b"number", self.digits.as_bytes()]);
        wipe_stack();
        print
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pan({})", self.brand.word())
    }
}

/// Whether a text may be a card's number, mistyped or whole, in whatever field: such a field is not shown again.
pub fn may_be_number(text: &str) -> bool {
    normalized_digits(text).filter(char::is_ascii_digit).count() >= MIN_NUMBER_DIGITS
}

fn digits(text: &str) -> Result<Zeroizing<String>, PanProblem> {
    let text = Zeroizing::new(strip_unseen(text));
    // Room for all of it at once: a string that grows leaves copies behind.
    let mut digits = Zeroizing::new(String::with_capacity(MAX_CHARACTERS));
    let mut too_long = false;
    for (count, c) in normalized_digits(text.trim()).enumerate() {
        match c {
            _ if count >= MAX_CHARACTERS => return Err(PanProblem::Length),
            ' ' | '-' | '.' => {}
            '0'..='9' if digits.len() == MAX_DIGITS => too_long = true,
            '0'..='9' => digits.push(c),
            _ => return Err(PanProblem::Characters),
        }
    }
    if too_long { Err(PanProblem::Length) } else { Ok(digits) }
}

/// The check digit of ISO/IEC 7812.
fn is_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(digit, second)| {
            let value = u32::from(digit.saturating_sub(b'0'));
            let value = if second { value * 2 } else { value };
            if value > 9 { value - 9 } else { value }
        })
        .sum();
    sum.is_multiple_of(10)
}
