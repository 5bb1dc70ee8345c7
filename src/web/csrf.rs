//! Tokens in forms (OWASP: synchronizer token for sessions, signed double submit before).
//!
//! The secret behind a form's token belongs to the session, or, before there is one, to a signed cookie that costs no row.
//! What stands in the page is masked anew each time, so that compression tells nothing about it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::base::{Keys, Purpose, constant_time_eq, random_bytes};

const BYTES: usize = 16;

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

    /// For the cookie of a browser without a session: the secret's seed and our signature.
    pub fn to_cookie(self, keys: &Keys) -> String {
        let [sign @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
            keys.mac(Purpose::Forms, &[b"cookie", &self.0]);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(self.0), URL_SAFE_NO_PAD.encode(sign))
    }

    /// None for a cookie that we did not sign.
    pub fn from_cookie(cookie: &str, keys: &Keys) -> Option<Secret> {
        let secret = Secret::from_text(cookie.split('.').next()?)?;
        constant_time_eq(secret.to_cookie(keys).as_bytes(), cookie.as_bytes()).then_some(secret)
    }

    /// The hidden field of one form.
    pub fn token(self, keys: &Keys) -> String {
        let mask = random_bytes::<BYTES>();
        let mut bytes = mask.to_vec();
        bytes.extend(self.expected(keys).iter().zip(mask).map(|(a, b)| a ^ b));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub fn accepts(self, token: &str, keys: &Keys) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return false };
        let Some((mask, masked)) = bytes.split_first_chunk::<BYTES>() else { return false };
        let plain: Vec<u8> = masked.iter().zip(mask).map(|(a, b)| a ^ b).collect();
        constant_time_eq(&plain, &self.expected(keys))
    }

    fn expected(self, keys: &Keys) -> [u8; BYTES] {
        let [token @ .., _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _] =
            keys.mac(Purpose::Forms, &[b"token", &self.0]);
        token
    }
}

fn decode(text: &str) -> Option<[u8; BYTES]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_one_browser_and_never_looks_the_same() {
        let (keys, anna, boris) = (Keys::from_seed(1), Secret::random(), Secret::random());
        let token = anna.token(&keys);
        assert!(anna.accepts(&token, &keys));
        assert_ne!(token, anna.token(&keys));
        assert!(!boris.accepts(&token, &keys));
        assert!(!anna.accepts(&token, &Keys::from_seed(2)));
        for wrong in ["", "AAAA", &token[1..], "%%%"] {
            assert!(!anna.accepts(wrong, &keys), "{wrong}");
        }
    }

    #[test]
    fn a_cookie_that_somebody_made_up_is_not_believed() {
        let keys = Keys::from_seed(1);
        let secret = Secret::random();
        assert!(Secret::from_cookie(&secret.to_cookie(&keys), &keys).is_some());
        assert!(Secret::from_cookie(&secret.to_cookie(&Keys::from_seed(2)), &keys).is_none());
        assert!(Secret::from_cookie(&secret.to_text(), &keys).is_none());
    }
}
