//! Characters that nobody sees, and spellings of one character.

use kabinet::base::{has_invisible, is_invisible, normalize_digits, strip_bidi_marks};

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
