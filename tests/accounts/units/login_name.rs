//! What is typed into the one field of the sign-in form.

use kabinet::accounts::identifiers::account_number::AccountNumber;
use kabinet::accounts::identifiers::login_name::LoginName;
use proptest::prelude::*;

fn read(typed: &str) -> (Option<String>, Option<String>, Option<String>) {
    let name = LoginName::read(typed);
    (
        name.number.map(|number| number.as_str().to_owned()),
        name.phone.map(|phone| phone.as_str().to_owned()),
        name.email.map(|email| email.to_string()),
    )
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn an_account_id_in_any_spacing() {
    for typed in
        ["123456789015", " 1234 5678 9015 ", "1234-5678-9015", "１２３４\u{a0}５６７８\u{a0}９０１５"]
    {
        let (number, _, email) = read(typed);
        assert_eq!((number, email), (some("123456789015"), None), "{typed:?}");
    }
}

#[test]
fn an_address_in_any_spacing_and_case() {
    for typed in [
        "anna@example.org",
        " Anna@Example.Org\n",
        "ANNA @ example.org",
        "anna＠example.org",
        "anna@example.org\u{200e}",
    ] {
        assert_eq!(read(typed), (None, None, some("anna@example.org")), "{typed:?}");
    }
}

#[test]
fn a_phone_in_any_spelling() {
    for typed in ["+7 999 123-45-67", "8 (999) 123 45 67", "9991234567", "79991234567"] {
        assert_eq!(read(typed), (None, some("+79991234567"), None), "{typed:?}");
    }
}

#[test]
fn a_text_that_is_both_gives_both_and_a_plus_decides() {
    // An Uzbek mobile number whose last digit happens to be right by Luhn.
    let both = (0..100)
        .map(|end| format!("9989012345{end:02}"))
        .find(|typed| AccountNumber::parse(typed).is_some())
        .unwrap();
    assert_eq!(read(&both), (Some(both.clone()), Some(format!("+{both}")), None));
    assert_eq!(read(&format!("+{both}")), (None, Some(format!("+{both}")), None));
}

#[test]
fn everything_else_is_nobody() {
    let huge = "9".repeat(100_000);
    let long = format!("{}@example.org", "a".repeat(300));
    for typed in [
        "",
        "  ",
        "anna",
        "@",
        "' OR 1=1 --",
        "an\0na@example.org",
        "anna\r\n@example.org",
        "1234\u{202e}56789015",
        &huge,
        &long,
    ] {
        assert_eq!(LoginName::read(typed), LoginName::default(), "{typed:?}");
    }
}

proptest! {
    #[test]
    fn no_text_breaks_it(typed in any::<String>()) {
        let _ = LoginName::read(&typed);
    }

    #[test]
    fn every_account_id_is_read(_draw in 0_u8..1) {
        let number = AccountNumber::random();
        prop_assert_eq!(LoginName::read(&number.grouped()).number, Some(number));
    }
}
