//! Time zones that can be chosen: Russia's eleven by the names of its cities, the others of the IANA database by country and city.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::accounts::identifiers::countries;
use crate::base::Moment;
use crate::texts::{Locale, words_with};

/// The zone, and the key of its cities' names.
const RUSSIA: [(&str, &str); 11] = [
    ("Europe/Kaliningrad", "zone-kaliningrad"),
    ("Europe/Moscow", "zone-moscow"),
    ("Europe/Samara", "zone-samara"),
    ("Asia/Yekaterinburg", "zone-yekaterinburg"),
    ("Asia/Omsk", "zone-omsk"),
    ("Asia/Krasnoyarsk", "zone-krasnoyarsk"),
    ("Asia/Irkutsk", "zone-irkutsk"),
    ("Asia/Yakutsk", "zone-yakutsk"),
    ("Asia/Vladivostok", "zone-vladivostok"),
    ("Asia/Magadan", "zone-magadan"),
    ("Asia/Kamchatka", "zone-kamchatka"),
];

/// How zones of a region begin, and the key of its name. The Arctic ones are on islands of Europe.
const REGIONS: [(&[&str], &str); 8] = [
    (&["Europe", "Arctic"], "zone-europe"),
    (&["Asia"], "zone-asia"),
    (&["America"], "zone-america"),
    (&["Africa"], "zone-africa"),
    (&["Australia"], "zone-australia"),
    (&["Pacific"], "zone-pacific"),
    (&["Atlantic"], "zone-atlantic"),
    (&["Indian"], "zone-indian"),
];

/// The longest name with its offset: longer ones make a list wider than a text browser's screen, or are cut within a letter.
pub const LONGEST_LABEL: usize = 40;

/// A zone abroad. Where its country has only this one, the country is name enough.
#[derive(Debug, Clone, Copy)]
struct Abroad {
    zone: &'static str,
    country: &'static str,
    /// Its city in Russian and Chinese; in English the zone itself says it.
    city: Option<(&'static str, &'static str)>,
}

/// `zone ⇥ ISO code of the country ⇥ city in Russian ⇥ in Chinese`, one a line.
static OTHERS: LazyLock<Vec<Abroad>> =
    LazyLock::new(|| include_str!("time_zones.tsv").lines().filter_map(Abroad::read).collect());

impl Abroad {
    fn read(line: &'static str) -> Option<Abroad> {
        let mut fields = line.split('\t');
        let (zone, country) = (fields.next()?, fields.next()?);
        let city = fields.next().zip(fields.next()).filter(|(city, _)| !city.is_empty());
        Some(Abroad { zone, country, city })
    }

    fn city(&self, locale: Locale) -> Option<String> {
        let (russian, chinese) = self.city?;
        Some(match locale {
            Locale::Ru => russian.to_owned(),
            Locale::ZhCn => chinese.to_owned(),
            Locale::En => self.zone.rsplit('/').next().unwrap_or(self.zone).replace('_', " "),
        })
    }
}

/// Zones under one heading.
#[derive(Debug)]
pub struct Region {
    pub name: String,
    pub zones: Vec<Choice>,
}

/// One zone of the list.
#[derive(Debug)]
pub struct Choice {
    pub zone: &'static str,
    /// `Москва, Санкт-Петербург (UTC+3)`
    pub label: String,
}

/// The whole list in one language, Russia first; offsets are those of this moment.
pub fn all(locale: Locale, now: Moment) -> Vec<Region> {
    let choice = |zone: &'static str| Choice { zone, label: label(locale, zone, now) };
    let name = |key: &str| words_with(locale, key, Default::default());
    let russia =
        Region { name: name("zone-russia"), zones: RUSSIA.iter().map(|(zone, _)| choice(zone)).collect() };
    let others = REGIONS.iter().map(|(begins, key)| {
        let here = OTHERS
            .iter()
            .filter(|other| other.zone.split('/').next().is_some_and(|first| begins.contains(&first)));
        let mut zones: Vec<(usize, Choice)> =
            here.map(|other| (place(locale, other.country), choice(other.zone))).collect();
        zones.sort_by(|(a, one), (b, other)| a.cmp(b).then_with(|| one.zone.cmp(other.zone)));
        Region { name: name(key), zones: zones.into_iter().map(|(_, choice)| choice).collect() }
    });
    std::iter::once(russia).chain(others).collect()
}

