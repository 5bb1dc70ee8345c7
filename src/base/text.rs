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
    ) || is_blank_letter(c)
}

/// Fillers and blanks that Unicode calls letters, marks or symbols.
fn is_blank_letter(c: char) -> bool {
    matches!(
        c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'
            ..='\u{180f}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
    )
}

/// What chooses between two pictures of the character before it: nothing by itself, but emoji are made of it.
pub fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// What cannot be seen and cannot make a text read as another one. Whatever turns a text around (U+202B, U+202E, U+2067) and what
/// controls a line or a terminal is not among it: that is refused.
fn is_unseen(c: char) -> bool {
    let turns = matches!(c, '\u{202b}' | '\u{202e}' | '\u{2067}');
    (c.general_category() == GeneralCategory::Format && !turns) || is_blank_letter(c) || is_selector(c)
}

/// A number, a code, a login, an address as it is meant: without what programs leave around and between its characters.
pub fn strip_unseen(text: &str) -> String {
    text.chars().filter(|c| !is_unseen(*c)).collect()
}

/// What was typed, as a form may show it again.
pub fn strip_invisible(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c) && !is_selector(*c)).collect()
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
/// space as a space, every kind of dash as a hyphen, without what cannot be seen. Other characters stay as they are: a superscript or
/// circled digit is none.
pub fn normalize_digits(text: &str) -> String {
    normalized_digits(text).collect()
}

/// The same, a character at a time: for numbers that must not be copied about.
pub fn normalized_digits(text: &str) -> impl Iterator<Item = char> {
    let number = |c: char| (c.general_category() == GeneralCategory::OtherNumber).then_some(c);
    let seen = text.chars().filter(|c| !is_unseen(*c));
    seen.flat_map(move |c| {
        let as_it_stands = number(c);
        as_it_stands.into_iter().chain(std::iter::once(c).filter(move |_| as_it_stands.is_none()).nfkc())
    })
    .map(plain)
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
