//! A gateway that breaks: what it says then is never taken for a refusal, and it is left alone for a while.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use kabinet::base::{Clock, seconds};
use kabinet::config::GatewayUrl;
use kabinet::gateway::{
    self, Charge, Found, Gateway, Hosted, HostedPage, Opening, OperationId, Outcome, Tokenized,
};
use kabinet::texts::Locale;

use crate::gateway::sandbox::{card, charge_of, refund_of};

/// What is no answer about anything: silence, a connection that is closed, and what nobody can take for a gateway's word.
pub const NO_ANSWERS: &[&[u8]] = &[
    b"(silence)",
    b"",
    b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n{}}",
    b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"outcome\":\"declined\"",
    b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull",
    b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 20\r\n\r\n<h1>Maintenance</h1>",
    b"HTTP/1.1 402 Payment Required\r\ncontent-length: 2\r\n\r\n{}",
    b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n{}",
    b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 409 Conflict\r\ncontent-length: 2\r\n\r\n{}",
    b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\n\r\n{}",
    b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\n{}",
    b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 20\r\n\r\n<h1>Bad Gateway</h1>",
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\n{}",
    b"not HTTP at all\r\n\r\n",
];

/// Answers each connection with the same bytes (none: closes it), and counts them.
pub fn answers(bytes: &'static [u8]) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, count) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&count);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 4096]);
            if bytes == b"(silence)" {
                std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_secs(5));
                    drop(stream);
                });
            } else {
                let _ = stream.write_all(bytes);
            }
        }
    });
    (address, count)
}

fn gateway_at(address: SocketAddr, name: &str, clock: &Clock) -> Arc<dyn Gateway> {
    let home = format!("http://{address}/").parse().unwrap();
    let url =
        GatewayUrl { timeout: Some(Duration::from_secs(1)), ..GatewayUrl::new(name, home, "sk_test_1") };
    gateway::open(Opening { url: &url, secret: None, clock: clock.clone() }).unwrap()
}

#[actix_web::test]
async fn no_broken_answer_is_taken_for_a_refusal() {
    let clock = Clock::stopped();
    for bytes in NO_ANSWERS {
        let said = String::from_utf8_lossy(bytes);
        for name in ["sandbox", "stripe"] {
            let gateway = gateway_at(answers(bytes).0, name, &clock);
            let charge = charge_of("cus_1/pm_1", "http://127.0.0.1:8080/", &clock);
            let outcome = gateway.charge(&charge).await;
            assert!(matches!(outcome, Outcome::Unknown { sent: true, .. }), "{name}: {said}: {outcome:?}");
            let refunded = gateway.refund(&refund_of(&charge, "pi_1")).await;
            assert!(matches!(refunded, Outcome::Unknown { sent: true, .. }), "{name}: {said}: {refunded:?}");
            let found = gateway.find_charge(&charge, Some("pi_1")).await;
            assert!(matches!(found, Found::Unknown { .. }), "{name}: {said}: {found:?}");
            let tokenized = gateway.tokenize(OperationId::next(), &card("4242424242424242")).await;
            assert!(
                matches!(tokenized, Tokenized::Unknown { sent: true, .. }),
                "{name}: {said}: {tokenized:?}"
            );
            assert!(!gateway.forget("cus_1/pm_1").await, "{name}: {said}");
        }
    }
}

#[actix_web::test]
async fn a_gateway_that_does_not_answer_is_left_alone_and_tried_again() {
    let clock = Clock::stopped();
    let (address, asked) = answers(b"");
    let gateway = gateway_at(address, "sandbox", &clock);
    let charge = charge_of("tok_1", "http://127.0.0.1:8080/", &clock);
    for _ in 0..5 {
        assert!(gateway.is_asked());
        assert!(matches!(gateway.charge(&charge).await, Outcome::Unknown { sent: true, .. }));
    }
    let before = asked.load(Ordering::SeqCst);
    assert_eq!(before, 10, "a broken connection is tried once more, under the same key");
    assert!(!gateway.is_asked());
    assert!(matches!(gateway.charge(&charge).await, Outcome::Unknown { sent: false, .. }));
    assert_eq!(asked.load(Ordering::SeqCst), before);
    clock.advance(seconds(31));
    gateway.charge(&charge).await;
    assert!(asked.load(Ordering::SeqCst) > before, "one call tries");
    // Nobody listens: that is certain.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let outcome = gateway_at(closed, "stripe", &clock)
        .charge(&Charge { token: "cus_1/pm_1".to_owned(), ..charge })
        .await;
    assert!(matches!(outcome, Outcome::Unknown { sent: false, .. }), "{outcome:?}");
}

/// Nobody is served with these: a wrong key, too many questions, a gateway that is down. The others are about one question.
#[actix_web::test]
async fn a_gateway_that_serves_nobody_is_left_alone_too() {
    let clock = Clock::stopped();
    for (bytes, is_asked) in [
        (b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\n\r\n{}".as_slice(), false),
        (b"HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\n\r\n{}", false),
        (b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 2\r\n\r\n{}", false),
        (b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\n{}", false),
        (b"HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\n{}", true),
        (b"HTTP/1.1 409 Conflict\r\ncontent-length: 2\r\n\r\n{}", true),
        (b"HTTP/1.1 402 Payment Required\r\ncontent-length: 2\r\n\r\n{}", true),
    ] {
        for name in ["sandbox", "stripe"] {
            let gateway = gateway_at(answers(bytes).0, name, &clock);
            let charge = charge_of("cus_1/pm_1", "http://127.0.0.1:8080/", &clock);
            for _ in 0..5 {
                gateway.charge(&charge).await;
            }
            assert_eq!(gateway.is_asked(), is_asked, "{name}: {}", String::from_utf8_lossy(bytes));
        }
    }
}

/// Nobody listens, or the gateway is left alone: the log says that nothing has left.
#[actix_web::test]
async fn what_never_left_is_known_not_to_have_left_whatever_was_asked() {
    let clock = Clock::stopped();
    for name in ["sandbox", "stripe"] {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let gateway = gateway_at(closed, name, &clock);
        for call in 0..8 {
            let tokenized = gateway.tokenize(OperationId::next(), &card("4242424242424242")).await;
            assert!(
                matches!(tokenized, Tokenized::Unknown { sent: false, .. }),
                "{name}, call {call}: {tokenized:?}"
            );
            let return_url = "http://127.0.0.1:8080/".parse().unwrap();
            let hosted = Hosted { operation: OperationId::next(), return_url, locale: Locale::Ru };
            let opened = gateway.hosted(&hosted).await;
            assert!(
                matches!(opened, HostedPage::Unknown { sent: false, .. } | HostedPage::None),
                "{name}, call {call}: {opened:?}"
            );
        }
        assert!(!gateway.is_asked(), "the last calls met the breaker");
    }
}
