//! Account numbers as people type them.

use kabinet::accounts::identifiers::account_number::AccountNumber;
use proptest::prelude::*;

fn number(typed: &str) -> Option<String> {
    AccountNumber::parse(typed).map(|number| number.as_str().to_owned())
}

#[test]
fn any_spelling_is_read() {
    let same = Some("123456789015".to_owned());
    for typed in [
        "123456789015",
        "1234 5678 9015",
        "  1234-5678-9015\n",
        "1234\u{a0}5678\u{2009}9015",
        "1234–5678—9015",
        "１２３４５６７８９０１５",
        "\u{202d}1234 5678 9015\u{202c}",
    ] {
        assert_eq!(number(typed), same, "{typed:?}");
    }
}

#[test]
fn anything_else_is_refused() {
    for typed in [
        "",
        "1234 5678 9014",
        "12345678901",
        "1234567890155",
        "012345678904",
        "+123456789015",
        "1234 5678 901a",
        "1234\u{202e}56789015",
        "1234\u{202e}56789015",
        "1234\n56789015",
    ] {
        assert_eq!(number(typed), None, "{typed:?}");
    }
    assert_eq!(number(&"1".repeat(100_000)), None);
    assert_eq!(number(&format!("123456789015{}", " ".repeat(100))), None);
}

#[test]
fn it_is_shown_in_groups_and_masked() {
    let number = AccountNumber::parse("123456789015").unwrap();
    assert_eq!(number.grouped(), "1234 5678 9015");
    assert_eq!(number.to_string(), "1234 5678 9015");
    assert_eq!(number.masked(), "•••• 9015");
}

#[test]
fn random_numbers_differ_and_are_well_made() {
    let drawn: std::collections::HashSet<String> =
        (0..2_000).map(|_| AccountNumber::random().as_str().to_owned()).collect();
    assert!(drawn.len() >= 1_999);
    assert!(drawn.iter().all(|text| number(text).as_ref() == Some(text)));
    // Every digit is met in first place but 0.
    let first: std::collections::HashSet<char> =
        drawn.iter().filter_map(|text| text.chars().next()).collect();
    assert_eq!(first.len(), 9);
}

proptest! {
    #[test]
    fn no_text_breaks_it(typed in any::<String>()) {
        let _ = AccountNumber::parse(&typed);
    }
}
