//! Sums and moments as the reader writes them. Formatters are made once a language: CLDR's data is in the binary.

use std::sync::LazyLock;

use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets::{T, YM, YMD, YMDT};
use icu_datetime::input::{Date, DateTime, Time};
use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_locale_core::{Locale as Cldr, locale};
use jiff::tz::TimeZone;

use super::DEFAULT_TIME_ZONE;
use super::locale::Locale;
use crate::base::{Currency, Moment, Money};

struct Formats {
    number: Option<DecimalFormatter>,
    moment: Option<DateTimeFormatter<YMDT>>,
    date: Option<DateTimeFormatter<YMD>>,
    month: Option<DateTimeFormatter<YM>>,
    time: Option<DateTimeFormatter<T>>,
}

impl Formats {
    fn of(cldr: &Cldr) -> Formats {
        Formats {
            number: DecimalFormatter::try_new(cldr.into(), Default::default()).ok(),
            moment: DateTimeFormatter::try_new(cldr.into(), YMD::long().with_time_hm()).ok(),
            date: DateTimeFormatter::try_new(cldr.into(), YMD::long()).ok(),
            month: DateTimeFormatter::try_new(cldr.into(), YM::long()).ok(),
            time: DateTimeFormatter::try_new(cldr.into(), T::hm()).ok(),
        }
    }
}

fn formats(locale: Locale) -> &'static Formats {
    static RU: LazyLock<Formats> = LazyLock::new(|| Formats::of(&locale!("ru")));
    static EN: LazyLock<Formats> = LazyLock::new(|| Formats::of(&locale!("en-GB")));
    static ZH: LazyLock<Formats> = LazyLock::new(|| Formats::of(&locale!("zh-CN")));
    match locale {
        Locale::Ru => &RU,
        Locale::En => &EN,
        Locale::ZhCn => &ZH,
    }
}

/// The sum of an operation with its sign: `1 234,50 ₽`, `₽1,234.50`. Whole sums keep their two zeros, as in a bank's statement.
pub fn money(locale: Locale, sum: Money) -> String {
    with_sign(locale, &digits(locale, sum.minor, sum.currency.minor_digits()), sum.currency)
}

fn digits(locale: Locale, minor: i64, minor_digits: u8) -> String {
    let mut number = Decimal::from(minor);
    number.multiply_pow10(-i16::from(minor_digits));
    match &formats(locale).number {
        Some(format) => format.format(&number).to_string(),
        None => number.to_string(),
    }
}

fn plain_digits(locale: Locale, sum: Money) -> String {
    match sum.whole() {
        Some(units) => digits(locale, units, 0),
        None => digits(locale, sum.minor, sum.currency.minor_digits()),
    }
}

fn with_sign(locale: Locale, digits: &str, currency: Currency) -> String {
    match locale {
        Locale::Ru => format!("{digits}\u{a0}{}", sign(currency)),
        Locale::En | Locale::ZhCn => format!("{}{digits}", sign(currency)),
    }
}

/// A sum that texts name and no bank has moved: a gift, a limit. Whole ones stand without zeros: `300 ₽`, `9,99 ₽`.
pub fn sum(locale: Locale, sum: Money) -> String {
    with_sign(locale, &plain_digits(locale, sum), sum.currency)
}

/// Between which two sums: `1` and `9,99 ₽`, for «от … до …»; where the sign stands before the digits, both have it.
pub fn range(locale: Locale, least: Money, most: Money) -> (String, String) {
    match locale {
        Locale::Ru => (plain_digits(locale, least), sum(locale, most)),
        Locale::En | Locale::ZhCn => (sum(locale, least), sum(locale, most)),
    }
}

/// Words one after the other, the last behind "and": `Visa, MasterCard и Мир`.
pub fn list(locale: Locale, words: &[&str]) -> String {
    let (comma, and) = match locale {
        Locale::Ru => (", ", " и "),
        Locale::En => (", ", " and "),
        Locale::ZhCn => ("、", " 和 "),
    };
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [before @ .., last] => format!("{}{and}{last}", before.join(comma)),
    }
}

/// Signs that cannot be mistaken for another currency's.
const fn sign(currency: Currency) -> &'static str {
    match currency {
        Currency::Usd => "$",
        Currency::Eur => "€",
        Currency::Gbp => "£",
        Currency::Rub => "₽",
        Currency::Jpy => "JP¥",
        Currency::Hkd => "HK$",
        Currency::Sgd => "S$",
        Currency::Cad => "CA$",
        Currency::Aud => "A$",
        Currency::Nzd => "NZ$",
        Currency::Chf => "CHF\u{a0}",
        Currency::Sek => "SEK\u{a0}",
        Currency::Dkk => "DKK\u{a0}",
        Currency::Nok => "NOK\u{a0}",
    }
}

/// Day and time in the reader's zone, which is named: `22 ноября 2026 г. в 19:05 (МСК)`.
pub fn moment(locale: Locale, zone: &str, at: Moment) -> String {
    with_zone(locale, zone, at, &day_and_time(locale, zone, at))
}

