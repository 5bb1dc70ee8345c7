//! More connections than there are places, at the real binary: whoever wants something is answered.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::faults::crowd::Crowd;
use crate::support::browser::{Browser, FORM};
use crate::support::http::{ask, connect_from, exchange};
use crate::support::portal::{Portal, SOON};
use crate::support::process::{Running, eventually};

const DESCRIPTORS: usize = 1_024;
const VISITOR: Ipv4Addr = Ipv4Addr::new(127, 200, 0, 1);

fn get(portal: SocketAddr, path: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: {portal}\r\n{headers}\r\n").into_bytes()
}

/// A portal that may open so many files and no more, on a machine that lets it have no more either.
struct Small {
    portal: Portal,
    running: Running,
}

impl Small {
    #[track_caller]
    fn start() -> Small {
        let portal = Portal::with().prepared();
        let command = portal.command(&[]);
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!("ulimit -n {DESCRIPTORS}; exec \"$0\"")]).arg(command.get_program());
        limited.current_dir(portal.dir.root()).env_clear();
        limited.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        let running = Running::start(&mut limited);
        let ready = b"GET /health/ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        eventually("a ready portal", SOON, || {
            exchange(portal.listen(), ready).filter(|answer| answer.status == 200)
        });
        Small { portal, running }
    }

    fn metric(&self, name: &str) -> usize {
        let text = self.portal.metrics().text();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map_or(0, |count| count.parse().unwrap())
    }

    fn event(&self, event: &str) -> usize {
        self.metric(&format!("kabinet_events_total{{event=\"{event}\"}}"))
    }

    fn descriptors(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.running.child.id())).unwrap().count()
    }

    fn visitor(&self) -> Browser {
        Browser::new(self.portal.listen()).sits_at(VISITOR)
    }
}

#[test]
fn a_page_comes_to_its_visitor_whatever_crowd_stands_there() {
    let mut small = Small::start();
    let mut crowd = Crowd::before(small.portal.listen());
    let mut visitor = small.visitor();
    let mut most = 0;
    for network in 0..40 {
        crowd.comes(Ipv4Addr::new(127, 1, network, 1), 50);
        crowd.drips();
        // Each page over a connection of its own: it is accepted among those that stand there.
        visitor.get("/").is(200);
        visitor.get("/sign-in").is(200);
        most = most.max(small.descriptors());
    }
    assert!(crowd.came() > 1_900, "only {} came", crowd.came());
    let (open, gave_way) = (small.metric("kabinet_connections"), small.event("connection_closed_for_room"));
    assert!(open < 800 && most < DESCRIPTORS, "{open} connections, {most} descriptors");
    assert!(gave_way + small.event("connection_refused_full") > 500, "{gave_way} gave way");
    assert_eq!(
        small.event("connection_refused_full"),
        0,
        "somebody was turned away for people who only stand there"
    );
    // A form is more than one request: all of it goes through.
    visitor.submits("/sign-in", &[("login", ""), ("password", "")]).is(422);
    drop(crowd);
    eventually("a portal without a crowd", SOON, || (small.metric("kabinet_connections") < 5).then_some(()));
    assert!(!small.running.has_ended());
    small.visitor().get("/").is(200);
}

#[test]
fn one_address_cannot_take_the_places_of_others() {
    let small = Small::start();
    let mut crowd = Crowd::before(small.portal.listen());
    // Somebody who is connected already, and stays so.
    let mut before = connect_from(VISITOR, small.portal.listen()).unwrap();
    let page = get(small.portal.listen(), "/", "");
    assert_eq!(ask(before.try_clone().unwrap(), &page).unwrap().status, 200);
    crowd.comes(Ipv4Addr::new(127, 1, 0, 1), 400);
    eventually("a crowd of which most had to go", SOON, || {
        (small.event("connection_closed_for_client") > 200).then_some(())
    });
    eventually("as many as one address may have", SOON, || {
        (small.metric("kabinet_connections") < 140).then_some(())
    });
    assert_eq!(small.event("connection_closed_for_room"), 0);
    before.write_all(&get(small.portal.listen(), "/sign-in", "connection: close\r\n")).unwrap();
    let mut answer = String::new();
    before.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // Those who come from the crowd's own address are served, too.
    Browser::new(small.portal.listen()).sits_at(Ipv4Addr::new(127, 1, 0, 1)).get("/").is(200);
    eventually("their ends of the connections closed, too", SOON, || (crowd.standing() < 140).then_some(()));
}

