//! Message numbers: what a person reads out when they ask about a message.

use std::fmt;

use crate::base::random_bytes;

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

#[cfg(test)]
mod tests {
    use super::MessageNumber;

    #[test]
    fn numbers_can_be_read_out() {
        let number = MessageNumber::random();
        let (first, last) = number.as_str().split_once('-').unwrap();
        assert_eq!((first.len(), last.len()), (5, 5));
        assert!(!number.as_str().contains(['I', 'L', 'O', 'U']));
        assert_ne!(number, MessageNumber::random());
    }
}
