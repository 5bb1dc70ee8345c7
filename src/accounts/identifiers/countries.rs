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
