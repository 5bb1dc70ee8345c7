//! The list of time zones, and what is none.

use kabinet::accounts::identifiers::time_zones::{all, find, label};
use kabinet::base::Moment;
use kabinet::texts::Locale;

const NOW: Moment = Moment::from_micros(1_795_363_500_000_000); // 2026-11-22T16:05:00Z

#[test]
fn russias_eleven_come_first_from_west_to_east() {
    let regions = all(Locale::Ru, NOW);
    let offsets: Vec<i32> = (2..=12).collect();
    let shown: Vec<String> = regions[0].zones.iter().map(|choice| choice.label.clone()).collect();
    assert_eq!(shown.len(), offsets.len());
    for (label, offset) in shown.iter().zip(&offsets) {
        assert!(label.ends_with(&format!("(UTC+{offset})")), "{label}");
    }
    assert!(shown[1].starts_with("Москва"), "{}", shown[1]);
    assert_eq!(label(Locale::Ru, "Europe/Berlin", NOW), "Германия, Берлин (UTC+1)");
    assert_eq!(label(Locale::Ru, "Europe/Paris", NOW), "Франция (UTC+1)");
    assert_eq!(label(Locale::ZhCn, "America/New_York", NOW), "美国, 纽约 (UTC−5)");
    assert_eq!(label(Locale::En, "America/St_Johns", NOW), "Canada, St Johns (UTC−3:30)");
}

#[test]
fn nothing_else_is_a_zone() {
    for typed in [
        "",
        "Moscow",
        "europe/moscow",
        "Europe/Moscow ",
        "../../etc/passwd",
        "UTC",
        "Europe/Moscow\0",
        "Etc/GMT+5",
        "posixrules",
    ] {
        assert_eq!(find(typed), None, "{typed:?}");
    }
}
