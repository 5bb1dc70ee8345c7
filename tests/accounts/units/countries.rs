//! The lists of countries in three languages.

use std::collections::HashSet;

use kabinet::accounts::identifiers::countries::{Country, all, by_code};

#[test]
fn russia_stands_first_in_every_language() {
    for (place, name) in [(0, "Россия"), (1, "Russia"), (2, "俄罗斯")] {
        let first = all(place).first().copied();
        assert_eq!(first, Some(Country { code: "RU", calling: "7", name }));
    }
    assert_eq!(all(7), all(0));
}

#[test]
fn every_line_is_a_country_and_the_lists_hold_the_same_ones() {
    let codes = |place: usize| {
        all(place).iter().map(|country| (country.code, country.calling)).collect::<HashSet<_>>()
    };
    for (place, table) in [
        include_str!("../../../locales/ru/countries.tsv"),
        include_str!("../../../locales/en/countries.tsv"),
        include_str!("../../../locales/zh-CN/countries.tsv"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(all(place).len(), table.lines().count());
        assert_eq!(codes(place).len(), all(place).len());
        assert_eq!(codes(place), codes(0));
        for country in all(place) {
            assert_eq!(country.code.len(), 2, "{country:?}");
            assert!(country.code.bytes().all(|b| b.is_ascii_uppercase()), "{country:?}");
            assert!((1..=3).contains(&country.calling.len()), "{country:?}");
            assert!(country.calling.bytes().all(|b| b.is_ascii_digit()), "{country:?}");
            assert!(!country.name.is_empty(), "{country:?}");
        }
    }
    assert!(all(0).len() > 240);
}

#[test]
fn the_phone_library_knows_each_of_them_with_the_same_calling_code() {
    for country in all(0) {
        let known =
            phonenumber::metadata::DATABASE.by_id(country.code).map(|meta| meta.country_code().to_string());
        assert_eq!(known.as_deref(), Some(country.calling), "{country:?}");
    }
}

#[test]
fn a_country_is_found_by_its_code() {
    assert_eq!(by_code(1, "CN").map(|country| (country.calling, country.name)), Some(("86", "China")));
    for code in ["", "ru", "ZZ", "RUS", "7", "RU\0"] {
        assert_eq!(by_code(0, code), None, "{code:?}");
    }
}
