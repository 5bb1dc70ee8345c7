//! Who a browser is taken for: sessions, their cookies, and the tokens of forms.

use crate::support::browser::Browser;
use crate::support::peers::{Smsc, Smtp};
use crate::support::person::PASSWORD;
use crate::support::portal::Portal;

#[test]
fn signing_out_ends_the_session_on_the_server() {
    let portal = Portal::start();
    let anna = portal.registers();
    let mut browser = anna.browser.clone();
    let kept = anna.browser.clone();
    assert!(browser.is_signed_in());
    let answer = browser.signs_out().goes_to("/");
    let cleared = answer.header("clear-site-data").unwrap_or_default().to_owned();
    // Not "cookies": the device stays known, so that strangers' failures do not lock its owner out.
    assert!(cleared.contains("\"cache\"") && cleared.contains("\"storage\""), "{cleared}");
    assert_eq!(browser.cookie("sid-dev"), None, "the cookie is taken back");
    assert!(!browser.is_signed_in());
    let mut replayed = kept;
    assert!(replayed.cookie("sid-dev").is_some());
    replayed.get("/cabinet").asks_to_sign_in();
}

#[test]
fn two_session_cookies_are_no_session() {
    let portal = Portal::start();
    let (anna, eve) = (portal.registers(), portal.registers());
    let own = anna.browser.cookie("sid-dev").unwrap().to_owned();
    let injected = eve.browser.cookie("sid-dev").unwrap().to_owned();
    for cookies in [[&injected, &own], [&own, &injected]] {
        let mut browser = portal.browser();
        browser.cookies = cookies.iter().map(|value| ("sid-dev".to_owned(), (*value).clone())).collect();
        let answer = browser.get("/cabinet");
        assert_ne!(answer.status, 200, "one of two sessions was taken");
        assert!(answer.status < 500);
    }
}

#[test]
fn a_session_that_somebody_else_chose_is_never_taken_over() {
    let portal = Portal::start();
    let mut anna = portal.registers();
    let old = anna.browser.cookie("sid-dev").unwrap().to_owned();
    anna.browser.signs_out().goes_to("/");
    let mut browser = portal.browser();
    for planted in ["0", "planted-by-eve", &old] {
        browser.forget("sid-dev");
        browser.cookies.push(("sid-dev".to_owned(), planted.to_owned()));
        browser.signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
        assert_ne!(browser.cookie("sid-dev"), Some(planted));
        let mut eve = portal.browser();
        eve.cookies.push(("sid-dev".to_owned(), planted.to_owned()));
        assert!(!eve.is_signed_in());
    }
}

#[test]
fn signing_in_again_ends_the_session_before() {
    let portal = Portal::start();
    let anna = portal.registers();
    let mut before = anna.browser.clone();
    let mut browser = portal.browser();
    browser.signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
    let first = browser.cookie("sid-dev").unwrap().to_owned();
    browser.signs_out().goes_to("/");
    browser.signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
    assert_ne!(browser.cookie("sid-dev"), Some(first.as_str()));
    assert!(before.is_signed_in(), "another device stays signed in");
}

#[test]
fn a_form_without_its_own_token_is_refused() {
    let portal = Portal::start();
    let mut anna = portal.registers();
    let foreign = portal.browser().token("/sign-in");
    let tokens = ["".to_owned(), "csrf=".to_owned(), "csrf=x".to_owned(), format!("csrf={foreign}")];
    let number = &anna.number;
    let mut stranger = portal.browser();
    for token in &tokens {
        for (signed_in, path, body) in [
            (false, "/sign-in", format!("login={number}&password={PASSWORD}")),
            (false, "/registration", "country=RU&phone=9161234567".to_owned()),
            (true, "/sign-out", String::new()),
            (true, "/email", "email=eve@example.com&password=x".to_owned()),
        ] {
            let who = if signed_in { &mut anna.browser } else { &mut stranger };
            who.get("/sign-in");
            let status = who.posts(path, format!("{token}&{body}").as_bytes()).status;
            assert!(matches!(status, 400 | 403), "{path} with «{token}» answered {status}");
        }
    }
    assert!(!stranger.is_signed_in());
    assert!(anna.browser.is_signed_in());
}

#[test]
fn an_old_tab_leads_on_and_says_that_one_is_signed_in_to_another_account() {
    let portal = Portal::start();
    let anna = portal.registers();
    let mut browser = portal.browser();
    let tab = browser.opens("/sign-in").form_to("/sign-in").unwrap();
    browser.signs_in(&anna.number, PASSWORD).goes_to("/cabinet");
    browser.sends("/sign-in", &tab, &[("login", &anna.number), ("password", PASSWORD)]).goes_to("/cabinet");
    assert!(!browser.opens("/cabinet").says("Вы уже вошли"));
    browser.sends("/sign-in", &tab, &[("login", "boris"), ("password", PASSWORD)]).goes_to("/cabinet");
    let page = browser.opens("/cabinet");
    assert!(page.says("Вы уже вошли") && page.says(&anna.grouped()), "{}", page.text());
    assert!(browser.is_signed_in());
}

