//! What comes after the head, at every door of the real binary: all of it, in time, and not too much.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::support::http::{ask, connect_from};
use crate::support::portal::Portal;
use crate::tidy::access::ROUTES;
use crate::web::doors::SANDBOX;

/// Between two bytes of somebody slow.
const PAUSE: Duration = Duration::from_millis(400);
const BODY_WAIT: Duration = Duration::from_secs(15);
/// Beyond it, the answer and the end of the connection: a second each, and one for a busy machine.
const LATEST: Duration = Duration::from_secs(18);
/// More than any door takes.
const LARGE: usize = 70_000;

#[derive(Debug, Clone, Copy)]
enum Coding {
    Length,
    Chunks,
}

struct Door {
    at: SocketAddr,
    path: String,
}

impl Door {
    fn all_of(portal: &Portal) -> Vec<Door> {
        let own = ROUTES.iter().filter(|row| row.method == "POST").map(|row| (portal.listen(), row.path));
        let sandbox = SANDBOX.iter().map(|path| (portal.sandbox_address(), *path));
        let beside = [(portal.metrics_address(), "/metrics"), (portal.sandbox_address(), "/nowhere")];
        let all = own.chain(sandbox).chain(beside).chain([(portal.listen(), "/nowhere")]);
        let path = |path: &str| path.replace("{token}", "x").replace("{handle}", "x");
        let doors: Vec<Door> = all.map(|(at, row)| Door { at, path: path(row) }).collect();
        assert!(doors.len() > 50, "only {} doors", doors.len());
        doors
    }

    fn head(&self, coding: Coding) -> String {
        let length = match coding {
            Coding::Length => format!("content-length: {LARGE}"),
            Coding::Chunks => "transfer-encoding: chunked".to_owned(),
        };
        format!(
            "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/x-www-form-urlencoded\r\n{length}\r\n\r\n",
            self.path, self.at
        )
    }
}

/// Sends a byte now and then until the other side has had enough. What it said, and how long it took.
fn drips(mut stream: TcpStream, head: &str, byte: &[u8]) -> (String, Duration) {
    let (began, mut heard) = (Instant::now(), Vec::new());
    stream.set_read_timeout(Some(PAUSE)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    while began.elapsed() < LATEST * 2 {
        let mut part = [0; 4096];
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(read) => heard.extend_from_slice(&part[..read]),
            Err(error)
                if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut) => {}
            Err(_reset) => break,
        }
        let _ = stream.write_all(byte);
    }
    (String::from_utf8_lossy(&heard).lines().next().unwrap_or_default().to_owned(), began.elapsed())
}

#[test]
fn a_body_has_fifteen_seconds_in_all_at_every_door() {
    let portal = Portal::start();
    let doors = Door::all_of(&portal);
    let seen: Vec<(String, String, Duration)> = std::thread::scope(|threads| {
        let mut under_way = Vec::new();
        for (number, door) in doors.iter().enumerate() {
            for (coding, byte) in [(Coding::Length, b"x".as_slice()), (Coding::Chunks, b"1\r\nx\r\n")] {
                // Small enough to be waited for.
                let head = door.head(coding).replace(&LARGE.to_string(), "2000");
                let source = Ipv4Addr::new(127, 3, u8::try_from(number).unwrap(), 1);
                under_way.push(threads.spawn(move || {
                    let (said, took) = drips(connect_from(source, door.at).unwrap(), &head, byte);
                    (format!("{} {coding:?}", door.path), said, took)
                }));
            }
        }
        under_way.into_iter().map(|door| door.join().unwrap()).collect()
    });
    for (door, said, took) in seen {
        assert!(said.starts_with("HTTP/1.1 408"), "{door} after {took:?}: «{said}»");
        assert!((BODY_WAIT..LATEST).contains(&took), "{door}: {took:?}");
    }
    let lines = portal.log().lines().filter(|line| line.contains("did not come whole")).count();
    assert_eq!(lines, 1, "one line a minute says it");
}

#[test]
fn a_body_that_is_too_large_is_called_that_at_every_door() {
    let portal = Portal::start();
    for door in Door::all_of(&portal) {
        let body = vec![b'x'; LARGE];
        let chunk = [format!("{LARGE:x}\r\n").as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
        for (coding, body) in [(Coding::Length, &body), (Coding::Chunks, &chunk)] {
            let request = [door.head(coding).as_bytes(), body].concat();
            let answer = ask(TcpStream::connect(door.at).unwrap(), &request);
            assert_eq!(answer.map(|answer| answer.status), Some(413), "{} {coding:?}", door.path);
        }
    }
}
