//! What lies between two pages: the page that somebody was on the way to, and what the answer before has left to say.

use actix_web::cookie::Cookie;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use zeroize::Zeroizing;

use super::Cx;
use crate::limits::Judged;
use crate::texts;
use crate::web::cookies::FLASH;
use crate::web::flash::{self, Flash, OldForm};
use crate::web::own_pages::WantedPage;
use crate::web::redirect::see_other;

impl Cx {
    /// A secret that belongs to this browser and is stored nowhere else; None before it has seen a form.
    pub(in crate::web) fn browser_secret(&self) -> Option<Zeroizing<String>> {
        self.pre_session
            .get()
            .filter(|(_, fresh)| !fresh)
            .map(|(held, _)| Zeroizing::new(held.secret.to_text()))
    }

    /// A value that can be guessed, such as a password, as it comes from this browser: named under the browser's secret too. None for a
    /// browser that has none.
    pub fn judged(&self, what: &str, parts: &[&[u8]]) -> Option<Judged> {
        let secret = self.browser_secret()?;
        let parts: Vec<&[u8]> = [secret.as_bytes()].into_iter().chain(parts.iter().copied()).collect();
        Some(Judged::of(&self.state.keys, what, &parts))
    }

    /// A page of whoever is signed in; None for any other address.
    pub fn own_page(&self, path: &str) -> Option<WantedPage> {
        self.own_pages.and_then(|pages| pages.read(path))
    }

    pub(in crate::web) fn path(&self) -> &str {
        &self.path
    }

    /// The page of the form that was sent here.
    pub(in crate::web) fn form_page(&self) -> &str {
        self.own_pages.map_or(&self.path, |pages| pages.of_form(&self.path))
    }

    /// Whether this is the page, a form of it that is shown again included.
    pub fn is_at(&self, path: &str) -> bool {
        self.form_page() == path
    }

    /// Whether this page belongs to the other.
    pub fn is_within(&self, path: &str) -> bool {
        let section = match self.form_page().split('/').nth(1).unwrap_or_default() {
            "email" | "questions" | "messages" | "sms-settings" => "/profile",
            _ => self.form_page(),
        };
        section.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// This page's address, with the page that opens after signing in.
    pub fn wanting(&self, path: &str) -> String {
        self.wanted.as_ref().map_or_else(|| path.to_owned(), |wanted| wanted.asked_at(path))
    }

    /// Of a form that was not taken: the page that it was to open.
    pub fn wants_old(&mut self, req: &HttpRequest) {
        let old = req.extensions_mut().remove::<OldForm>();
        self.wanted = old.and_then(|old| self.own_page(&old.next?));
    }

    /// What the answer before has left to say.
    pub fn said(&self) -> Option<String> {
        let said = |flash: &Flash| texts::words_with(self.locale, flash.key(), flash.args());
        let no_cookies = || self.keeps_nothing.then(|| self.t("refusal-stale-text").to_string());
        self.flash.as_ref().map(said).or_else(no_cookies)
    }

    /// Whether that is good news.
    pub fn says_good(&self) -> bool {
        self.flash.as_ref().is_some_and(Flash::is_good)
    }

    /// What stands in a field: what was typed in vain a moment ago, else what the form holds.
    pub fn typed<'a>(&'a self, field: &str, held: &'a str) -> &'a str {
        self.flash.as_ref().and_then(|flash| flash.value(&self.path, field)).unwrap_or(held)
    }

    /// The way to another page, which says this.
    pub fn leads_on(&self, path: &str, flash: Flash) -> HttpResponse {
        self.telling(see_other(path), flash)
    }

    pub(in crate::web) fn telling(&self, mut response: HttpResponse, flash: Flash) -> HttpResponse {
        let _ = response.add_cookie(&self.saying(flash));
        response
    }

    /// What has the next page say this.
    pub fn saying(&self, flash: Flash) -> Cookie<'static> {
        self.state.cookies.brief(FLASH, &flash.sealed(&self.state.keys), flash::MINUTES)
    }

    /// Whether the browser has brought what a page is to say, and so must forget it.
    pub(in crate::web) fn flash_removal(&self) -> Option<Cookie<'static>> {
        self.has_flash.then(|| self.state.cookies.removal(FLASH))
    }
}
