//! The same page in another language.

use actix_web::HttpRequest;

use super::Cx;
use super::address::query;
use crate::texts::{Locale, Words};
use crate::web::own_pages::{NEXT, PLACE};

/// One choice of the language switch.
pub struct LanguageLink<'a> {
    /// The page that is shown, or the page of the form that was sent.
    pub path: &'a str,
    /// What its address has to carry along, each word behind an `&`.
    pub rest: String,
    pub code: Words,
    pub lang: Words,
    pub name: Words,
    pub current: bool,
}

/// What an address says of the part of a list that it shows.
pub(super) fn place(req: &HttpRequest) -> Vec<(&'static str, String)> {
    PLACE.iter().filter_map(|word| Some((*word, query(req, word)?))).collect()
}

impl Cx {
    pub fn locales(&self) -> impl Iterator<Item = LanguageLink<'_>> {
        Locale::ALL.iter().map(|locale| LanguageLink {
            path: self.form_page(),
            rest: self.carried(),
            code: Words::plain(locale.code()),
            lang: Words::plain(locale.word()),
            name: Words::plain(locale.name()),
            current: *locale == self.locale,
        })
    }

    fn carried(&self) -> String {
        let wanted = self.wanted.iter().map(|wanted| format!("&{NEXT}={}", wanted.as_word()));
        let place = self.place.iter().map(|(word, value)| {
            let value: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
            format!("&{word}={value}")
        });
        wanted.chain(place).collect()
    }

    /// This page's address, with the part of the list that it shows.
    pub(in crate::web) fn address(&self) -> String {
        let place: Vec<String> = self.place.iter().map(|(word, value)| format!("{word}={value}")).collect();
        let whole = format!("{}?{}", self.path, place.join("&"));
        // What is no part of a list is left out.
        let is_known = !place.is_empty() && self.own_page(&whole).is_some();
        if is_known { whole } else { self.path.clone() }
    }

    /// Whether another reader of this page, signed in as this one or not, is shown the same in this language but in its marks.
    pub(in crate::web) fn is_for_everybody(&self) -> bool {
        self.place.is_empty()
            && self.flash.is_none()
            && self.draft().is_none()
            && !self.keeps_nothing
            && self.wanted.is_none()
    }
}
