//! Tokens in forms (OWASP: synchronizer token for sessions, signed double submit before).
//!
//! The secret behind a form's token belongs to the session, or, before there is one, to a signed cookie that costs no row.
//! What stands in the page is masked anew each time (with a number that is not used twice, under our key), so that compression tells
//! nothing about it. It also says for which browser and for which account it was made, and that we have made it: a form from before a
//! sign-in, or from before the browser was closed, is told from one that somebody else has put together. It is not taken, but what was
//! typed is shown again.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::base::{AccountId, Keys, Purpose, constant_time_eq, random_bytes};

const BYTES: usize = 16;
const SEAL_BYTES: usize = 8;
/// How long each token is: mask, both secrets, the owner and the seal, in base64.
pub(super) const TOKEN_CHARS: usize = ((4 * BYTES + SEAL_BYTES) * 4).div_ceil(3);

/// A secret shared by a browser's forms.
#[derive(Clone, Copy)]
pub struct Secret([u8; BYTES]);

impl Secret {
    pub fn random() -> Secret {
        Secret(random_bytes())
    }

    /// For the session's state.
    pub fn to_text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub fn from_text(text: &str) -> Option<Secret> {
        decode(text).map(Secret)
    }

    /// The hidden field of one form, in this browser, for that reader.
    pub fn token(self, browser: Secret, owner: &Owner, keys: &Keys) -> String {
        let mask = mask(keys);
        let mut bytes = Vec::with_capacity(4 * BYTES + SEAL_BYTES);
        bytes.extend(mask);
        for part in [self.expected(b"token", keys), browser.expected(b"browser", keys), owner.0] {
            bytes.extend(part.iter().zip(mask).map(|(a, b)| a ^ b));
        }
        bytes.extend(seal(&bytes, keys));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub fn accepts(self, token: &Token) -> bool {
        constant_time_eq(&token.of_secret, &self.expected(b"token", token.keys))
    }

    /// Whether a token was made for this browser, in whatever session.
    pub fn has_seen(self, token: &Token) -> bool {
        constant_time_eq(&token.of_browser, &self.expected(b"browser", token.keys))
    }

    fn expected(self, label: &[u8], keys: &Keys) -> [u8; BYTES] {
        half(keys.mac(Purpose::Forms, &[label, &self.0]))
    }
}

/// For which account a form was made, or for whoever is not signed in: a name that says nothing without our keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner([u8; BYTES]);

impl Owner {
    pub fn of(account: Option<AccountId>, keys: &Keys) -> Owner {
        let id = account.map(|id| id.as_i64().to_be_bytes());
        Owner(half(keys.mac(Purpose::Forms, &[b"owner", id.as_ref().map_or(&[], |id| id)])))
    }
}

/// Looks random to everybody else, is never the same again, and asks the system for nothing.
fn mask(keys: &Keys) -> [u8; BYTES] {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    static START: LazyLock<[u8; BYTES]> = LazyLock::new(random_bytes);
    let count = COUNT.fetch_add(1, Ordering::Relaxed).to_le_bytes();
    half(keys.mac(Purpose::Forms, &[b"mask", &*START, &count]))
}

fn half([half @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _]: [u8; 32]) -> [u8; BYTES] {
    half
}

/// What a browser holds without a session: the secret of its forms, which goes when a session begins, ends or is turned over, and
/// its own mark, which stays and opens nothing.
#[derive(Clone, Copy)]
pub struct PreSession {
    pub secret: Secret,
    pub browser: Secret,
}

impl PreSession {
    pub fn random() -> PreSession {
        let drawn = random_bytes::<{ 2 * BYTES }>();
        let (secret, browser) = drawn.split_at(BYTES);
        let secret_of = |drawn: &[u8]| Secret(drawn.try_into().unwrap_or_else(|_never| random_bytes()));
        PreSession { secret: secret_of(secret), browser: secret_of(browser) }
    }

    /// The same browser with another secret: whoever knows the one that it had until now has nothing.
    #[must_use]
    pub fn turned_over(self) -> PreSession {
        PreSession { secret: Secret::random(), ..self }
    }

    /// Both, and our signature.
    pub fn to_cookie(self, keys: &Keys) -> String {
        let signature = URL_SAFE_NO_PAD.encode(self.signature(keys));
        format!("{}.{}.{signature}", self.secret.to_text(), self.browser.to_text())
    }

