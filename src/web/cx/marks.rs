//! What differs from reader to reader on a page that is kept: while it is written, marks stand in those places.

use std::borrow::Cow;
use std::cell::RefCell;

use super::Cx;
use crate::texts::Locale;
use crate::web::csrf;

/// So many languages and zones in one minute are looked through; then it begins anew.
const MANY_ZONES: usize = 32;

impl Cx {
    /// Marks stand in the places of the page from here on. Returns them; for a stranger there is but one, as long as what takes its place.
    pub(in crate::web) fn put_marks(&self) -> &[String] {
        // They begin with a character that no page has.
        let marks = self.marks.get_or_init(|| {
            let token = format!("\u{1}{:.<1$}", "token", csrf::TOKEN_CHARS - 1);
            [token, "\u{1}number\u{1}".to_owned(), "\u{1}opened\u{1}".to_owned()]
        });
        match self.session {
            Some(_) => marks,
            None => marks.get(..1).unwrap_or_default(),
        }
    }

    /// What belongs into the place of a mark.
    pub(in crate::web) fn of_mark(&self, mark: usize) -> String {
        match mark {
            0 => self.true_token().to_owned(),
            1 => self.session.as_ref().map(|session| session.number.clone()).unwrap_or_default(),
            _ => self.this_minute(),
        }
    }

    /// The hidden field of a form on this page.
    pub fn csrf(&self) -> &str {
        self.marks.get().map_or_else(|| self.true_token(), |[token, ..]| token)
    }

    fn true_token(&self) -> &str {
        self.token.get_or_init(|| self.secret().token(self.browser(), &self.owner(), &self.state.keys))
    }

    /// The account number of whoever is signed in.
    pub fn number(&self) -> &str {
        let number = || self.session.as_ref().map_or("", |session| &session.number);
        self.marks.get().map_or_else(number, |[_, number, _]| number)
    }

    /// When the page was opened: what a printed one says.
    pub fn opened(&self) -> String {
        self.marks.get().map_or_else(|| self.this_minute(), |[.., opened]| opened.clone())
    }

    /// What time it is here: written once a minute for each language and zone, because each page of somebody signed in says it.
    fn this_minute(&self) -> String {
        type Written = (i64, Vec<(Locale, Cow<'static, str>, String)>);
        thread_local! {
            static WRITTEN: RefCell<Written> = const { RefCell::new((0, Vec::new())) };
        }
        let now = self.now();
        let minute = now.micros().div_euclid(60_000_000);
        WRITTEN.with_borrow_mut(|(written_in, all)| {
            if *written_in != minute || all.len() == MANY_ZONES {
                (*written_in, *all) = (minute, Vec::new());
            }
            let known = all.iter().find(|(locale, zone, _)| *locale == self.locale && *zone == self.zone);
            if let Some((.., text)) = known {
                return text.clone();
            }
            let text = self.deadline(&now);
            all.push((self.locale, self.zone.clone(), text.clone()));
            text
        })
    }
}