/// The zone of this name, when it can be chosen.
pub fn find(typed: &str) -> Option<&'static str> {
    let russia = RUSSIA.iter().map(|(zone, _)| *zone);
    let zone = russia.chain(OTHERS.iter().map(|other| other.zone)).find(|zone| *zone == typed)?;
    TimeZone::get(zone).is_ok().then_some(zone)
}

/// What a zone is called: `Москва, Санкт-Петербург (UTC+3)`, `Франция (UTC+1)`, `Германия, Берлин (UTC+1)`.
pub fn label(locale: Locale, zone: &str, now: Moment) -> String {
    let offset = offset(zone, now).map_or_else(String::new, |offset| format!(" ({offset})"));
    if let Some((_, key)) = RUSSIA.iter().find(|(known, _)| *known == zone) {
        return format!("{}{offset}", words_with(locale, key, Default::default()));
    }
    let Some(other) = OTHERS.iter().find(|other| other.zone == zone) else {
        return format!("{zone}{offset}");
    };
    let country =
        countries::by_code(locale.index(), other.country).map_or(other.zone, |country| country.name);
    let Some(city) = other.city(locale) else { return format!("{country}{offset}") };
    let whole = format!("{country}, {city}{offset}");
    if whole.chars().count() > LONGEST_LABEL { format!("{city}{offset}") } else { whole }
}

/// Where a country stands in the language's own order.
fn place(locale: Locale, code: &str) -> usize {
    countries::all(locale.index()).iter().position(|country| country.code == code).unwrap_or(usize::MAX)
}

/// `UTC+3`, `UTC−3:30`.
fn offset(zone: &str, now: Moment) -> Option<String> {
    let zone = TimeZone::get(zone).ok()?;
    let seconds = zone.to_offset(Timestamp::from_microsecond(now.micros()).ok()?).seconds();
    let sign = if seconds < 0 { '−' } else { '+' };
    let minutes = seconds.abs() / 60;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    Some(if minutes == 0 { format!("UTC{sign}{hours}") } else { format!("UTC{sign}{hours}:{minutes:02}") })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::texts::DEFAULT_TIME_ZONE;

    const NOW: Moment = Moment::from_micros(1_795_363_500_000_000); // 2026-11-22T16:05:00Z

    #[test]
    fn every_zone_of_the_list_exists_and_stands_there_once() {
        for locale in Locale::ALL {
            let regions = all(*locale, NOW);
            let zones: Vec<&Choice> = regions.iter().flat_map(|region| &region.zones).collect();
            let names: HashSet<&str> = zones.iter().map(|choice| choice.zone).collect();
            assert_eq!(
                (names.len(), zones.len()),
                (OTHERS.len() + RUSSIA.len(), OTHERS.len() + RUSSIA.len())
            );
            for choice in zones {
                assert_eq!(find(choice.zone), Some(choice.zone));
                assert!(choice.label.contains("UTC") && !choice.label.contains("zone-"), "{}", choice.label);
                assert!(choice.label.chars().count() <= LONGEST_LABEL, "{}", choice.label);
                // In the reader's language: no Berlin among Russian or Chinese names.
                let name = choice.label.split(" (UTC").next().unwrap();
                assert!(*locale == Locale::En || !name.chars().any(|c| c.is_ascii_alphabetic()), "{name}");
            }
            assert!(regions.iter().all(|region| !region.name.contains("zone-")));
        }
        assert!(find(DEFAULT_TIME_ZONE).is_some());
    }
}
