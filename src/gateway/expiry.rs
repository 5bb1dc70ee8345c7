//! The month until whose end a card is good.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::date;
use jiff::tz::TimeZone;

use crate::base::{Moment, hours, normalize_digits};

/// Cards are issued for less; what lies further ahead is mistyped.
const MAX_YEARS: i16 = 20;
/// A month and a year; more is a number in the wrong field.
const MAX_DIGITS: usize = 6;

/// A month and a year, as on the card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expiry {
    year: i16,
    month: i8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpiryProblem {
    Empty,
    /// No month and year.
    Unreadable,
    /// A year has no such month: `13/29`.
    Month,
    /// The card is no good any more.
    Past,
    /// Further ahead than cards are issued for.
    Far,
}

impl Expiry {
    /// None unless it is a month of this century.
    pub fn new(month: i8, year: i16) -> Option<Expiry> {
        ((1..=12).contains(&month) && (2000..2100).contains(&year)).then_some(Expiry { year, month })
    }

    /// Reads `12/27`, `12 / 2027`, `1-27`, `1227`, and with the year first: `2027-12`, `2027/12`, `202712`.
    pub fn read(text: &str, now: Moment) -> Result<Expiry, ExpiryProblem> {
        let plain = normalize_digits(text.trim());
        if plain.is_empty() {
            return Err(ExpiryProblem::Empty);
        }
        let (month, year) = parts(&plain).ok_or(ExpiryProblem::Unreadable)?;
        let is_year = Expiry::new(1, year).is_some();
        let problem = if is_year { ExpiryProblem::Month } else { ExpiryProblem::Unreadable };
        let read = Expiry::new(month, year).ok_or(problem)?;
        if read.is_past(now) {
            return Err(ExpiryProblem::Past);
        }
        if read.year > month_of(now).year + MAX_YEARS { Err(ExpiryProblem::Far) } else { Ok(read) }
    }

    /// What was typed, to be shown again: nothing where it may be a number or a code in the wrong field.
    pub fn shown_again(text: &str) -> &str {
        let plain = normalize_digits(text.trim());
        let digits = plain.bytes().filter(u8::is_ascii_digit).count();
        let is_code = digits == 3 && plain.len() == digits;
        if is_code || digits > MAX_DIGITS { "" } else { text }
    }

    pub fn month(self) -> i8 {
        self.month
    }

    /// Four digits.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Whether the month is over everywhere on earth.
    pub fn is_past(self, now: Moment) -> bool {
        self < month_of(now.before(hours(12)))
    }

    /// The end of the last day, in UTC.
    pub fn ends_at(self) -> Moment {
        let (year, month) = if self.month == 12 { (self.year + 1, 1) } else { (self.year, self.month + 1) };
        // The years are bounded: every such day exists.
        let first = date(year, month, 1).to_zoned(TimeZone::UTC);
        Moment::from_micros(first.map_or(i64::MAX, |day| day.timestamp().as_microsecond()))
    }
}

/// As on the card: `12/27`.
impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02}", self.month, self.year % 100)
    }
}

fn month_of(now: Moment) -> Expiry {
    let day = Timestamp::from_microsecond(now.micros()).unwrap_or_default().to_zoned(TimeZone::UTC).date();
    Expiry { year: day.year(), month: day.month() }
}

fn parts(plain: &str) -> Option<(i8, i16)> {
    let split = plain.split(['/', '-', '.', ' ', '\\']).filter(|part| !part.is_empty()).collect::<Vec<_>>();
    let (month, year) = match split.as_slice() {
        [year, month] if year.len() == 4 => (*month, *year),
        [month, year] => (*month, *year),
        // `202903`, as password managers write it: no month begins with 20.
        [both] if both.len() == 6 && both.starts_with("20") => {
            both.split_at_checked(4).map(|(year, month)| (month, year))?
        }
        [both] if both.len() == 4 || both.len() == 6 => both.split_at_checked(2)?,
        _ => return None,
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(month) && digits(year) && (1..=2).contains(&month.len())) {
        return None;
    }
    let year: i16 = match year.len() {
        2 => 2000 + year.parse::<i16>().ok()?,
        4 => year.parse().ok()?,
        _ => return None,
    };
    Some((month.parse().ok()?, year))
}
