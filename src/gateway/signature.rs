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
