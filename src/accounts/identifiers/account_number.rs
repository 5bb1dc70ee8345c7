//! The account number: 12 digits, shown in groups of four, the last a Luhn check digit.
//!
//! ```text
//! 1234 5678 9017
//! │           └ check digit (ISO/IEC 7812-1, annex B): catches any one wrong digit and nearly every swap of neighbours
//! └ never 0, so that nothing on the way takes it for a number and drops it
//! ```

use std::fmt;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;

use crate::base::{has_invisible, mask, normalize_digits, random_bytes, strip_unseen};
use crate::text_column;

/// How many digits an account number has.
pub const NUMBER_DIGITS: usize = 12;
/// A longer text is not read at all.
const TYPED_MAX_CHARS: usize = 64;
/// The first digit (9 values) and the ten after it: 9 × 10^10 numbers, from 10000000000 on.
const LOWEST: u64 = 10_000_000_000;
const NUMBERS: u64 = 9 * LOWEST;

/// An account number whose check digit is right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct AccountNumber(String);

text_column!(AccountNumber, as_str, parse);

impl AccountNumber {
    /// A number out of 90,000,000,000, each as likely as any other. It says nothing about its owner, and may be taken:
    /// a unique index tells.
    pub fn random() -> AccountNumber {
        // The highest multiple of NUMBERS in a u64: above it the remainder would favour low numbers.
        const FAIR: u64 = u64::MAX - u64::MAX % NUMBERS;
        loop {
            let drawn = u64::from_le_bytes(random_bytes::<8>());
            if drawn < FAIR {
                return AccountNumber::from_first_digits(LOWEST + drawn % NUMBERS);
            }
        }
    }

    /// The number that begins with these eleven digits.
    fn from_first_digits(first: u64) -> AccountNumber {
        let check = (10 - luhn(&format!("{first}0")) % 10) % 10;
        AccountNumber(format!("{first}{check}"))
    }

    /// Reads an account number as people type and paste it: with spaces of any kind, dashes, full-width digits. None when it has
    /// anything else in it, another length, a zero in front, or a wrong check digit.
    pub fn parse(typed: &str) -> Option<AccountNumber> {
        // As the database keeps it, it is read on nearly every page.
        if is_well_made(typed) {
            return Some(AccountNumber(typed.to_owned()));
        }
        if typed.chars().nth(TYPED_MAX_CHARS).is_some() {
            return None;
        }
        let typed = strip_unseen(typed.trim());
        if has_invisible(&typed) {
            return None;
        }
        let digits: String = normalize_digits(&typed).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        is_well_made(&digits).then_some(AccountNumber(digits))
    }

    /// Twelve digits, as the database keeps them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people see it: `1234 5678 9017`.
    pub fn grouped(&self) -> String {
        let (first, middle, last) = self.groups();
        format!("{first} {middle} {last}")
    }

    /// For places that others may look at: `•••• 9017`.
    pub fn masked(&self) -> String {
        let (_, _, last) = self.groups();
        mask::last_four(last)
    }

    fn groups(&self) -> (&str, &str, &str) {
        let (first, rest) = self.0.split_at_checked(4).unwrap_or((&self.0, ""));
        let (middle, last) = rest.split_at_checked(4).unwrap_or((rest, ""));
        (first, middle, last)
    }
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.grouped())
    }
}

fn is_well_made(digits: &str) -> bool {
    digits.len() == NUMBER_DIGITS
        && digits.bytes().all(|b| b.is_ascii_digit())
        && !digits.starts_with('0')
        && luhn(digits).is_multiple_of(10)
}

/// The Luhn sum of a row of digits: a multiple of ten where the last one is the right check digit.
fn luhn(digits: &str) -> u32 {
    let value = |(place, c): (usize, char)| {
        let digit = c.to_digit(10).unwrap_or(0);
        let weighed = if place % 2 == 1 { digit * 2 } else { digit };
        if weighed > 9 { weighed - 9 } else { weighed }
    };
    digits.chars().rev().enumerate().map(value).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(typed: &str) -> Option<String> {
        AccountNumber::parse(typed).map(|number| number.as_str().to_owned())
    }

    #[test]
    fn the_lowest_and_the_highest_are_numbers() {
        for first in [LOWEST, LOWEST + NUMBERS - 1] {
            let number = AccountNumber::from_first_digits(first);
            assert_eq!(AccountNumber::parse(number.as_str()), Some(number));
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(first in LOWEST..LOWEST + NUMBERS, place in 0_usize..12, by in 1_u32..10) {
            let right = AccountNumber::from_first_digits(first);
            let wrong: String = right.as_str().chars().enumerate().map(|(at, c)| {
                let digit = c.to_digit(10).unwrap();
                char::from_digit(if at == place { (digit + by) % 10 } else { digit }, 10).unwrap()
            }).collect();
            prop_assert_eq!(number(&wrong), None);
        }

        #[test]
        fn what_is_shown_can_be_typed(first in LOWEST..LOWEST + NUMBERS) {
            let made = AccountNumber::from_first_digits(first);
            prop_assert_eq!(AccountNumber::parse(&made.grouped()), Some(made));
        }
    }
}
