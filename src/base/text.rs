//! Characters that nobody sees.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Whether a character prints nothing: control (CR, LF, NUL), format (right-to-left overrides, zero-width joiners),
/// surrogates, private use, line and paragraph separators. Such characters change how a text is read without being read themselves.
pub fn unseen(c: char) -> bool {
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

pub fn has_unseen(text: &str) -> bool {
    text.chars().any(unseen)
}
