//! What comes to the running binary before anything is read: compressed bodies, other names.

use kabinet::base::Keys;
use kabinet::sandbox::bank::Secrets;

use crate::support::browser::{Browser, FORM};
use crate::support::http::exchange;
use crate::support::portal::Portal;
use crate::tidy::access::ROUTES;
use crate::web::stories::encodings::BOMB;

/// The most memory that the process has ever had.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

pub const SANDBOX: [&str; 10] = [
    "/invitations",
    "/bank/confirmations/x",
    "/bank/refusals/x",
    "/bank/pages/x",
    "/bank/pages-left/x",
    "/bank/api/tokens",
    "/bank/api/charges",
    "/bank/api/cancellations",
    "/bank/api/refunds",
    "/bank/api/forgotten",
];

#[test]
fn three_hundred_megabytes_in_two_hundred_bytes_cost_no_memory_at_any_door() {
    let portal = Portal::start();
    // Everything is warm: what grows after this grows by bodies.
    let form = portal.browser().opens("/sign-in");
    assert!(form.form_to("/sign-in").is_some());
    Browser::new(portal.sandbox_address()).get("/bank").is(200);
    portal.metrics().is(200);
    let key = Secrets::of(&Keys::open(&portal.dir.path("secret.key")).unwrap()).api;
    let bearer = format!("Bearer {}", key.as_str());
    let before = peak(portal.pid());
    let own = ROUTES.iter().filter(|row| row.method == "POST").map(|row| (portal.browser(), row.path));
    let sandbox = SANDBOX.iter().map(|path| (Browser::new(portal.sandbox_address()), *path));
    let metrics = std::iter::once((Browser::new(portal.metrics_address()), "/metrics"));
    let mut seen = 0;
    for (browser, path) in own.chain(sandbox).chain(metrics) {
        let mut browser = browser.with_header("authorization", &bearer).with_header("content-encoding", "br");
        let path = path.replace("{token}", "x").replace("{handle}", "x");
        let answer = browser.ask("POST", &path, &[FORM], Some(BOMB));
        assert_eq!(answer.status, 415, "{path}");
        assert_eq!(answer.header("accept-encoding"), Some("identity"), "{path}");
        seen += 1;
    }
    assert!(seen > 50, "only {seen} doors");
    let grown = peak(portal.pid()) - before;
    assert!(grown < 32, "memory has grown by {grown} MiB");
    // What is compressed on the way is no form either.
    for coding in ["gzip, chunked", "gzip", "br", "chunked, gzip", "deflate, chunked"] {
        let head = format!(
            "POST /sign-in HTTP/1.1\r\nhost: {}\r\ncontent-type: {}\r\ntransfer-encoding: {coding}\r\n\r\n",
            portal.host(),
            FORM.1
        );
        let chunk = [format!("{:x}\r\n", BOMB.len()).as_bytes(), BOMB, b"\r\n0\r\n\r\n"].concat();
        let answer = exchange(portal.listen(), &[head.as_bytes(), &chunk].concat());
        assert!(answer.is_none_or(|answer| (400..502).contains(&answer.status)), "{coding}");
    }
    let chunked = format!(
        "POST /sign-in HTTP/1.1\r\nhost: {}\r\ncontent-type: {}\r\ntransfer-encoding: chunked\r\ncontent-encoding: br\r\n\r\n",
        portal.host(),
        FORM.1
    );
    let chunk = [format!("{:x}\r\n", BOMB.len()).as_bytes(), BOMB, b"\r\n0\r\n\r\n"].concat();
    exchange(portal.listen(), &[chunked.as_bytes(), &chunk].concat()).unwrap().is(415);
    assert!(peak(portal.pid()) - before < 32);
}

#[test]
fn the_portal_answers_to_its_own_name_and_old_browsers_need_none() {
    let portal = Portal::start();
    let (own, port) = (portal.host(), portal.listen().port());
    let status = |request: &str| exchange(portal.listen(), request.as_bytes()).unwrap().status;
    for (line, host, expected) in [
        ("GET / HTTP/1.1", format!("host: {own}\r\n"), 200),
        ("GET / HTTP/1.1", format!("host: LocalHost:{port}\r\n"), 200),
        ("GET / HTTP/1.1", format!("host: [::1]:{port}\r\n"), 200),
        ("GET / HTTP/1.0", format!("host: {own}\r\n"), 200),
        ("GET / HTTP/1.0", String::new(), 200),
        ("GET / HTTP/1.0", "host: evil.example\r\n".to_owned(), 421),
        // The server itself refuses what names nobody.
        ("GET / HTTP/1.1", String::new(), 400),
        ("GET / HTTP/1.1", "host: evil.example\r\n".to_owned(), 421),
        ("GET / HTTP/1.1", "host: 127.0.0.1\r\n".to_owned(), 421),
        ("GET http://evil.example/ HTTP/1.1", format!("host: {own}\r\n"), 421),
        ("GET /health/live HTTP/1.1", "host: evil.example\r\n".to_owned(), 200),
        ("GET /health/ready HTTP/1.1", "host: 10.0.0.1:1\r\n".to_owned(), 200),
        ("POST /gateway/callbacks HTTP/1.1", "host: hooks.example\r\ncontent-length: 0\r\n".to_owned(), 400),
    ] {
        let request = format!("{line}\r\n{host}connection: close\r\n\r\n");
        assert_eq!(status(&request), expected, "{request}");
    }
    assert_eq!(
        status(&format!("GET http://{own}/help HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\n\r\n")),
        200
    );
    let two = format!("GET / HTTP/1.1\r\nhost: {own}\r\nhost: evil.example\r\nconnection: close\r\n\r\n");
    assert!(matches!(status(&two), 400 | 421));
    for (host, status) in [
        ("evil.example", 421),
        ("metrics.evil.example:9100", 421),
        ("internal.evil.example", 421),
        ("10.0.0.7:9100", 200),
        ("[::1]:9100", 200),
        ("kabinet:9100", 200),
        ("kabinet.monitoring.svc.cluster.local", 200),
        ("host.docker.internal:9100", 200),
    ] {
        Browser::new(portal.metrics_address()).knowing_it_as(host).get("/metrics").is(status);
    }
    for (host, status) in [
        ("evil.example", 404),
        ("a@127.0.0.1", 404),
        ("evil.example@localhost:1", 404),
        ("localhost/evil.example", 404),
        ("localhost?evil.example", 404),
        ("localhost#evil.example", 404),
        ("localhost:x", 404),
        ("127.0.0.1%2eevil", 404),
        ("localhost:1", 200),
        ("[::1]:1", 200),
    ] {
        Browser::new(portal.sandbox_address()).knowing_it_as(host).get("/messages.json").is(status);
    }
}
