//! Many connections that want nothing, from as many addresses of this machine as it takes.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};

use crate::support::http::connect_from;

/// What somebody does who only wants to take up places.
#[derive(Debug, Clone, Copy)]
pub enum Idler {
    /// Connects and says nothing.
    Silent,
    /// Begins a request and leaves it at that.
    HalfHead,
    /// Begins one and goes on, a byte now and then.
    Dripping,
    /// Sends a whole head, and of its form a byte now and then.
    SlowForm,
    /// The same in chunks, without saying how long the form will be.
    SlowChunks,
}

/// Those who have not said what they want.
const IDLERS: &[Idler] = &[Idler::Silent, Idler::HalfHead, Idler::Silent, Idler::Dripping];
/// Those who have, and do not come to an end.
const SENDERS: &[Idler] = &[Idler::SlowForm, Idler::SlowChunks];

impl Idler {
    /// What is said at the beginning, of a form for that path.
    fn begins(self, portal: SocketAddr, path: &str) -> String {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {portal}\r\ncontent-type: application/x-www-form-urlencoded\r\n"
        );
        match self {
            Idler::Silent => String::new(),
            Idler::HalfHead | Idler::Dripping => "GET / HTTP/1.1\r\nhost: x\r\nx-slow: ".to_owned(),
            Idler::SlowForm => format!("{head}content-length: 1000\r\n\r\nlogin="),
            Idler::SlowChunks => format!("{head}transfer-encoding: chunked\r\n\r\n6\r\nlogin=\r\n"),
        }
    }

    /// What is said now and then.
    fn drip(self) -> &'static [u8] {
        match self {
            Idler::Silent | Idler::HalfHead => b"",
            Idler::Dripping | Idler::SlowForm => b"x",
            Idler::SlowChunks => b"1\r\nx\r\n",
        }
    }
}

pub struct Crowd {
    portal: SocketAddr,
    kinds: &'static [Idler],
    path: String,
    connections: Vec<(Idler, TcpStream)>,
    came: usize,
}

impl Crowd {
    pub fn before(portal: SocketAddr) -> Crowd {
        Crowd { portal, kinds: IDLERS, path: String::new(), connections: Vec::new(), came: 0 }
    }

    /// Whoever comes sends a form there that does not come to its end.
    pub fn sending(portal: SocketAddr, path: &str) -> Crowd {
        Crowd { kinds: SENDERS, path: path.to_owned(), ..Crowd::before(portal) }
    }

    /// So many more, all from one address.
    pub fn comes(&mut self, from: Ipv4Addr, count: usize) {
        for _ in 0..count {
            // One for whom there is no place may find the door closed before it has said anything.
            let Ok(mut stream) = connect_from(from, self.portal) else { continue };
            let kind = self.kinds[self.came % self.kinds.len()];
            self.came += 1;
            let _ = stream.write_all(kind.begins(self.portal, &self.path).as_bytes());
            self.connections.push((kind, stream));
        }
    }

    /// Everybody who drips sends a byte more.
    pub fn drips(&mut self) {
        for (kind, stream) in &mut self.connections {
            let _ = stream.write_all(kind.drip());
        }
    }

    pub fn came(&self) -> usize {
        self.came
    }

    /// How many the portal has not closed.
    pub fn standing(&mut self) -> usize {
        let stands = |stream: &TcpStream| {
            stream.set_nonblocking(true).unwrap();
            let peeked = stream.peek(&mut [0]);
            peeked.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
        };
        self.connections.iter().filter(|(_, stream)| stands(stream)).count()
    }
}
