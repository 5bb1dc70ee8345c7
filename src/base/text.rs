//! Characters that nobody sees, and spellings of one character.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Whether a character prints nothing: control (CR, LF, NUL), format (right-to-left overrides, zero-width joiners),
/// surrogates, private use, line and paragraph separators. Such characters change how a text is read without being read themselves.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::Surrogate
            | GeneralCategory::PrivateUse
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
    )
}

pub fn has_invisible(text: &str) -> bool {
    text.chars().any(is_invisible)
}

/// The text without the marks of direction that phones put around a copied number or address (U+202D … U+202C on some).
/// Only those that cannot make a text read as another one: what reverses it (U+202B, U+202E, U+2067) stays, to be refused.
pub fn strip_bidi_marks(text: &str) -> String {
    let mark = |c: char| {
        matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}' | '\u{202c}' | '\u{202d}')
            || matches!(c, '\u{2066}' | '\u{2068}' | '\u{2069}')
    };
    text.chars().filter(|c| !mark(*c)).collect()
}

/// A number as typed on any keyboard, in ASCII: full-width and Arabic-Indic digits, signs and brackets (NFKC), every kind of
/// space as a space, every kind of dash as a hyphen. Other characters stay as they are.
pub fn normalize_digits(text: &str) -> String {
    normalized_digits(text).collect()
}

/// The same, a character at a time: for numbers that must not be copied about.
pub fn normalized_digits(text: &str) -> impl Iterator<Item = char> {
    text.nfkc().map(plain)
}

fn plain(c: char) -> char {
    let digit =
        |zero: char| u32::from(c).checked_sub(u32::from(zero)).and_then(|value| char::from_digit(value, 10));
    if let Some(digit) = digit('\u{660}').or_else(|| digit('\u{6f0}')) {
        return digit;
    }
    match c.general_category() {
        GeneralCategory::SpaceSeparator => ' ',
        GeneralCategory::DashPunctuation => '-',
        _ if c == '\u{2212}' => '-',
        _ => c,
    }
}
