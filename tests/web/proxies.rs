//! The portal behind the proxies that README tells of, with the files that it shows, over a hop of 20 ms.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::thread::scope;
use std::time::Duration;

use crate::faults::line::{Fault, Line};
use crate::support::browser::{Browser, FORM};
use crate::support::http::{ask, connect_from};
use crate::support::portal::Portal;
use crate::support::process::Port;
use crate::support::proxies::{Kind, Proxy};

const HOP: Duration = Duration::from_millis(20);
/// Somebody's tries at somebody else's password, until the portal has heard enough.
const GUESSES: usize = 12;
const FORMS: usize = 240;
/// Longer than the five seconds after which servers usually close.
const QUIET: Duration = Duration::from_secs(7);
/// At once, as browsers send them.
const PEOPLE: usize = 8;

/// Forms that come slowly, at the same time.
const SLOW: usize = 20;

/// Of mails, however they are spelled.
const LINKS: [&str; 5] = [
    "/confirmations/AAAA",
    "/recovery/links/AAAA",
    "/invitations/AAAA",
    "/unlock/AAAA",
    "/%63onfirmations/AAAA",
];

struct Hop {
    proxy: Proxy,
    line: Line,
    portal: Portal,
}

impl Hop {
    #[track_caller]
    fn before_a_portal(kind: Kind) -> Hop {
        let port = Port::free();
        let url = format!("http://127.0.0.1:{}", port.number);
        let portal = Portal::with().set("KABINET_PUBLIC_URL", &url).start();
        let line = Line::to(portal.listen());
        line.has(Fault::Delay(HOP));
        let proxy = Proxy::before(kind, port, line.listen());
        Hop { proxy, line, portal }
    }

    fn tells_nobody_of_links_while_the_portal_is_away(self) {
        let mut visitor = self.visitor(7);
        let Hop { proxy, line, portal } = self;
        drop((line, portal));
        for link in LINKS {
            let answer = visitor.get(link);
            assert!(answer.status >= 500, "{link}: {}", answer.status);
        }
        let logs = proxy.all_logs();
        assert!(!logs.contains("AAAA"), "{logs}");
    }

    /// Each person has an address, and says to have another one.
    fn visitor(&self, number: u8) -> Browser {
        Browser::new(self.proxy.listen()).sits_at(Ipv4Addr::new(127, 0, 7, number)).from("198.51.100.66")
    }

    fn journey(kind: Kind) {
        let hop = Hop::before_a_portal(kind);
        hop.shows_pages();
        hop.counts_each_person_alone();
        hop.refuses_what_is_too_large();
        hop.waits_for_slow_forms_itself();
        hop.sends_every_form();
        hop.uses_its_connections_again(kind);
        hop.tells_nobody_of_links_while_the_portal_is_away();
    }

    fn shows_pages(&self) {
        let mut visitor = self.visitor(1);
        let landing = visitor.get("/").is(200);
        assert!(landing.header("content-security-policy").is_some());
        let style = landing.page().attributes("link", "href").into_iter().find(|link| link.contains(".css"));
        visitor.get(&style.unwrap()).is(200);
        // Pages that need a session send there; nothing leads to the address behind the proxy.
        let sent = visitor.get("/cabinet").is(303);
        assert!(sent.location().starts_with('/'), "{}", sent.location());
        let behind = [self.line.listen().to_string(), self.portal.listen().to_string()];
        for answer in [&landing, &sent, &visitor.get("/sign-in")] {
            assert!(behind.iter().all(|address| !answer.text().contains(address)), "{}", answer.text());
        }
        // For those alone who ask at the portal's own address.
        visitor.get("/health/ready").is(404);
        // Links of mails are not written down.
        for link in LINKS {
            visitor.get(link);
        }
        if let Some(log) = self.proxy.log() {
            assert!(log.contains("/cabinet") && !log.contains("AAAA"), "{log}");
        }
    }

    fn counts_each_person_alone(&self) {
        let mut guesser = self.visitor(2);
        let guesses: Vec<u16> = (0..GUESSES)
            .map(|guess| {
                let login = format!("nobody-{guess}@example.com");
                guesser.submits("/sign-in", &[("login", &login), ("password", "korabl-9-tumana-net")]).status
            })
            .collect();
        assert_eq!((guesses[0], guesses[GUESSES - 1]), (422, 429), "{guesses:?}");
        let mut other = self.visitor(3);
        let fields = [("login", "somebody@example.com"), ("password", "korabl-9-tumana-net")];
        other.submits("/sign-in", &fields).is(422);
        let log = self.portal.log();
        for (ip, seen) in
            [("127.0.7.2", true), ("127.0.7.3", true), ("198.51.100.66", false), ("127.0.0.1", false)]
        {
            assert_eq!(log.contains(&format!("\"ip\":\"{ip}\"")), seen, "{ip}");
        }
    }

