//! Cookies: one place for their names and attributes.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};

use crate::base::Token;

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
/// An invitation that was accepted in this browser.
pub const INVITATION: &str = "invitation";
/// The chosen language.
pub const LOCALE: &str = "locale";

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
const OURS: [(&str, &str, &str); 8] = [
    (SESSION, "__Host-sid", "sid-dev"),
    (PRE_SESSION, "__Host-pre", "pre-dev"),
    (REGISTRATION, "__Host-reg", "reg-dev"),
    (FACTOR, "__Host-factor", "factor-dev"),
    (TRUSTED_BROWSER, "__Host-browser", "browser-dev"),
    (RECOVERY, "__Host-recovery", "recovery-dev"),
    (INVITATION, "__Host-invitation", "invitation-dev"),
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

    pub fn removal(self, base: &'static str) -> Cookie<'static> {
        let mut cookie = self.make(base, "", None);
        cookie.make_removal();
        cookie
    }

    pub fn read(self, req: &HttpRequest, base: &'static str) -> Option<String> {
        let (cookies, name) = (req.cookies().ok()?, self.name(base));
        cookies.iter().find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    }

    /// A cookie that holds a token.
    pub fn token(self, req: &HttpRequest, base: &'static str) -> Option<Token> {
        self.read(req, base).as_deref().and_then(Token::read)
    }

    /// Whether one of our names stands twice in the request: then somebody has put a cookie beside ours, and none is believed.
    pub fn doubled(self, req: &HttpRequest) -> bool {
        let mut seen = [0_u32; OURS.len()];
        for header in req.headers().get_all(COOKIE) {
            // Bytes: a stranger's cookie with letters of any alphabet is no reason to refuse anybody.
            for pair in header.as_bytes().split(|byte| *byte == b';') {
                let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
                for (count, (base, ..)) in seen.iter_mut().zip(OURS) {
                    if name == self.name(base).as_bytes() {
                        *count += 1;
                    }
                }
            }
        }
        seen.iter().any(|count| *count > 1)
    }
}
