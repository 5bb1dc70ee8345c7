use std::collections::HashSet;

use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::test::TestRequest;

use super::*;
use crate::base::Client;

const TRUSTED: &str = "10.0.0.1,10.1.0.0/16,2001:db8:aaaa::/48";

fn seen_from(peer: &str, headers: &[&[u8]]) -> IpAddr {
    let mut req = TestRequest::default().peer_addr(peer.parse().unwrap());
    for value in headers {
        req = req.append_header((HeaderName::from_static(HEADER), HeaderValue::from_bytes(value).unwrap()));
    }
    of(&req.to_http_request(), &TrustedProxies::parse(TRUSTED).unwrap())
}

fn through_proxy(forwarded: &str) -> String {
    seen_from("10.0.0.1:1000", &[forwarded.as_bytes()]).to_string()
}

#[test]
fn strangers_do_not_name_addresses() {
    for peer in ["203.0.113.9:1", "[::ffff:203.0.113.9]:1"] {
        for forwarded in ["1.2.3.4", "10.0.0.1", "unknown", ""] {
            assert_eq!(seen_from(peer, &[forwarded.as_bytes()]).to_string(), "203.0.113.9", "{forwarded}");
        }
    }
    assert_eq!(seen_from("10.2.0.1:1", &[b"1.2.3.4"]).to_string(), "10.2.0.1");
}

#[test]
fn an_address_is_read_in_any_spelling_that_proxies_have() {
    let v4 = [
        "203.0.113.7",
        "203.0.113.7:51234",
        "  203.0.113.7\t",
        "\"203.0.113.7\"",
        "\"203.0.113.7:51234\"",
        "\" 203.0.113.7 \"",
        "::ffff:203.0.113.7",
        "[::ffff:203.0.113.7]:443",
        "::FFFF:CB00:7107",
        "203.0.113.7,",
        "203.0.113.7, ,",
        "6.6.6.6, 203.0.113.7",
        "6.6.6.6,203.0.113.7:1,10.0.0.1",
        "6.6.6.6, 203.0.113.7, 10.1.2.3:80, [2001:db8:aaaa::1]:443",
        "not an address, 203.0.113.7",
    ];
    for forwarded in v4 {
        assert_eq!(through_proxy(forwarded), "203.0.113.7", "{forwarded}");
    }
    let v6 = [
        "2001:db8::7",
        "[2001:db8::7]",
        "[2001:db8::7]:443",
        "\"[2001:db8::7]:443\"",
        "2001:0DB8:0:0::0007",
        "2001:db8::7%eth0",
        "[2001:db8::7%25eth0]:443",
        "[2001:db8::7%eth0]",
    ];
    for forwarded in v6 {
        assert_eq!(through_proxy(forwarded), "2001:db8::7", "{forwarded}");
    }
}

#[test]
fn several_headers_are_one_list() {
    let seen = |headers: &[&[u8]]| seen_from("[::ffff:10.0.0.1]:1000", headers).to_string();
    assert_eq!(seen(&[b"6.6.6.6", b"203.0.113.7"]), "203.0.113.7");
    assert_eq!(seen(&[b"6.6.6.6", b"203.0.113.7", b"10.1.0.1"]), "203.0.113.7");
    assert_eq!(seen(&[b"203.0.113.7", b""]), "203.0.113.7");
    // All of them trusted: the one that is furthest away.
    assert_eq!(seen(&[b"10.1.0.3, 10.1.0.2"]), "10.1.0.3");
    // What a stranger wrote cannot make the rest unreadable.
    assert_eq!(seen(&[b"\xff\xfe, 203.0.113.7"]), "203.0.113.7");
    assert_eq!(seen(&[b"\xff\xfe", b"203.0.113.7"]), "203.0.113.7");
    // The proxy asks something for itself.
    assert_eq!(seen(&[]), "10.0.0.1");
    // It has one, and nobody in it.
    assert!(seen(&[b" , "]).starts_with("fd"));
}

/// Whom limits count together: somebody without an address is nobody else, and least of all the proxy.
#[test]
fn what_is_no_address_never_counts_for_everybody() {
    let parts: &[&[u8]] = &[
        b"unknown",
        b"Unknown",
        b"_hidden",
        b"_SEVKISEK",
        b"proxy.example.org",
        b"203.0.113",
        b"203.0.113.7:",
        b"203.0.113.7:99999",
        b"203.0.113.7:http",
        b"203.0.113.7.1",
        b"[203.0.113.7]",
        b"[2001:db8::7",
        b"2001:db8::7]:1",
        b"\"203.0.113.7",
        b"for=203.0.113.7",
        b"0.0.0.0",
        b"::",
        b"\xff\xfe",
        b"203.0.113.7 6.6.6.6",
    ];
    let mut networks = HashSet::new();
    for part in parts {
        let shown = String::from_utf8_lossy(part);
        for before in ["", "6.6.6.6, ", "203.0.113.7,"] {
            let forwarded = [before.as_bytes(), part, b", 10.1.0.1"].concat();
            let ip = seen_from("10.0.0.1:1000", &[&forwarded]).to_string();
            assert!(ip.starts_with("fd"), "{shown}: {ip}");
            if before.is_empty() {
                let client = Client { ip, user_agent: String::new() };
                assert!(networks.insert(client.ip_block()), "{shown} is somebody else's network");
                assert!(networks.insert(client.ip_prefix()), "{shown} is somebody else");
            }
        }
    }
    // Who has a number is the same client each time.
    for named in ["_c0ffee17", "unix:7", "203.0.113.7:", "client-9"] {
        assert_eq!(through_proxy(named), through_proxy(named), "{named}");
    }
}

/// Words that say the same of everybody: ten wrong passwords of one must not be those of all.
#[test]
fn a_word_for_nobody_makes_strangers_of_two_visitors() {
    let words =
        ["", ",", " , ", "-", "_", "unknown", "Unknown", "_hidden", "_SEVKISEK", "null", "(null)", "unix:"];
    for word in words.into_iter().chain(["none", "\"-\"", "\"unknown\"", "0.0.0.0", "0.0.0.0:0", "::", "?"]) {
        for before in ["", "203.0.113.7, "] {
            // An empty part is nothing at all: the part before it was written by a trusted proxy, too.
            if !before.is_empty() && word.split(',').all(|part| part.trim().is_empty()) {
                assert_eq!(through_proxy(&format!("{before}{word}")), "203.0.113.7", "{word}");
                continue;
            }
            let forwarded = format!("{before}{word}");
            let seen: HashSet<String> = (0..3)
                .map(|_| Client { ip: through_proxy(&forwarded), user_agent: String::new() }.ip_prefix())
                .collect();
            assert_eq!(seen.len(), 3, "«{forwarded}» is one person: {seen:?}");
            assert!(seen.iter().all(|network| network.starts_with("fd")), "{seen:?}");
        }
    }
}
