//! Message numbers: what a person reads out when they ask about a message.

use std::fmt;

use crate::base::{normalize_digits, random_bytes, strip_unseen};

/// Crockford's digits: no I, L, O, U that could be misread.
const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// 50 random bits as ten digits in two groups: `7Q3KM-0F9TX`. Two alike are refused by the table; among a million rows
/// that happens to one message in a thousand million.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageNumber(String);

impl MessageNumber {
    pub fn random() -> MessageNumber {
        let digit = |byte: u8| DIGITS.get(usize::from(byte & 31)).copied().map_or('0', char::from);
        let (first, last) = (random_bytes::<5>(), random_bytes::<5>());
        MessageNumber(first.into_iter().map(digit).chain(['-']).chain(last.into_iter().map(digit)).collect())
    }

    /// A number as somebody typed or copied it: any case, spaces and dashes anywhere, letters and digits that look like ours (`O` is
    /// 0, `I` and `L` are 1), Cyrillic letters that look like Latin ones. None when it cannot be one of ours.
    pub fn read(typed: &str) -> Option<MessageNumber> {
        const LONGEST_TYPED: usize = 64;
        if typed.chars().count() > LONGEST_TYPED {
            return None;
        }
        let plain = normalize_digits(&strip_unseen(typed));
        let kept =
            plain.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).map(latin);
        let digits: String = kept.collect();
        let ours = digits.bytes().all(|byte| DIGITS.contains(&byte));
        let (first, last) = digits.split_at_checked(5).filter(|(_, last)| ours && last.len() == 5)?;
        Some(MessageNumber(format!("{first}-{last}")))
    }

    /// A number as the table keeps it.
    pub(super) fn stored(text: String) -> MessageNumber {
        MessageNumber(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The digit or letter of ours that a character is mistaken for.
const fn latin(c: char) -> char {
    match c {
        'O' | 'О' => '0',
        'I' | 'L' => '1',
        'З' => '3',
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'К' => 'K',
        'М' => 'M',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        'У' => 'Y',
        c => c,
    }
}