    /// None for a cookie that we did not sign.
    pub fn from_cookie(cookie: &str, keys: &Keys) -> Option<PreSession> {
        let mut parts = cookie.split('.').map(decode);
        let held = PreSession { secret: Secret(parts.next()??), browser: Secret(parts.next()??) };
        let signature = parts.next()??;
        let is_ours = parts.next().is_none() && constant_time_eq(&signature, &held.signature(keys));
        is_ours.then_some(held)
    }

    fn signature(self, keys: &Keys) -> [u8; BYTES] {
        half(keys.mac(Purpose::Forms, &[b"cookie", &self.secret.0, &self.browser.0]))
    }
}

/// The token of the form that a request has brought.
pub(super) struct SentToken(pub String);

/// A hidden field that came back.
pub struct Token<'k> {
    of_secret: [u8; BYTES],
    of_browser: [u8; BYTES],
    of_owner: [u8; BYTES],
    keys: &'k Keys,
}

impl Token<'_> {
    /// For whom it was made.
    pub fn owner(&self) -> Owner {
        Owner(self.of_owner)
    }

    /// None for what no page of ours has ever held.
    pub fn read<'k>(text: &str, keys: &'k Keys) -> Option<Token<'k>> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (parts, sealed) = bytes.split_at_checked(4 * BYTES)?;
        if !constant_time_eq(sealed, &seal(parts, keys)) {
            return None;
        }
        let (mask, parts) = parts.split_first_chunk::<BYTES>()?;
        let (of_secret, parts) = parts.split_first_chunk::<BYTES>()?;
        let (of_browser, parts) = parts.split_first_chunk::<BYTES>()?;
        let (of_owner, _) = parts.split_first_chunk::<BYTES>()?;
        let plain = |masked: &[u8; BYTES]| {
            let mut plain = *masked;
            plain.iter_mut().zip(mask).for_each(|(byte, mask)| *byte ^= mask);
            plain
        };
        Some(Token {
            of_secret: plain(of_secret),
            of_browser: plain(of_browser),
            of_owner: plain(of_owner),
            keys,
        })
    }
}

/// What tells a token that we have made from one that somebody made up.
fn seal(parts: &[u8], keys: &Keys) -> [u8; SEAL_BYTES] {
    let [seal @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
        keys.mac(Purpose::Forms, &[b"seal", parts]);
    seal
}

fn decode(text: &str) -> Option<[u8; BYTES]> {
    // A little longer than what fits, so that what is too long is told.
    let mut bytes = [0; BYTES + 2];
    let length = URL_SAFE_NO_PAD.decode_slice(text, &mut bytes).ok()?;
    bytes.get(..length)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_one_browser_and_never_looks_the_same() {
        let (keys, anna, boris) = (Keys::from_seed(1), Secret::random(), Secret::random());
        let browser = Secret::random();
        let owner = |id| Owner::of(Some(AccountId::from_i64(id)), &keys);
        let text = anna.token(browser, &owner(1), &keys);
        let token = Token::read(&text, &keys).unwrap();
        assert_eq!(text.len(), TOKEN_CHARS);
        assert!(anna.accepts(&token) && browser.has_seen(&token));
        assert_ne!(text, anna.token(browser, &owner(1), &keys));
        assert!(token.owner() == owner(1) && owner(1) != owner(2) && owner(1) != Owner::of(None, &keys));
        assert!(!boris.accepts(&token) && !browser.accepts(&token));
        assert!(!boris.has_seen(&token) && !anna.has_seen(&token));
        assert!(Token::read(&text, &Keys::from_seed(2)).is_none());
        for wrong in ["", "AAAA", &text[1..], "%%%", &format!("{text}AAAA")] {
            assert!(Token::read(wrong, &keys).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_cookie_that_somebody_made_up_is_not_believed() {
        let keys = Keys::from_seed(1);
        let held = PreSession::random();
        let is_believed = |cookie: &str| PreSession::from_cookie(cookie, &keys).is_some();
        assert!(is_believed(&held.to_cookie(&keys)) && is_believed(&held.turned_over().to_cookie(&keys)));
        assert!(!is_believed(&held.to_cookie(&Keys::from_seed(2))));
        assert!(!is_believed(&format!("{}.{}.", held.secret.to_text(), held.browser.to_text())));
        assert!(!is_believed(&held.secret.to_text()) && !is_believed(""));
    }
}
