//! Words, sums and dates in the reader's language.

mod format;
mod locale;
mod reader;
mod site;
mod words;

pub use fluent_templates::fluent_bundle::FluentValue;
pub use format::{date, deadline, iso, list, moment, money, month, range, sum, time_of_day, when};
pub use locale::{Locale, from_accept_language};
pub use reader::Reader;
pub(crate) use site::site;
pub use site::{SITE_ARGS, use_site};
pub use words::{Args, ArgumentMissing, Words, find, words, words_with};

/// The time zone of people who have not chosen one.
pub const DEFAULT_TIME_ZONE: &str = "Europe/Moscow";
