//! Signatures of callbacks, as Stripe writes them: `t=1700000000,v1=<hex of HMAC-SHA-256 over "t.body">`.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::call::BadCallback;
use crate::base::{Moment, constant_time_eq, hex, minutes};

const TOLERANCE: Duration = minutes(5);
/// While a secret is changed, there are two signatures.
const MAX_SIGNATURES: usize = 5;

/// Signs a body at a moment.
pub fn sign(secret: &[u8], body: &[u8], now: Moment) -> String {
    let at = now.micros().div_euclid(1_000_000);
    format!("t={at},v1={}", hex(&mac(secret, at, body)))
}

/// Whether the body was signed with the secret, within five minutes of now. The time needed does not tell how near a guess is.
pub fn check(secret: &[u8], signature: &str, body: &[u8], now: Moment) -> Result<(), BadCallback> {
    let parts: Vec<(&str, &str)> =
        signature.split(',').filter_map(|part| part.trim().split_once('=')).collect();
    let at = parts.iter().find(|(name, _)| *name == "t").and_then(|(_, at)| at.parse::<i64>().ok());
    let at = at.ok_or(BadCallback::Unsigned)?;
    let expected = hex(&mac(secret, at, body));
    let mut given = parts.iter().filter(|(name, _)| *name == "v1").take(MAX_SIGNATURES).peekable();
    if given.peek().is_none() {
        return Err(BadCallback::Unsigned);
    }
    if !given.any(|(_, theirs)| constant_time_eq(theirs.as_bytes(), expected.as_bytes())) {
        return Err(BadCallback::Forged);
    }
    let signed_at = Moment::from_micros(at.saturating_mul(1_000_000));
    let apart = now.since(signed_at).max(signed_at.since(now));
    if apart > TOLERANCE { Err(BadCallback::Untimely) } else { Ok(()) }
}

fn mac(secret: &[u8], at: i64, body: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(secret) else { return Vec::new() };
    mac.update(format!("{at}.").as_bytes());
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::seconds;

    const SECRET: &[u8] = b"whsec_test";

    #[test]
    fn a_signature_that_another_program_made_is_believed() {
        // python3: hmac.new(b"whsec_test", b'1700000000.{"a":1}', "sha256").hexdigest()
        let hex = "38877139021993b830af32feea6e18a8da83eb2f6e49ee50bd9e4cf4ca4d3789";
        let now = Moment::from_micros(1_700_000_000_000_000);
        assert_eq!(sign(SECRET, br#"{"a":1}"#, now), format!("t=1700000000,v1={hex}"));
        assert_eq!(check(SECRET, &format!("t=1700000000,v0=00,v1=00,v1={hex}"), br#"{"a":1}"#, now), Ok(()));
    }

    #[test]
    fn whatever_is_changed_is_found() {
        let now = Moment::from_micros(1_700_000_000_000_000);
        let good = sign(SECRET, b"body", now);
        assert_eq!(check(SECRET, &good, b"body", now), Ok(()));
        assert_eq!(check(SECRET, &good, b"bodY", now), Err(BadCallback::Forged));
        assert_eq!(check(b"other", &good, b"body", now), Err(BadCallback::Forged));
        assert_eq!(check(SECRET, &good.replace("t=17", "t=18"), b"body", now), Err(BadCallback::Forged));
        for bad in ["", "t=1700000000", "v1=00", "t=x,v1=00", "garbage"] {
            assert_eq!(check(SECRET, bad, b"body", now), Err(BadCallback::Unsigned), "{bad}");
        }
        assert_eq!(check(SECRET, &good, b"body", now.after(seconds(299))), Ok(()));
        assert_eq!(check(SECRET, &good, b"body", now.after(seconds(302))), Err(BadCallback::Untimely));
        assert_eq!(check(SECRET, &good, b"body", now.before(seconds(302))), Err(BadCallback::Untimely));
    }
}
