//! Where the sandbox may be: it shows everybody's codes and messages.

use std::collections::BTreeMap;
use std::ffi::OsString;

use kabinet::config::{LimitMode, LimitModes, Settings};

const LISTEN: [(&str, bool); 8] = [
    ("127.0.0.1:8080", true),
    ("127.8.8.8:8080", true),
    ("[::1]:8080", true),
    ("[::ffff:127.0.0.1]:8080", true),
    ("0.0.0.0:8080", false),
    ("[::]:8080", false),
    ("10.0.0.7:8080", false),
    ("[2001:db8::7]:443", false),
];
const PUBLIC: [(&str, bool); 9] = [
    ("http://127.0.0.1:8080", true),
    ("http://localhost:8080", true),
    ("http://[::1]:8080", true),
    ("https://127.0.0.1", true),
    ("https://localhost:8443", true),
    ("https://[::1]", true),
    ("https://pay.example.org", false),
    ("https://localhost.example.org", false),
    ("https://10.0.0.7", false),
];
/// Everything that the sandbox stands for.
const OUTSIDE: [(&str, &str); 3] = [
    ("KABINET_SMTP_URL", "smtps://mail.example.org"),
    ("KABINET_SMS_URL", "smpp://kabinet:secret@sms.example.org"),
    ("KABINET_GATEWAY_URL", "stripe+https://sk_test_unused@api.stripe.com"),
];

/// Whether the sandbox is on, or the variable that stops the start.
fn sandbox(listen: &str, public: &str, switch: &str, outside: bool) -> Result<bool, &'static str> {
    let mut variables = BTreeMap::from([
        ("KABINET_LISTEN", listen),
        ("KABINET_PUBLIC_URL", public),
        ("KABINET_SANDBOX", switch),
    ]);
    variables.extend(OUTSIDE.iter().filter(|_| outside).copied());
    let settings = Settings::read(&|name| variables.get(name).map(OsString::from));
    settings.map(|settings| settings.sandbox.is_some()).map_err(|error| {
        assert!(!error.problem.is_empty());
        error.variable
    })
}

#[test]
fn the_sandbox_is_on_only_where_nobody_else_can_come() {
    for (listen, own) in LISTEN {
        for (public, loopback) in PUBLIC {
            let plain = public.starts_with("http://");
            for outside in [true, false] {
                let place = format!("{listen} as {public}, outside {outside}");
                let on = sandbox(listen, public, "on", outside);
                assert_eq!(on, if own && loopback { Ok(true) } else { Err("KABINET_SANDBOX") }, "{place}");
                // Left open, it is on where the public URL says «this machine»; then it has to be so.
                let left_open = sandbox(listen, public, "", outside);
                match (loopback, own) {
                    (true, _) => assert_eq!(left_open, on, "{place}"),
                    (false, _) if outside => assert_eq!(left_open, Ok(false), "{place}"),
                    (false, _) => assert_eq!(left_open, Err("KABINET_SMTP_URL"), "{place}"),
                }
                let off = sandbox(listen, public, "off", outside);
                let expected = match (plain && !own, outside) {
                    (true, _) => Err("KABINET_PUBLIC_URL"),
                    (false, true) => Ok(false),
                    (false, false) => Err("KABINET_SMTP_URL"),
                };
                assert_eq!(off, expected, "{place}");
            }
        }
    }
}

#[test]
fn cards_and_codes_may_be_tried_at_will_only_where_they_are_toys() {
    let read = |pairs: &[(&'static str, &'static str)]| {
        let variables: BTreeMap<_, _> = pairs.iter().copied().collect();
        Settings::read(&|name| variables.get(name).map(OsString::from))
            .map(|settings| settings.limits)
            .map_err(|error| error.variable)
    };
    let [_mail, sms, gateway] = OUTSIDE;
    let (trial, strict) = (LimitMode::Trial, LimitMode::Strict);
    let modes = |cards, codes| Ok(LimitModes { cards, codes });
    assert_eq!(read(&[]), modes(trial, trial), "the first run");
    assert_eq!(read(&[("KABINET_CARD_LIMITS", "strict")]), modes(strict, trial));
    assert_eq!(read(&[("KABINET_CODE_LIMITS", "strict")]), modes(trial, strict));
    assert_eq!(read(&[gateway]), modes(strict, trial), "real cards");
    assert_eq!(read(&[sms]), modes(trial, strict), "real messages");
    for limits in ["trial", "none"] {
        for (real, variable) in [(gateway, "KABINET_CARD_LIMITS"), (sms, "KABINET_CODE_LIMITS")] {
            assert_eq!(read(&[real, (variable, limits)]), Err(variable), "{limits}");
        }
    }
    assert_eq!(read(&[("KABINET_CARD_WAIT_SECONDS", "61")]), Err("KABINET_CARD_WAIT_SECONDS"));
}