fn day_and_time(locale: Locale, zone: &str, at: Moment) -> String {
    let Some(civil) = civil(zone, at) else { return iso(at) };
    match (&formats(locale).moment, with_time(&civil)) {
        (Some(format), Some(input)) => plain_spaces(&format.format(&input).to_string()),
        _ => iso(at),
    }
}

/// The day alone: `22 ноября 2026 г.`
pub fn date(locale: Locale, zone: &str, at: Moment) -> String {
    let Some(civil) = civil(zone, at) else { return iso(at) };
    match (&formats(locale).date, with_time(&civil)) {
        (Some(format), Some(input)) => plain_spaces(&format.format(&input.date).to_string()),
        _ => iso(at),
    }
}

/// What `2026-11` is called: `ноябрь 2026 г.`
pub fn month(locale: Locale, version: &str) -> String {
    let first = version
        .split_once('-')
        .and_then(|(year, month)| Date::try_new_iso(year.parse().ok()?, month.parse().ok()?, 1).ok());
    match (&formats(locale).month, first) {
        (Some(format), Some(first)) => plain_spaces(&format.format(&first).to_string()),
        _ => version.to_owned(),
    }
}

/// The time alone: `19:05`.
pub fn time_of_day(locale: Locale, zone: &str, at: Moment) -> String {
    let Some(civil) = civil(zone, at) else { return iso(at) };
    match (&formats(locale).time, with_time(&civil)) {
        (Some(format), Some(input)) => format.format(&input.time).to_string(),
        _ => iso(at),
    }
}

/// What a clock shows: `19:05:30 (МСК)`.
pub fn clock(locale: Locale, zone: &str, at: Moment) -> String {
    let Some(civil) = civil(zone, at) else { return iso(at) };
    let seconds = format!("{:02}:{:02}:{:02}", civil.hour(), civil.minute(), civil.second());
    with_zone(locale, zone, at, &seconds)
}

/// `19:05 (МСК)` today, `23 ноября 2026 г., 19:05 (МСК)` on another day.
pub fn when(locale: Locale, zone: &str, at: Moment, now: Moment) -> String {
    let today = civil(zone, at).zip(civil(zone, now)).is_some_and(|(then, now)| then.date() == now.date());
    if today {
        with_zone(locale, zone, at, &time_of_day(locale, zone, at))
    } else {
        deadline(locale, zone, at)
    }
}

/// A moment that somebody may rely on: `23 ноября 2026 г., 19:05 (МСК)`. In Russian it stands behind «до», «после», «с» or a colon, which
/// another «в» would not follow.
pub fn deadline(locale: Locale, zone: &str, at: Moment) -> String {
    let text = day_and_time(locale, zone, at);
    let text = if locale == Locale::Ru { text.replacen(" в ", ", ", 1) } else { text };
    with_zone(locale, zone, at, &text)
}

fn with_zone(locale: Locale, zone: &str, at: Moment, text: &str) -> String {
    let open = if locale == Locale::ZhCn { "（" } else { "\u{a0}(" };
    let close = if locale == Locale::ZhCn { "）" } else { ")" };
    format!("{text}{open}{}{close}", zone_name(locale, zone, at))
}

fn zone_name(locale: Locale, zone: &str, at: Moment) -> String {
    match (locale, zone) {
        (Locale::Ru, "Europe/Moscow") => "МСК".to_owned(),
        (Locale::En, "Europe/Moscow") => "Moscow time".to_owned(),
        (Locale::ZhCn, "Europe/Moscow") => "莫斯科时间".to_owned(),
        _ => TimeZone::get(zone)
            .ok()
            .zip(jiff::Timestamp::from_microsecond(at.micros()).ok())
            .map_or_else(String::new, |(zone, at)| utc_offset(at.to_zoned(zone).offset().seconds())),
    }
}

/// `UTC+5`, `UTC+5:30`, `UTC−3`, `UTC`: the same in every language.
fn utc_offset(seconds: i32) -> String {
    let minutes = seconds.abs() / 60;
    let sign = if seconds < 0 { "−" } else { "+" };
    match (minutes / 60, minutes % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

/// For `<time datetime>`: `2026-11-22T16:05:00Z`.
pub fn iso(at: Moment) -> String {
    jiff::Timestamp::from_second(at.micros().div_euclid(1_000_000))
        .map(|stamp| stamp.to_string())
        .unwrap_or_default()
}

/// CLDR's narrow no-break space shows as a box in old fonts; the ordinary one does the same work.
fn plain_spaces(text: &str) -> String {
    text.replace('\u{202f}', "\u{a0}")
}

fn civil(zone: &str, at: Moment) -> Option<jiff::civil::DateTime> {
    let zone = TimeZone::get(zone).or_else(|_unknown| TimeZone::get(DEFAULT_TIME_ZONE)).ok()?;
    Some(zone.to_datetime(jiff::Timestamp::from_microsecond(at.micros()).ok()?))
}

fn with_time(at: &jiff::civil::DateTime) -> Option<DateTime<icu_calendar::Iso>> {
    let part = |number: i8| u8::try_from(number).ok();
    let date = Date::try_new_iso(at.year().into(), part(at.month())?, part(at.day())?).ok()?;
    let time = Time::try_new(part(at.hour())?, part(at.minute())?, part(at.second())?, 0).ok()?;
    Some(DateTime { date, time })
}
