//! A card as it was typed: for one request.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::expiry::Expiry;
use super::pan::{Brand, Pan};
use crate::base::{has_invisible, normalized_digits, strip_unseen};

const MAX_NAME: usize = 50;
/// Names have none, or a Roman numeral in digits; more is a number in the wrong field.
const MAX_NAME_DIGITS: usize = 3;

/// Everything that a gateway wants for a token. Not to be cloned or written: it is wiped when it goes.
pub struct Card {
    pub number: Pan,
    pub holder: Holder,
    pub expiry: Expiry,
    pub security_code: SecurityCode,
}

impl Card {
    /// The card, or everything that is wrong with its fields.
    pub fn of_fields<E>(
        number: Result<Pan, E>,
        holder: Result<Holder, E>,
        expiry: Result<Expiry, E>,
        code: Result<SecurityCode, E>,
    ) -> Result<Card, Vec<E>> {
        match (number, holder, expiry, code) {
            (Ok(number), Ok(holder), Ok(expiry), Ok(security_code)) => {
                Ok(Card { number, holder, expiry, security_code })
            }
            (number, holder, expiry, code) => {
                Err([number.err(), expiry.err(), code.err(), holder.err()].into_iter().flatten().collect())
            }
        }
    }
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Card({:?})", self.number)
    }
}

/// The name on a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HolderProblem {
    Empty,
    /// A number, and perhaps the card's: it is not shown again.
    Number,
    Characters,
    Long,
}

impl Holder {
    pub fn read(text: &str) -> Result<Holder, HolderProblem> {
        let name = Zeroizing::new(strip_unseen(text));
        let name = Zeroizing::new(name.split_whitespace().collect::<Vec<_>>().join(" "));
        let mut name = Zeroizing::new(name.nfc().collect::<String>());
        if name.is_empty() {
            return Err(HolderProblem::Empty);
        }
        if normalized_digits(&name).filter(char::is_ascii_digit).count() > MAX_NAME_DIGITS {
            return Err(HolderProblem::Number);
        }
        let usual = |c: char| {
            c.is_alphanumeric()
                || matches!(c, ' ' | '-' | '\'' | '’' | '.' | ',' | '/' | '`' | '\u{300}'..='\u{36f}')
        };
        if has_invisible(&name) || !name.chars().any(char::is_alphabetic) || !name.chars().all(usual) {
            return Err(HolderProblem::Characters);
        }
        if name.chars().count() > MAX_NAME {
            Err(HolderProblem::Long)
        } else {
            Ok(Holder(std::mem::take(&mut *name)))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What was typed as a name, to be shown again: nothing where it may be a number or a code in the wrong field.
    pub fn shown_again(text: &str) -> &str {
        let is_number = Holder::read(text) == Err(HolderProblem::Number);
        if is_number || !text.chars().any(char::is_alphabetic) { "" } else { text }
    }
}

/// The three digits on the back.
pub struct SecurityCode(Zeroizing<String>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeProblem {
    Empty,
    Characters,
    Length,
}

impl SecurityCode {
    /// `brand` decides how many digits there are; None while it is not known (the number was mistyped).
    pub fn read(text: &str, brand: Option<Brand>) -> Result<SecurityCode, CodeProblem> {
        let mut digits = Zeroizing::new(String::with_capacity(8));
        for c in normalized_digits(text.trim()) {
            match c {
                _ if digits.len() >= 8 => return Err(CodeProblem::Length),
                '0'..='9' => digits.push(c),
                _ => return Err(CodeProblem::Characters),
            }
        }
        let expected = match brand {
            Some(Brand::Visa | Brand::Mastercard | Brand::Mir | Brand::Unionpay) | None => 3,
        };
        match digits.len() {
            0 => Err(CodeProblem::Empty),
            length if length == expected => Ok(SecurityCode(digits)),
            _ => Err(CodeProblem::Length),
        }
    }

    /// For the gateway and nobody else.
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecurityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecurityCode(…)")
    }
}