#[test]
fn a_form_sent_from_another_site_is_refused_even_with_the_right_token() {
    let portal = Portal::start();
    let anna = portal.registers();
    let own = portal.url("");
    for (header, value, taken) in [
        ("origin", "https://evil.example", false),
        ("sec-fetch-site", "cross-site", false),
        ("origin", &own, true),
        ("sec-fetch-site", "same-origin", true),
        ("sec-fetch-site", "none", true),
    ] {
        let mut browser = portal.browser().with_header(header, value);
        let answer = browser.signs_in(&anna.number, PASSWORD);
        assert_eq!(answer.status, if taken { 303 } else { 403 }, "{header}: {value}");
    }
}

#[test]
fn pages_of_an_account_send_a_stranger_to_the_sign_in_page() {
    let portal = Portal::start();
    for path in ["/cabinet", "/cards", "/email", "/email/code", "/registration/done"] {
        let (end, answer) = portal.browser().follows(path);
        assert_eq!(end, format!("/sign-in?next={path}"));
        assert_eq!(answer.status, 200);
    }
    for next in ["//evil.example", "https://evil.example/", "/\\evil.example", "%2F%2Fevil.example"] {
        let anna = portal.registers();
        let mut browser = portal.browser();
        let form = browser.opens(&format!("/sign-in?next={next}")).form_to("/sign-in").unwrap();
        let answer = browser.sends("/sign-in", &form, &[("login", &anna.number), ("password", PASSWORD)]);
        answer.goes_to("/cabinet");
    }
}

fn cookies_of(portal: &Portal, person: &mut Browser, number: &str) -> Vec<String> {
    person.portal = portal.listen();
    let mut lines: Vec<String> = Vec::new();
    let mut keep = |answer: &crate::support::http::Answer| {
        lines.extend(answer.headers("set-cookie").iter().map(|line| (*line).to_owned()));
    };
    keep(&person.get("/?locale=en_US"));
    let answer = person.get("/sign-in");
    keep(&answer);
    let form = answer.page().form_to("/sign-in").unwrap();
    keep(&person.sends("/sign-in", &form, &[("login", number), ("password", PASSWORD)]));
    let mut newcomer = portal.browser();
    let answer = newcomer.get("/registration");
    let form = answer.page().form_to("/registration").unwrap();
    keep(&answer);
    keep(&newcomer.sends(
        "/registration",
        &form,
        &[("country", "RU"), ("phone", &crate::support::person::phone())],
    ));
    lines
}

/// Nobody pays here: it is never asked.
const GATEWAY: &str = "stripe+https://sk_test_unused@api.stripe.com";

#[test]
fn cookies_are_short_and_locked_to_the_site() {
    let (smtp, smsc) = (Smtp::start(), Smsc::start());
    let portal = Portal::with().mail_through(&smtp).sms_through(&smsc).start();
    let anna = portal.registers_in(portal.browser(), &smsc, "");
    let https = Portal::with()
        .set("KABINET_PUBLIC_URL", "https://pay.example.org")
        .set("KABINET_SANDBOX", "off")
        .set("KABINET_GATEWAY_URL", GATEWAY)
        .beside(&portal)
        .start();
    for (portal, prefix, suffix) in [(&portal, "", "-dev"), (&https, "__Host-", "")] {
        let lines = cookies_of(portal, &mut portal.browser(), &anna.number);
        for name in ["sid", "pre", "reg", "browser"] {
            let start = format!("{prefix}{name}{suffix}=");
            let line = lines
                .iter()
                .find(|line| line.starts_with(&start))
                .unwrap_or_else(|| panic!("no {start} in {lines:#?}"));
            let attributes: Vec<String> =
                line.split(';').skip(1).map(|part| part.trim().to_lowercase()).collect();
            let has = |wanted: &str| attributes.iter().any(|attribute| attribute == wanted);
            assert!(has("httponly") && has("path=/") && has("samesite=lax"), "{line}");
            assert!(!attributes.iter().any(|attribute| attribute.starts_with("domain")), "{line}");
            assert_eq!(has("secure"), !prefix.is_empty(), "{line}");
            assert!(
                line.ends_with("; SameSite=Lax"),
                "lynx takes what follows SameSite for another cookie's: {line}"
            );
            assert!(line.len() < 4096);
        }
    }
    let answer = https.browser().get("/").is(200);
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
    assert!(answer.header("content-security-policy").unwrap().ends_with("; upgrade-insecure-requests"));
}
