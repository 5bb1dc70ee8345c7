//! Who reads: a language and a time zone, and all that is said in them. Pages of the portal and of the sandbox speak through it.

use std::borrow::Cow;

use super::format::{clock, date, deadline, iso, moment, money, month, range, sum, when};
use super::locale::Locale;
use super::words::{Args, Words, words, words_with};
use super::{DEFAULT_TIME_ZONE, FluentValue};
use crate::base::{Moment, Money, mask};

#[derive(Debug, Clone)]
pub struct Reader {
    pub locale: Locale,
    pub zone: Cow<'static, str>,
}

impl Reader {
    pub const fn new(locale: Locale) -> Reader {
        Reader { locale, zone: Cow::Borrowed(DEFAULT_TIME_ZONE) }
    }

    /// A text without arguments.
    pub fn t(&self, key: &'static str) -> Words {
        words(self.locale, key)
    }

    /// A text with arguments; not escaped, templates do that.
    pub fn ta(&self, key: &str, args: &[(&'static str, FluentValue<'_>)]) -> String {
        let owned = args.iter().map(|(name, value)| ((*name).into(), value.clone().into_owned()));
        words_with(self.locale, key, owned.collect::<Args>())
    }

    /// A phone or a card that does not break in the middle; an address as it is.
    pub fn whole(&self, text: impl AsRef<str>) -> String {
        let text = text.as_ref().replace(' ', "\u{a0}");
        if text.starts_with('+') { text.replace('-', "\u{2011}") } else { text }
    }

    /// A sentence in which no card breaks in the middle: `Visa •••• 4242`.
    pub fn unbroken(&self, text: impl AsRef<str>) -> String {
        let end = mask::last_four("");
        let text = text.as_ref().replace(&end, &end.replace(' ', "\u{a0}"));
        text.replace(&format!(" {}", end.trim_end()), &format!("\u{a0}{}", end.trim_end()))
    }

    pub fn lang(&self) -> &'static str {
        self.locale.word()
    }

    /// The sum of an operation.
    pub fn money(&self, sum: &Money) -> String {
        money(self.locale, *sum)
    }

    /// A sum that is promised or named as a limit.
    pub fn sum(&self, named: &Money) -> String {
        sum(self.locale, *named)
    }

    /// The smallest and the largest sum, for a sentence that has both.
    pub fn range(&self, (least, most): (Money, Money)) -> (String, String) {
        range(self.locale, least, most)
    }

    pub fn moment(&self, at: &Moment) -> String {
        moment(self.locale, &self.zone, *at)
    }

    /// A moment that the reader may rely on: with its time zone.
    pub fn deadline(&self, at: &Moment) -> String {
        deadline(self.locale, &self.zone, *at)
    }

    pub fn joint(&self) -> &'static str {
        self.locale.joint()
    }

    pub fn date(&self, at: &Moment) -> String {
        date(self.locale, &self.zone, *at)
    }

    /// What the site's clock shows, for comparing another one with it.
    pub fn clock(&self, now: Moment) -> String {
        clock(self.locale, &self.zone, now)
    }

    /// When something may be tried again: the next full minute, with the day unless it is today, and the time zone.
    pub fn next_minute(&self, at: &Moment, now: Moment) -> String {
        when(self.locale, &self.zone, at.to_next_minute(), now)
    }

    /// The month of a text's version.
    pub fn month(&self, version: &str) -> String {
        month(self.locale, version)
    }

    pub fn iso(&self, at: &Moment) -> String {
        iso(*at)
    }
}
