//! What lies between two pages: the page that somebody was on the way to, and what the answer before has left to say.

use actix_web::cookie::Cookie;
use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use zeroize::Zeroizing;

use super::Cx;
use super::old_form::OLD_FORM;
use crate::base::{Purpose, Token};
use crate::limits::Judged;
use crate::texts;
use crate::web::cookies::{FLASH, LOCALE};
use crate::web::csrf::SentToken;
use crate::web::flash::{self, Flash, OldForm, SentForm};
use crate::web::own_pages::{OwnPages, WantedPage};
use crate::web::redirect::see_other;
use crate::web::state::State;

impl Cx {
    /// A secret that belongs to this browser and is stored nowhere else; None before it has seen a form.
    pub(in crate::web) fn browser_secret(&self) -> Option<Zeroizing<String>> {
        self.pre_session
            .get()
            .filter(|(_, fresh)| !fresh)
            .map(|(held, _)| Zeroizing::new(held.secret.to_text()))
    }

    /// What the browser is to hold once this form is taken. It is the same when the same form comes once more: on a slow line a second press
    /// throws away the first answer, and the cookie with it.
    pub fn token_of_form(&self, req: &HttpRequest, what: &str) -> Token {
        let sent = req.extensions().get::<SentToken>().map(|SentToken(token)| token.clone());
        sent.map_or_else(Token::random, |sent| self.token_of_browser(&format!("{what} {sent}")))
    }

    /// The same for whatever form of this browser is about that.
    pub fn token_of_browser(&self, what: &str) -> Token {
        let Some(secret) = self.browser_secret() else { return Token::random() };
        let parts: [&[u8]; 3] = [b"held", what.as_bytes(), secret.as_bytes()];
        Token::of_bytes(self.state.keys.mac(Purpose::Forms, &parts))
    }

    /// A value that can be guessed, such as a password, as it comes from this browser: named under the browser's secret too. None for a
    /// browser that has none.
    pub fn judged(&self, what: &str, parts: &[&[u8]]) -> Option<Judged> {
        let secret = self.browser_secret()?;
        let parts: Vec<&[u8]> = [secret.as_bytes()].into_iter().chain(parts.iter().copied()).collect();
        Some(Judged::of(&self.state.keys, what, &parts))
    }

    /// A page of whoever is signed in, and the part of its list; None for any other address.
    pub fn own_page(&self, path: &str) -> Option<WantedPage> {
        self.own_pages.and_then(|pages| pages.read(path))
    }

    pub(in crate::web) fn path(&self) -> &str {
        &self.path
    }

    /// The page of the form that was sent here.
    pub(in crate::web) fn form_page(&self) -> &str {
        self.own_pages.filter(|_| self.is_form).map_or(&self.path, |pages| pages.of_form(&self.path))
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

    /// Of a form that was not taken: the page that it was to open. What was typed there comes back, as far as it is no secret.
    pub fn wants_old(&mut self, req: &HttpRequest) -> Vec<(String, String)> {
        let Some(old) = req.extensions_mut().remove::<OldForm>() else { return Vec::new() };
        self.wanted = old.next.and_then(|next| self.own_page(&next));
        old.typed
    }

    /// What the answer before has left to say.
    pub fn said(&self) -> Option<String> {
        let said = |flash: &Flash| match flash.old_form() {
            Some(_) => OLD_FORM.to_owned(),
            None => self.unbroken(texts::words_with(self.locale, flash.key(), flash.args())),
        };
        if self.draft().is_some() {
            return Some(OLD_FORM.to_owned());
        }
        let no_cookies = || self.keeps_nothing.then(|| self.t("refusal-stale-text").to_string());
        self.flash.as_ref().filter(|flash| flash.has_words()).map(said).or_else(no_cookies)
    }

    /// Whether that is good news.
    pub fn says_good(&self) -> bool {
        self.flash.as_ref().is_some_and(Flash::is_good)
    }

    /// What stands in a field: what was typed in vain a moment ago, else what the form holds.
    pub fn typed<'a>(&'a self, field: &str, held: &'a str) -> &'a str {
        let of_flash = self.flash.as_ref().and_then(|flash| flash.value(&self.path, field));
        of_flash.or_else(|| self.draft()?.value(field)).unwrap_or(held)
    }

    /// The way to another page, which says this.
    pub fn leads_on(&self, path: &str, flash: Flash) -> HttpResponse {
        self.telling(see_other(path), flash)
    }

    pub(in crate::web) fn telling(&self, mut response: HttpResponse, flash: Flash) -> HttpResponse {
        let _ = response.add_cookie(&self.saying(flash));
        response
    }

    /// What an answer has to leave in the browser whoever made it: the language that was asked for, where the answer leads elsewhere;
    /// what was typed into a form that was refused, for its page in another language; nothing of a form that was taken.
    pub(in crate::web) fn left_behind<B>(response: &ServiceResponse<B>) -> Vec<Cookie<'static>> {
        let request = response.request();
        let Some(state) = request.app_data::<web::Data<State>>() else { return Vec::new() };
        let is_set =
            |base| response.response().cookies().any(|cookie| cookie.name() == state.cookies.name(base));
        let chosen = super::address::query_locale(request)
            .filter(|_| response.status().is_redirection() && !is_set(LOCALE));
        let mut left: Vec<Cookie<'static>> =
            chosen.map(|locale| state.cookies.locale(locale)).into_iter().collect();
        let status = response.status();
        if matches!(status, StatusCode::UNPROCESSABLE_ENTITY | StatusCode::TOO_MANY_REQUESTS) {
            let sent = request.extensions_mut().remove::<SentForm>().filter(|sent| !sent.0.is_empty());
            let page =
                request.app_data::<OwnPages>().map_or(request.path(), |pages| pages.of_form(request.path()));
            left.extend(sent.map(|SentForm(typed)| {
                let kept = Flash::of_form(page, typed).sealed(&state.keys);
                state.cookies.brief(FLASH, &kept, flash::MINUTES)
            }));
        } else if *request.method() == Method::POST
            && state.cookies.read(request, FLASH).is_some()
            && !is_set(FLASH)
        {
            left.push(state.cookies.removal(FLASH));
        }
        left
    }

    /// What has the next page say this; that a form was not taken is said in any case.
    pub fn saying(&self, flash: Flash) -> Cookie<'static> {
        let not_taken = self.flash.clone().filter(|held| held.is_refusal() && !self.is_form);
        let flash = not_taken.unwrap_or(flash);
        self.state.cookies.brief(FLASH, &flash.sealed(&self.state.keys), flash::MINUTES)
    }

    /// Whether the browser has brought what a page is to say, and so must forget it.
    pub(in crate::web) fn flash_removal(&self) -> Option<Cookie<'static>> {
        self.has_flash.then(|| self.state.cookies.removal(FLASH))
    }
}
