//! Cookies: one place for their names and attributes.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};

use crate::base::Token;
use crate::texts::Locale;

/// The signed-in browser.
pub const SESSION: &str = "sid";
/// A browser that has seen a form and has no session yet.
pub const PRE_SESSION: &str = "pre";
/// A registration under way.
pub const REGISTRATION: &str = "reg";
/// A sign-in that waits for its second factor.
pub const FACTOR: &str = "factor";
/// A browser in which somebody has signed in before.
pub const TRUSTED_BROWSER: &str = "browser";
/// A way back into an account.
pub const RECOVERY: &str = "recovery";
/// What that holds once the password is changed.
pub const RECOVERED: &str = "done";
/// An invitation that was accepted in this browser.
pub const INVITATION: &str = "invitation";
/// What the next page is to say.
pub const FLASH: &str = "flash";
/// Forms that were not taken, until their pages are opened again.
pub const DRAFTS: &str = "drafts";
/// The chosen language.
pub const LOCALE: &str = "locale";
const LOCALE_DAYS: i64 = 365;

/// lynx takes `SameSite=Lax` for a cookie and what follows it for that cookie's attributes: so it comes last. Otherwise a session
/// begun on /registration/password would end outside /registration.
pub fn same_site_last(headers: &mut HeaderMap) {
    if !headers.contains_key(SET_COOKIE) {
        return;
    }
    let lines: Vec<HeaderValue> =
        headers.get_all(SET_COOKIE).filter_map(|line| reordered(line.to_str().ok()?)).collect();
    headers.remove(SET_COOKIE);
    for line in lines {
        headers.append(SET_COOKIE, line);
    }
}

fn reordered(line: &str) -> Option<HeaderValue> {
    let (last, mut parts): (Vec<&str>, Vec<&str>) =
        line.split("; ").partition(|part| part.starts_with("SameSite="));
    parts.extend(last);
    HeaderValue::from_str(&parts.join("; ")).ok()
}

/// What each of ours is called over https, and over http on a loopback address.
const OURS: [(&str, &str, &str); 10] = [
    (SESSION, "__Host-sid", "sid-dev"),
    (PRE_SESSION, "__Host-pre", "pre-dev"),
    (REGISTRATION, "__Host-reg", "reg-dev"),
    (FACTOR, "__Host-factor", "factor-dev"),
    (TRUSTED_BROWSER, "__Host-browser", "browser-dev"),
    (RECOVERY, "__Host-recovery", "recovery-dev"),
    (INVITATION, "__Host-invitation", "invitation-dev"),
    (FLASH, "__Host-flash", "flash-dev"),
    (DRAFTS, "__Host-drafts", "drafts-dev"),
    (LOCALE, "__Host-locale", "locale"),
];

/// Makes cookies for https (`__Host-`, Secure) or for a loopback address over http, where text browsers would drop such.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    https: bool,
}

impl Cookies {
    pub fn new(https: bool) -> Cookies {
        Cookies { https }
    }

