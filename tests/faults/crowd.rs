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
}

const KINDS: [Idler; 4] = [Idler::Silent, Idler::HalfHead, Idler::Silent, Idler::Dripping];

pub struct Crowd {
    portal: SocketAddr,
    connections: Vec<(Idler, TcpStream)>,
    came: usize,
}

impl Crowd {
    pub fn before(portal: SocketAddr) -> Crowd {
        Crowd { portal, connections: Vec::new(), came: 0 }
    }

    /// So many more, all from one address.
    pub fn comes(&mut self, from: Ipv4Addr, count: usize) {
        for _ in 0..count {
            // One for whom there is no place may find the door closed before it has said anything.
            let Ok(mut stream) = connect_from(from, self.portal) else { continue };
            let kind = KINDS[self.came % KINDS.len()];
            self.came += 1;
            if !matches!(kind, Idler::Silent) {
                let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ");
            }
            self.connections.push((kind, stream));
        }
    }

    /// Everybody who drips sends a byte more.
    pub fn drips(&mut self) {
        for (kind, stream) in &mut self.connections {
            if matches!(kind, Idler::Dripping) {
                let _ = stream.write_all(b"x");
            }
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