/// Seventeen addresses with all the connections that each may have: more than there are places.
const SENDERS: u8 = 17;
const EACH: usize = 128;
const BODIES: usize = 32;
const AT_ONCE: Duration = Duration::from_secs(1);

#[test]
fn forms_that_do_not_come_to_their_end_keep_nobody_waiting() {
    let portal = Portal::start();
    let mut visitor = Browser::new(portal.listen()).sits_at(VISITOR);
    visitor.get("/").is(200);
    let mut crowd = Crowd::sending(portal.listen(), "/sign-in");
    (0..SENDERS).for_each(|network| crowd.comes(Ipv4Addr::new(127, 1, network, 1), EACH));
    assert!(crowd.came() > 2_100, "only {} came", crowd.came());
    // Somebody on a slow line has begun before the first of the pages below, and ends after the last one.
    let body =
        visitor.opens("/sign-in").form_to("/sign-in").unwrap().filled(&[("login", ""), ("password", "")]);
    let phone = visitor.request("POST", "/sign-in", &[FORM], Some(&body));
    let (most, rest) = phone.split_at(phone.len() - 5);
    let mut slow = connect_from(VISITOR, portal.listen()).unwrap();
    slow.write_all(most).unwrap();
    let mut slowest = Duration::ZERO;
    for _ in 0..10 {
        crowd.drips();
        let began = Instant::now();
        visitor.get("/").is(200);
        visitor.get("/sign-in").is(200);
        visitor.submits("/sign-in", &[("login", ""), ("password", "")]).is(422);
        exchange(portal.listen(), &get(portal.listen(), "/health/live", "connection: close\r\n"))
            .unwrap()
            .is(200);
        slowest = slowest.max(began.elapsed());
    }
    assert!(slowest < AT_ONCE, "four answers took {slowest:?}");
    assert_eq!(ask(slow, rest).unwrap().status, 422, "a phone on a slow line was cut off");
    // Of each address so many stay: three seconds are for everybody.
    eventually("as many bodies as one address may have", SOON, || {
        crowd.drips();
        (crowd.standing() <= usize::from(SENDERS) * BODIES).then_some(())
    });
    let log = portal.log();
    let said = |line: &&str| line.contains("\"method\":\"POST\"") && !line.contains("\"level\":\"DEBUG\"");
    let lines = log.lines().filter(said).count();
    assert!(lines < 50, "{lines} lines for a crowd and ten forms");
}

fn keeps_alive(portal: SocketAddr) -> TcpStream {
    let stream = connect_from(VISITOR, portal).unwrap();
    let answer = ask(stream.try_clone().unwrap(), &get(portal, "/", "")).unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("connection").filter(|word| word.eq_ignore_ascii_case("close")), None);
    stream
}

/// Until the other side closes, or the limit.
fn is_closed_within(
    stream: &mut TcpStream,
    limit: Duration,
    mut meanwhile: impl FnMut(&mut TcpStream),
) -> bool {
    let until = Instant::now() + limit;
    stream.set_read_timeout(Some(Duration::from_millis(250))).unwrap();
    while Instant::now() < until {
        match stream.read(&mut [0; 1024]) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error)
                if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_reset) => return true,
        }
        meanwhile(stream);
    }
    false
}

/// The server itself times only the first head of a connection.
#[test]
fn a_later_head_that_drips_is_not_waited_for() {
    let portal = Portal::start();
    let mut stream = keeps_alive(portal.listen());
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").unwrap();
    let closed = is_closed_within(&mut stream, SOON, |stream| {
        let _ = stream.write_all(b"x");
    });
    assert!(closed, "it may drip as long as it likes");
}

/// A proxy that uses a connection again after a while finds it there.
#[test]
fn a_connection_outlasts_the_quiet_between_two_forms() {
    let portal = Portal::start();
    let mut stream = keeps_alive(portal.listen());
    assert!(!is_closed_within(&mut stream, Duration::from_secs(8), |_| {}), "closed without a word");
    let again = ask(stream, &get(portal.listen(), "/sign-in", "")).unwrap();
    assert_eq!(again.status, 200);
}