    /// The name as browsers see it.
    pub fn name(self, base: &'static str) -> &'static str {
        let ours = OURS.iter().find(|(known, ..)| *known == base);
        ours.map_or(base, |(_, https, loopback)| if self.https { https } else { loopback })
    }

    fn names(self) -> [&'static str; OURS.len()] {
        OURS.map(|(_, https, loopback)| if self.https { https } else { loopback })
    }

    pub fn secure(self) -> bool {
        self.https
    }

    /// A cookie; without `days` it lives as long as the browser's session.
    pub fn make(self, base: &'static str, value: &str, days: Option<i64>) -> Cookie<'static> {
        let made = Cookie::build(self.name(base), value.to_owned())
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.https);
        match days {
            Some(days) => made.max_age(Duration::days(days)).finish(),
            None => made.finish(),
        }
    }

    /// A cookie that the browser forgets by itself.
    pub fn brief(self, base: &'static str, value: &str, minutes: i64) -> Cookie<'static> {
        let mut cookie = self.make(base, value, None);
        cookie.set_max_age(Duration::minutes(minutes));
        cookie
    }

    /// The language from now on.
    pub fn locale(self, locale: Locale) -> Cookie<'static> {
        self.make(LOCALE, locale.code(), Some(LOCALE_DAYS))
    }

    pub fn removal(self, base: &'static str) -> Cookie<'static> {
        let mut cookie = self.make(base, "", None);
        cookie.make_removal();
        cookie
    }

    pub fn read(self, req: &HttpRequest, base: &'static str) -> Option<String> {
        let found = value_of(req.headers(), self.name(base));
        if found.is_none_or(|value| !value.bytes().any(|byte| matches!(byte, b'%' | b'"'))) {
            return found.map(str::to_owned);
        }
        let (cookies, name) = (req.cookies().ok()?, self.name(base));
        cookies.iter().find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    }

    /// Of a browser that holds nothing but what strangers hold: its secret of forms, if it has one. None for any other.
    pub(super) fn of_stranger(self, headers: &HeaderMap) -> Option<Option<&str>> {
        const STRANGERS: [&str; 3] = [PRE_SESSION, TRUSTED_BROWSER, LOCALE];
        let is_stranger = |name: &str| STRANGERS.iter().any(|base| self.name(base) == name);
        let pre = pairs(headers).find(|(name, _)| *name == self.name(PRE_SESSION)).map(|(_, value)| value);
        pairs(headers).all(|(name, _)| is_stranger(name)).then_some(pre)
    }

    /// The key of a session, as the session's cookie holds it behind its signature: a secret by itself.
    pub fn session_key(self, req: &HttpRequest) -> Option<Token> {
        let signed = self.read(req, SESSION)?;
        Token::read(signed.get(signed.len().checked_sub(Token::CHARS)?..)?)
    }

    /// A cookie that holds a token.
    pub fn token(self, req: &HttpRequest, base: &'static str) -> Option<Token> {
        self.read(req, base).as_deref().and_then(Token::read)
    }

    /// Leaves of a request's cookies those whose name is one of ours, byte for byte: every other one is nobody's. Whoever reads
    /// cookies after this (actix-session too) decodes percent signs in their names and trims what Unicode calls a space: a cookie
    /// that a neighbouring host has set could pass for one that browsers guard by the prefix of its name.
    ///
    /// False when one of our names stands there twice: then somebody has put a cookie beside ours, and none is believed.
    #[must_use]
    pub fn keep_ours(self, headers: &mut HeaderMap) -> bool {
        if !headers.contains_key(COOKIE) {
            return true;
        }
        let mut seen = [0_u32; OURS.len()];
        let mut kept: Vec<u8> = Vec::new();
        for header in headers.get_all(COOKIE) {
            // Bytes: a stranger's cookie with letters of any alphabet is no reason to refuse anybody.
            for pair in header.as_bytes().split(|byte| *byte == b';').map(trimmed) {
                let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default();
                for (count, ours) in seen.iter_mut().zip(self.names()) {
                    *count += u32::from(name.trim_ascii() == ours.as_bytes());
                }
                if pair.len() > name.len()
                    && pair.is_ascii()
                    && self.names().iter().any(|ours| ours.as_bytes() == name)
                {
                    let separator: &[u8] = if kept.is_empty() { b"" } else { b"; " };
                    kept.extend_from_slice(separator);
                    kept.extend_from_slice(pair);
                }
            }
        }
        headers.remove(COOKIE);
        if !kept.is_empty()
            && let Ok(kept) = HeaderValue::from_bytes(&kept)
        {
            headers.insert(COOKIE, kept);
        }
        seen.iter().all(|count| *count < 2)
    }
}

/// Name and value of each cookie that `keep_ours` has left.
pub(super) fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let kept = headers.get_all(COOKIE).filter_map(|line| line.to_str().ok());
    kept.flat_map(|line| line.split(';').filter_map(|pair| pair.trim_start_matches(' ').split_once('=')))
}

/// One of them, without a look at the others: most are longer than all their names.
fn value_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).map(HeaderValue::as_bytes);
    let mut pairs = lines.flat_map(|line| line.split(|byte| *byte == b';').map(trimmed));
    let value = pairs.find_map(|pair| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
    std::str::from_utf8(value).ok()
}

