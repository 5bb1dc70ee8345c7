//! The number of a card.

use std::fmt;

use zeroize::Zeroizing;

use crate::base::{Keys, Purpose, normalized_digits, strip_bidi_marks};
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
    /// The check digit: mistyped.
    Checksum,
}

/// The number of a card: held for one request, wiped afterwards, never shown.
pub struct Pan {
    digits: Zeroizing<String>,
    brand: Brand,
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
        if !is_luhn(&digits) {
            return Err(PanProblem::Checksum);
        }
        Ok(Pan { digits, brand })
    }

    pub fn brand(&self) -> Brand {
        self.brand
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
        keys.mac(Purpose::Cards, &[b"number", self.digits.as_bytes()])
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
    let text = Zeroizing::new(strip_bidi_marks(text));
    // Room for all of it at once: a string that grows leaves copies behind.
    let mut digits = Zeroizing::new(String::with_capacity(MAX_CHARACTERS));
    let mut too_long = false;
    for (count, c) in normalized_digits(text.trim()).enumerate() {
        match c {
            _ if count >= MAX_CHARACTERS => return Err(PanProblem::Length),
            ' ' | '-' | '.' | '\u{200b}' => {}
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn with_check_digit(body: &str) -> String {
        (0..10).map(|digit| format!("{body}{digit}")).find(|number| is_luhn(number)).unwrap()
    }

    /// A number that its brand may have: prefix, length, digits, check digit.
    fn numbers() -> impl Strategy<Value = (Brand, String)> {
        let visa = (Just(Brand::Visa), Just("4".to_owned()), prop::sample::select(vec![16_usize, 18, 19]));
        let old = (Just(Brand::Mastercard), (51..=55_u32).prop_map(|n| n.to_string()), Just(16));
        let new = (Just(Brand::Mastercard), (2221..=2720_u32).prop_map(|n| n.to_string()), Just(16));
        let mir = (Just(Brand::Mir), (2200..=2204_u32).prop_map(|n| n.to_string()), 16..=19_usize);
        let union = (
            Just(Brand::Unionpay),
            prop::sample::select(vec!["62", "81"]).prop_map(str::to_owned),
            16..=19_usize,
        );
        let any = prop_oneof![visa, old, new, mir, union];
        (any, "[0-9]{18}").prop_map(|((brand, prefix, length), noise)| {
            let body = format!("{prefix}{noise}");
            (brand, with_check_digit(&body[..length - 1]))
        })
    }

    proptest! {
        #[test]
        fn any_grouping_reads_as_the_same_number(
            (brand, number) in numbers(),
            gaps in prop::collection::vec(prop::sample::select(vec!["", " ", "-", "\u{a0}", "\u{202f}", "–", "  "]), 19)
        ) {
            let grouped: String = number.chars().zip(&gaps).map(|(digit, gap)| format!("{digit}{gap}")).collect();
            let pan = Pan::read(&grouped).unwrap();
            prop_assert_eq!(pan.digits(), &number);
            prop_assert_eq!(pan.brand(), brand);
            prop_assert_eq!(pan.last_four(), &number[number.len() - 4..]);
            let shown = format!("{pan:?}");
            prop_assert!(!shown.contains(&number[4..8]), "{}", shown);
        }

        #[test]
        fn one_wrong_digit_is_found((_, number) in numbers(), at in 4_usize..16, step in 1_u8..10) {
            let mut wrong = number.clone().into_bytes();
            wrong[at] = b'0' + (wrong[at] - b'0' + step) % 10;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(Pan::read(&wrong).unwrap_err(), PanProblem::Checksum);
        }

        #[test]
        fn nothing_that_is_typed_breaks_it(text in any::<String>()) {
            let _ = Pan::read(&text);
        }
    }

    #[test]
    fn lengths_belong_to_brands() {
        for (prefix, lengths) in [
            ("4", &[16, 18, 19][..]),
            ("51", &[16]),
            ("55", &[16]),
            ("2221", &[16]),
            ("2720", &[16]),
            ("2200", &[16, 17, 18, 19]),
            ("2204", &[16, 17, 18, 19]),
            ("62", &[16, 17, 18, 19]),
            ("81", &[16, 17, 18, 19]),
        ] {
            for length in 12..=19 {
                let number = with_check_digit(&format!("{prefix:0<width$}", width = length - 1));
                let read = Pan::read(&number).map(|pan| pan.digits().len());
                assert_eq!(
                    read,
                    if lengths.contains(&length) { Ok(length) } else { Err(PanProblem::Length) },
                    "{number}"
                );
            }
        }
        for prefix in
            ["0", "1", "2199", "2205", "2220", "2721", "3400", "50", "56", "61", "63", "80", "82", "9"]
        {
            let number = with_check_digit(&format!("{prefix:0<15}"));
            assert_eq!(Pan::read(&number).unwrap_err(), PanProblem::UnknownBrand, "{number}");
        }
    }

    #[test]
    fn each_mistake_has_its_name() {
        for (text, problem) in [
            ("", PanProblem::Empty),
            (" \u{a0}-", PanProblem::Empty),
            ("4242 4242 4242 424x", PanProblem::Characters),
            ("IVAN IVANOV", PanProblem::Characters),
            ("42", PanProblem::Length),
            ("4242 4242 4242 4242 4242", PanProblem::Length),
            ("4242 4242 4242 4241", PanProblem::Checksum),
        ] {
            assert_eq!(Pan::read(text).unwrap_err(), problem, "{text}");
        }
        assert_eq!(Pan::read(&" ".repeat(90)).unwrap_err(), PanProblem::Empty);
        assert_eq!(Pan::read(&format!("4{}2", " ".repeat(90))).unwrap_err(), PanProblem::Length);
        assert_eq!(
            Pan::read("\u{202d}４２４２ ４２４２ ４２４２ ４２４２\u{202c}").unwrap().last_four(),
            "4242"
        );
    }

    #[test]
    fn a_fingerprint_is_the_same_for_a_number_and_needs_the_key() {
        let of = |number: &str, seed| Pan::read(number).unwrap().fingerprint(&Keys::from_seed(seed));
        assert_eq!(of("4242424242424242", 1), of("4242 4242 4242 4242", 1));
        assert_ne!(of("4242424242424242", 1), of("4242424242424242", 2));
        assert_ne!(of("4242424242424242", 1), of("5555555555554444", 1));
    }
}
