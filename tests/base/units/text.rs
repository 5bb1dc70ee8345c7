//! Characters that nobody sees, and spellings of one character.

use kabinet::base::{
    has_invisible, is_invisible, normalize_digits, strip_bidi_marks, strip_invisible, strip_unseen,
};

#[test]
fn what_nobody_sees_is_found() {
    for c in [
        '\0', '\r', '\n', '\t', '\u{7f}', '\u{ad}', '\u{200b}', '\u{202e}', '\u{2028}', '\u{feff}',
        '\u{e000}',
    ] {
        assert!(is_invisible(c), "{c:?}");
    }
    for c in [' ', '\u{a0}', 'a', 'я', '好', '5', '😀', '\u{301}'] {
        assert!(!is_invisible(c), "{c:?}");
    }
    assert!(has_invisible("a\u{202e}b") && !has_invisible("a b"));
}

#[test]
fn marks_around_a_copied_number_go_and_overrides_stay() {
    assert_eq!(strip_bidi_marks("\u{202d}+7 999\u{202c}\u{200e}"), "+7 999");
    assert_eq!(strip_bidi_marks("\u{202e}1"), "\u{202e}1");
}

#[test]
fn numbers_of_any_keyboard_become_plain() {
    assert_eq!(normalize_digits("＋７（９９９）\u{a0}1–2−٣۴"), "+7(999) 1-2-34");
}

/// What programs, keyboards and pages leave in a copied number.
const UNSEEN: &str = "\u{ad}\u{34f}\u{115f}\u{200b}\u{200d}\u{200e}\u{2060}\u{2066}\u{2800}\u{3164}\u{fe0d}\u{fe0f}\u{feff}\u{ffa0}\u{e0101}";

#[test]
fn what_cannot_be_seen_is_no_part_of_a_number_and_what_turns_it_around_stays() {
    for c in UNSEEN.chars() {
        for text in [format!("{c}12 34"), format!("1{c}2 34"), format!("12 34{c}")] {
            assert_eq!(strip_unseen(&text), "12 34", "{c:?}");
            assert_eq!(normalize_digits(&text), "12 34", "{c:?}");
            assert_eq!(strip_invisible(&text), "12 34", "{c:?}");
        }
    }
    for c in ['\u{202e}', '\u{202b}', '\u{2067}', '\0', '\n', '\u{2028}'] {
        assert!(strip_unseen(&format!("1{c}2")).contains(c), "{c:?} is refused, not dropped");
    }
    assert_eq!(strip_invisible("a\u{202e}b"), "ab");
}

#[test]
fn a_superscript_or_circled_digit_is_none() {
    for c in ['²', '₂', '②', '⑵', '❷', '½', '⒉'] {
        assert!(!normalize_digits(&c.to_string()).bytes().any(|b| b.is_ascii_digit()), "{c}");
    }
}
