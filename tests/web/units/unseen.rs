//! Every reader of digits and of logins takes what was copied with characters that nobody sees.

use kabinet::accounts::identifiers::account_number::AccountNumber;
use kabinet::accounts::identifiers::email::Email;
use kabinet::accounts::identifiers::login_name::LoginName;
use kabinet::accounts::identifiers::phone::Phone;
use kabinet::base::{Currency, Moment, Money};
use kabinet::credentials::second_factor::Code;
use kabinet::gateway::{Brand, Expiry, Holder, Pan, SecurityCode};
use kabinet::notices::MessageNumber;
use kabinet::one_time_code::read_code;

const UNSEEN: [char; 12] = [
    '\u{fe0d}', '\u{fe0f}', '\u{3164}', '\u{2800}', '\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}', '\u{200e}',
    '\u{202d}', '\u{2068}', '\u{115f}',
];

/// A reader: what it makes of a text, as text; None where it refuses.
type Read = fn(&str) -> Option<String>;

const READERS: [(&str, &str, Read); 12] = [
    ("phone", "8 916 123-45-67", |text| Phone::parse("RU", text).ok().map(|phone| phone.as_str().to_owned())),
    ("phone of any country", "+7 916 123-45-67", |text| {
        Some(Phone::parse_any(text).ok()?.as_str().to_owned())
    }),
    ("account number", "1234 5678 9015", |text| Some(AccountNumber::parse(text)?.as_str().to_owned())),
    ("login", "anna@example.org", |text| Some(LoginName::read(text).email?.to_string())),
    ("e-mail", "anna@example.org", |text| Some(Email::parse(text).ok()?.as_str().to_owned())),
    ("card", "4242 4242 4242 4242", |text| Some(Pan::read(text).ok()?.digits().to_owned())),
    ("expiry", "12/34", |text| Some(Expiry::read(text, now()).ok()?.to_string())),
    ("security code", "123", |text| {
        Some(SecurityCode::read(text, Some(Brand::Visa)).ok()?.digits().to_owned())
    }),
    ("holder", "ANNA PETROVA", |text| Some(Holder::read(text).ok()?.as_str().to_owned())),
    ("code of a message", "1234", |text| read_code(text, 4).ok()),
    ("sum", "4,37", |text| Some(Money::read(text, Currency::Rub).ok()?.minor.to_string())),
    ("number of a message", "7Q3KM-0F9TX", |text| Some(MessageNumber::read(text)?.as_str().to_owned())),
];

fn now() -> Moment {
    Moment::from_micros(1_795_000_000_000_000)
}

#[test]
fn what_cannot_be_seen_changes_no_number_and_no_login() {
    for (name, plain, read) in READERS {
        let meant = read(plain).unwrap_or_else(|| panic!("{name}: {plain}"));
        let middle = plain.char_indices().nth(2).unwrap().0;
        for c in UNSEEN {
            for at in [0, middle, plain.len()] {
                let mut text = plain.to_owned();
                text.insert(at, c);
                assert_eq!(read(&text).as_ref(), Some(&meant), "{name} with {c:?} at {at}");
            }
        }
        for turned in ['\u{202e}', '\u{202b}'] {
            assert_eq!(
                read(&format!("{plain}{turned}")),
                None,
                "{name}: what turns a text around is refused"
            );
        }
    }
    assert!(matches!(Code::read("12\u{fe0d}34\u{200b}56"), Some(Code::App(digits)) if digits == "123456"));
}

#[test]
fn no_superscript_or_circled_digit_is_taken_for_a_digit() {
    for (name, text, read) in [
        ("card", "424242424242424²", READERS[5].2),
        ("phone", "8 916 123-45-6⑦", READERS[0].2),
        ("code", "123⁴", READERS[9].2),
        ("security code", "12③", READERS[7].2),
        ("expiry", "12/3⁴", READERS[6].2),
        ("sum", "4,3⁷", READERS[10].2),
    ] {
        assert_eq!(read(text), None, "{name}");
    }
}
