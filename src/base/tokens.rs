//! Random tokens: what a person holds, and the hash that is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Bytes from the system's random source. Without one nothing safe can be done: the process stops.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    if let Err(error) = getrandom::fill(&mut bytes) {
        tracing::error!(%error, "the system's random source does not answer");
        std::process::abort();
    }
    bytes
}

/// Letters and digits, without those that are taken for each other.
const BASE_58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Random letters and digits, each as likely as any other: 5.86 bits for each.
pub fn letters<const N: usize>() -> String {
    let mut text = String::with_capacity(N);
    while text.len() < N {
        let drawn = random_bytes::<N>().into_iter().map(|byte| usize::from(byte & 63));
        text.extend(drawn.filter_map(|place| BASE_58.get(place)).map(|byte| char::from(*byte)));
        text.truncate(N);
    }
    text
}

/// A secret of 256 bits for links and cookies. The database keeps only its `hash`.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// 32 bytes in base 64.
    pub const CHARS: usize = 43;
    /// 93 bits: more than anybody tries within the half hour that such a link is good for.
    pub const BRIEF_CHARS: usize = 16;

    pub fn random() -> Token {
        Token::of_bytes(random_bytes())
    }

    /// The token that is these bytes: as good a secret as they are.
    pub fn of_bytes(bytes: [u8; 32]) -> Token {
        Token(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A token as it came back from outside; None when it cannot be one of ours.
    pub fn read(text: &str) -> Option<Token> {
        let well_made = text.len() == Token::CHARS
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        well_made.then(|| Token(text.to_owned()))
    }

    /// For a link that goes by SMS, too: letters and digits only, for an underscore would cost the whole text its alphabet.
    pub fn brief() -> Token {
        Token(letters::<{ Token::BRIEF_CHARS }>())
    }

    /// The same as it came back.
    pub fn read_brief(text: &str) -> Option<Token> {
        let well_made = text.len() == Token::BRIEF_CHARS && text.bytes().all(|b| BASE_58.contains(&b));
        well_made.then(|| Token(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// SHA-256 in hex: enough for a secret of 256 bits.
    pub fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    let mut text = String::with_capacity(bytes.len() * 2);
    text.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    text
}

/// Whether two secrets are the same, in time that does not tell where they differ.
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// `count` decimal digits out of a pseudo-random number, leading zeros kept. The bias of the remainder is below 2^-40.
pub fn to_digits(number: u64, count: u32) -> String {
    let modulus = 10_u64.saturating_pow(count);
    format!("{:0width$}", number % modulus, width = usize::try_from(count).unwrap_or(0))
}
