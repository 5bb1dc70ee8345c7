//! Every country's mobile numbers in both spellings, and what people really type.

use std::cell::Cell;

use kabinet::accounts::identifiers::countries;
use kabinet::accounts::identifiers::phone::{PHONE_TYPED_MAX_CHARS, Phone, PhoneProblem};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

fn read(country: &str, typed: &str) -> Result<String, PhoneProblem> {
    Phone::parse(country, typed).map(|phone| phone.as_str().to_owned())
}

fn read_any(typed: &str) -> Result<String, PhoneProblem> {
    Phone::parse_any(typed).map(|phone| phone.as_str().to_owned())
}

const ANNA: &str = "+79991234567";

#[test]
fn a_russian_number_in_any_spelling() {
    for typed in [
        "+79991234567",
        "+7 (999) 123-45-67",
        "8 (999) 123-45-67",
        "89991234567",
        "79991234567",
        "7 999 123 45 67",
        "9991234567",
        "999.123.45.67",
        "(999)123-45-67",
        "007 999 123 45 67",
        "8 10 7 999 123 45 67",
        "  +7\u{a0}999\u{a0}123\u{2011}45\u{2011}67 \n",
        "＋７９９９１２３４５６７",
        "８（９９９）１２３－４５－６７",
        "\u{202d}+7 999 123-45-67\u{202c}",
        "\u{200e}+7 999 123–45–67",
        "\u{2068}8 999 123−45−67\u{2069}",
        "(+7) 999 123 45 67",
        "+7/999/1234567",
    ] {
        assert_eq!(read("RU", typed), Ok(ANNA.to_owned()), "{typed:?}");
        assert_eq!(read_any(typed), Ok(ANNA.to_owned()), "{typed:?}");
    }
}

#[test]
fn a_plus_says_more_than_the_chosen_country() {
    for typed in ["+44 7400 123456", "0044 7400 123456", "+44 (0)7400 123456"] {
        assert_eq!(read("RU", typed), Ok("+447400123456".to_owned()), "{typed:?}");
    }
    assert_eq!(read("US", "011 44 7400 123456"), Ok("+447400123456".to_owned()));
    assert_eq!(read("GB", ANNA), Ok(ANNA.to_owned()));
    assert_eq!(read("GB", "07400 123456"), Ok("+447400123456".to_owned()));
    assert_eq!(read("CN", "131 2345 6789"), Ok("+8613123456789".to_owned()));
    assert_eq!(read("US", "(201) 555-0123"), Ok("+12015550123".to_owned()));
    assert_eq!(read("KZ", "8 701 123 45 67"), Ok("+77011234567".to_owned()));
    // Its own numbers may begin like an international prefix or like its calling code.
    assert_eq!(read("TJ", "001167334"), Ok("+992001167334".to_owned()));
    assert_eq!(read("IT", "390 257 0908"), Ok("+393902570908".to_owned()));
    // Without a plus the country decides: this is no mobile number of Germany's or France's.
    assert_eq!(read("DE", "8 (999) 123-45-67"), Err(PhoneProblem::NotMobile));
    assert_eq!(read("FR", "8 (999) 123-45-67"), Err(PhoneProblem::Wrong));
}

#[test]
fn without_a_country_a_long_number_may_begin_with_a_calling_code() {
    assert_eq!(read_any("375 29 491-19-11"), Ok("+375294911911".to_owned()));
    assert_eq!(read_any("8613123456789"), Ok("+8613123456789".to_owned()));
    assert_eq!(read_any("2015550123"), Err(PhoneProblem::Wrong));
}

#[test]
fn each_problem_has_its_name() {
    use PhoneProblem::*;
    let long = "9".repeat(PHONE_TYPED_MAX_CHARS + 1);
    let huge = "+7".repeat(50_000);
    for (typed, problem) in [
        ("", Empty),
        (" \u{a0}\t\r\n", Empty),
        ("\u{200e}", Empty),
        ("+", Wrong),
        ("()", Wrong),
        ("1", Wrong),
        ("+7 999 123-45", Wrong),
        ("+7 999 123-45-67-89", Wrong),
        ("+999 123 45 67", Wrong),
        ("000000000000", Wrong),
        ("+0", Wrong),
        ("+1", Wrong),
        ("+70000000000", Wrong),
        ("8 999 123-45-6a", Characters),
        ("8 999 123 45 67 доб. 5", Characters),
        ("tel:+79991234567", Characters),
        ("+7+9991234567", Characters),
        ("7+9991234567", Characters),
        ("anna@example.org", Characters),
        ("8999\0", Characters),
        ("8999\n1234567", Characters),
        ("\u{202e}76543219998", Characters),
        ("8\u{202e}9991234567", Characters),
        ("8 999 123 45 67; DROP TABLE", Characters),
        ("８９９９😀", Characters),
        ("8 (495) 123-45-67", NotMobile),
        ("8 800 555-35-35", NotMobile),
        ("+7 800 555-35-35", NotMobile),
        ("+44 20 7946 0018", NotMobile),
        ("+881 6 1234 5678", NotMobile),
        ("+800 1234 5678", NotMobile),
        (long.as_str(), Long),
        (huge.as_str(), Long),
    ] {
        assert_eq!(read("RU", typed), Err(problem), "{typed:?}");
    }
    for country in ["", "ru", "ZZ", "RUS", "001", "7", "R\0"] {
        assert_eq!(read(country, ANNA), Err(CountryWrong), "{country:?}");
    }
}

