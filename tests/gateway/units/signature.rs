//! Signatures of callbacks.

use kabinet::base::{Moment, seconds};
use kabinet::gateway::BadCallback;
use kabinet::gateway::signature::{check, sign};

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
