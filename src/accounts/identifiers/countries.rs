//! The list of countries with their calling codes, in each language, as the form of registration offers it.
//!
//! Read once from `locales/*/countries.tsv`: `ISO code ⇥ calling code ⇥ name`, Russia first, then by the language's own order.

use std::sync::LazyLock;

/// A country or territory that has phone numbers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2 (and `AC`, `TA`, `XK` as the phone library has them): `RU`.
    pub code: &'static str,
    /// The calling code without a plus: `7`.
    pub calling: &'static str,
    /// The name in the list's language.
    pub name: &'static str,
}

static LISTS: LazyLock<[Vec<Country>; 3]> = LazyLock::new(|| {
    [
        read(include_str!("../../../locales/ru/countries.tsv")),
        read(include_str!("../../../locales/en/countries.tsv")),
        read(include_str!("../../../locales/zh-CN/countries.tsv")),
    ]
});

/// The list in one language: 0 Russian, 1 English, 2 Chinese. Any other place gives the Russian one.
pub fn all(place: usize) -> &'static [Country] {
    let [first, ..] = &*LISTS;
    LISTS.get(place).unwrap_or(first)
}

/// The country with this ISO code, in capitals as the form sends it.
pub fn by_code(place: usize, code: &str) -> Option<&'static Country> {
    all(place).iter().find(|country| country.code == code)
}

fn read(table: &'static str) -> Vec<Country> {
    table.lines().filter_map(country).collect()
}

fn country(line: &'static str) -> Option<Country> {
    let mut fields = line.split('\t');
    let country = Country {
        code: fields.next()?,
        calling: fields.next()?.trim_start_matches('+'),
        name: fields.next()?.trim(),
    };
    Some(country)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

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
            let known = phonenumber::metadata::DATABASE
                .by_id(country.code)
                .map(|meta| meta.country_code().to_string());
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
}