/// Without the blanks that separate cookies.
fn trimmed(pair: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let from = pair.iter().position(|byte| !blank(byte)).unwrap_or(pair.len());
    let to = pair.iter().rposition(|byte| !blank(byte)).map_or(from, |last| last + 1);
    pair.get(from..to).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of these headers, and whether they are believed.
    fn left(https: bool, headers: &[&str]) -> (String, bool) {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(COOKIE, HeaderValue::from_bytes(header.as_bytes()).unwrap());
        }
        let believed = Cookies::new(https).keep_ours(&mut map);
        assert!(map.get_all(COOKIE).count() <= 1);
        (map.get(COOKIE).map(|kept| kept.to_str().unwrap().to_owned()).unwrap_or_default(), believed)
    }

    fn escaped(name: &str, letter: usize, lower: bool) -> String {
        let code = name.as_bytes()[letter];
        let code = if lower { format!("%{code:02x}") } else { format!("%{code:02X}") };
        format!("{}{code}{}", &name[..letter], &name[letter + 1..])
    }

    /// Every way to write a name that some reader of cookies takes for it.
    fn spellings(name: &str) -> Vec<String> {
        let mut found: Vec<String> =
            (0..name.len()).flat_map(|at| [escaped(name, at, true), escaped(name, at, false)]).collect();
        found.push(name.bytes().map(|byte| format!("%{byte:02X}")).collect());
        found.push(escaped(name, 0, false).replace('%', "%25"));
        found.extend([name.to_uppercase(), format!("{}{}", name[..1].to_uppercase(), &name[1..])]);
        found.extend(
            ["\u{a0}", "\u{3000}", "\u{2003}", "\u{85}", "\u{feff}", "%20", "%09", "%00", "\""]
                .map(|c| format!("{c}{name}")),
        );
        found.extend([" ", "\t", "\u{a0}", "%20", "%00", "[]", "\"", ".x"].map(|c| format!("{name}{c}")));
        found.extend([format!("={name}"), format!("$Path=/, {name}"), format!("__Secure-{name}")]);
        found.retain(|spelled| spelled != name);
        found
    }

    #[test]
    fn only_what_has_one_of_our_names_byte_for_byte_is_left() {
        for https in [true, false] {
            for name in Cookies::new(https).names() {
                let own = format!("{name}=good=");
                assert_eq!(left(https, &[&own]), (own.clone(), true));
                for spelled in spellings(name) {
                    let evil = format!("{spelled}=evil");
                    assert_eq!(left(https, &[&evil]).0, "", "{evil}");
                    // A blank after the name is taken for the name itself by whoever trims: then ours stands there twice.
                    let believed = spelled.trim_ascii() != name;
                    for headers in [
                        vec![format!("{evil}; {own}")],
                        vec![format!("{own};{evil}")],
                        vec![evil.clone(), own.clone()],
                        vec![own.clone(), evil.clone()],
                        vec![format!("a=1; {own}"), format!("b; {evil}; c=")],
                    ] {
                        let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
                        assert_eq!(left(https, &headers), (own.clone(), believed), "{headers:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn our_names_over_http_are_strangers_over_https_and_the_other_way_round() {
        assert_eq!(left(true, &["sid-dev=1; __Host-sid=2; locale=en_US"]), ("__Host-sid=2".to_owned(), true));
        assert_eq!(
            left(false, &["__Host-sid=1; sid-dev=2; locale=en_US"]),
            ("sid-dev=2; locale=en_US".to_owned(), true)
        );
    }

    #[test]
    fn a_name_that_stands_there_twice_is_told_and_strangers_may() {
        for headers in [
            ["sid-dev=1; sid-dev=1"].as_slice(),
            &["sid-dev=1", "sid-dev=2"],
            &["sid-dev; sid-dev=1"],
            &["sid-dev=1; a; sid-dev=\u{a0}"],
        ] {
            assert!(!left(false, headers).1, "{headers:?}");
        }
        assert_eq!(left(false, &["a=1; a=2; \u{44f}=1; $Version=1; =; ;;"]), (String::new(), true));
        assert_eq!(left(false, &["sid-dev=\u{44f}; pre-dev=\"a=b\""]), ("pre-dev=\"a=b\"".to_owned(), true));
        assert_eq!(left(false, &[]), (String::new(), true));
    }
}