    /// By the portal, which takes 16 KiB, and by the proxy: an answer each time, not a connection that is cut.
    fn refuses_what_is_too_large(&self) {
        let mut visitor = self.visitor(4);
        for size in [17, 40, 60, 1_000] {
            let body = format!("login={}", "x".repeat(size * 1024));
            visitor.ask("POST", "/sign-in", &[FORM], Some(body.as_bytes())).is(413);
        }
    }

    fn places_taken(&self) -> usize {
        let text = self.portal.metrics().text();
        let count = text.lines().find_map(|line| line.strip_prefix("kabinet_connections "));
        count.unwrap().parse().unwrap()
    }

    /// A form that comes slowly takes no place at the portal, and is sent on when it is whole.
    fn waits_for_slow_forms_itself(&self) {
        let mut visitor = self.visitor(6);
        let form = visitor.opens("/sign-in").form_to("/sign-in").unwrap();
        let body = form.filled(&[("login", ""), ("password", "")]);
        let request = visitor.request("POST", "/sign-in", &[FORM], Some(&body));
        let (most, rest) = request.split_at(request.len() - 5);
        let before = self.places_taken();
        let slow: Vec<TcpStream> = (0..SLOW)
            .map(|_| {
                let mut stream = connect_from(Ipv4Addr::new(127, 0, 7, 6), self.proxy.listen()).unwrap();
                stream.write_all(most).unwrap();
                stream
            })
            .collect();
        // What comes after them has passed the proxy, and a hop.
        for _ in 0..5 {
            visitor.get("/").is(200);
        }
        let taken = self.places_taken().saturating_sub(before);
        assert!(taken < SLOW / 2, "{SLOW} slow forms have taken {taken} places at the portal");
        for stream in slow {
            assert_eq!(ask(stream, rest).unwrap().status, 422);
        }
    }

    fn sends_every_form(&self) {
        let statuses: Vec<u16> = scope(|threads| {
            let people: Vec<_> = (0..PEOPLE)
                .map(|number| {
                    let mut visitor = self.visitor(10 + u8::try_from(number).unwrap());
                    threads.spawn(move || {
                        let form = visitor.opens("/sign-in").form_to("/sign-in").unwrap();
                        let sends =
                            |_| visitor.sends("/sign-in", &form, &[("login", ""), ("password", "")]).status;
                        (0..FORMS / PEOPLE).map(sends).collect::<Vec<_>>()
                    })
                })
                .collect();
            people.into_iter().flat_map(|person| person.join().unwrap()).collect()
        });
        assert_eq!(statuses.len(), FORMS);
        assert!(statuses.iter().all(|status| *status == 422), "{statuses:?}");
    }

    /// After some quiet the connections are still there.
    fn uses_its_connections_again(&self, kind: Kind) {
        let mut visitor = self.visitor(5);
        let form = visitor.opens("/sign-in").form_to("/sign-in").unwrap();
        let body = form.filled(&[("login", ""), ("password", "")]);
        let kept =
            |request: Vec<u8>| String::from_utf8(request).unwrap().replace("connection: close\r\n", "");
        let (page, form) = (
            visitor.request("GET", "/", &[], None),
            visitor.request("POST", "/sign-in", &[FORM], Some(&body)),
        );
        let stream = connect_from(Ipv4Addr::new(127, 0, 7, 5), self.proxy.listen()).unwrap();
        assert_eq!(ask(stream.try_clone().unwrap(), kept(page).as_bytes()).unwrap().status, 200);
        let before = self.line.connections();
        stream.set_read_timeout(Some(QUIET)).unwrap();
        assert!((&stream).read(&mut [0]).is_err(), "the connection is closed");
        assert_eq!(ask(stream, kept(form).as_bytes()).unwrap().status, 422);
        // HAProxy looks after the portal's health by connections of its own.
        let new = self.line.connections() - before;
        assert!(new == 0 || kind == Kind::Haproxy, "{new} new connections");
    }
}

#[test]
fn a_journey_through_nginx() {
    Hop::journey(Kind::Nginx);
}

#[test]
fn a_journey_through_haproxy() {
    Hop::journey(Kind::Haproxy);
}

#[test]
fn a_journey_through_caddy() {
    Hop::journey(Kind::Caddy);
}