#[test]
fn a_number_is_shown_spaced_and_masked() {
    let shown =
        |stored: &str| Phone::from_stored(stored).map(|phone| (phone.spaced(), phone.masked())).unwrap();
    assert_eq!(shown(ANNA), ("+7 999 123-45-67".to_owned(), "+7 ••• •••-45-67".to_owned()));
    assert_eq!(shown("+12015550123").1, "+1 •••-•••-0123");
    assert_eq!(shown("+8613123456789").1, "+86 ••• •••• 6789");
    assert_eq!(shown("+24740123").1, "+247 •0123");
    assert_eq!(Phone::from_stored(ANNA).and_then(|phone| phone.country()), Some("RU"));
    assert_eq!(Phone::from_stored("+77011234567").and_then(|phone| phone.country()), Some("KZ"));
    assert_eq!(Phone::from_stored("+0000").and_then(|phone| phone.country()), None);
    assert_eq!(
        Phone::from_stored(ANNA).map(|phone| phone.digits().to_owned()).as_deref(),
        Some("79991234567")
    );
    for stored in ["", "+", "79991234567", "+7999x", "+7 999", "+١٢٣٤٥"] {
        assert_eq!(Phone::from_stored(stored), None, "{stored:?}");
    }
}

/// `ISO code ⇥ E.164 ⇥ as it is dialled within the country`, one mobile number of each, as the numbering plans' own examples have it.
const EXAMPLES: &str = include_str!("phone_examples.tsv");

#[test]
fn every_country_reads_its_own_mobile_numbers() {
    let mut seen = 0;
    for line in EXAMPLES.lines() {
        let [code, e164, national] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        let own = Ok(e164.to_owned());
        let bare = e164.trim_start_matches('+');
        assert_eq!(read("RU", e164), own, "{line}");
        assert_eq!(read(code, e164), own, "{line}");
        assert_eq!(read(code, &format!("00{bare}")), own, "{line}");
        assert_eq!(read(code, national), own, "{line}");
        let phone = Phone::from_stored(e164).unwrap();
        assert_eq!(read(code, &phone.spaced()), own, "{line}");
        assert!(phone.country().is_some(), "{line}");
        seen += 1;
    }
    assert!(seen > 240, "{seen}");
}

#[test]
fn what_is_read_is_read_again_as_itself() {
    let phones = Cell::new(0);
    let mut runner =
        TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) });
    let ran = runner.run(&(0_usize..245, "[+0]{0,2}[0-9]{2,17}"), |(place, typed)| {
        let country = countries::all(1).get(place).map_or("RU", |country| country.code);
        if let Ok(phone) = Phone::parse(country, &typed) {
            phones.set(phones.get() + 1);
            prop_assert_eq!(Phone::parse("RU", phone.as_str()), Ok(phone.clone()));
            prop_assert_eq!(Phone::parse_any(&phone.spaced()), Ok(phone.clone()));
            prop_assert_eq!(Phone::from_stored(phone.as_str()), Some(phone.clone()));
            let shown = phone.masked().chars().filter(|c| *c == '•').count();
            prop_assert!(shown >= 1, "{}", phone.masked());
        }
        Ok(())
    });
    ran.unwrap();
    // Some twenty of them are phones.
    assert!(phones.get() > 0, "no phone was read");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn no_text_breaks_it(place in 0_usize..245, typed in any::<String>()) {
        let country = countries::all(2).get(place).map_or("RU", |country| country.code);
        let _ = Phone::parse(country, &typed);
        let _ = Phone::parse(&typed, &typed);
        let _ = Phone::parse_any(&typed);
    }
}
