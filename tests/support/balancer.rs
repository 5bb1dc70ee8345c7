//! What stands in front of several instances: each request goes to the next one in turn, so that no two steps meet the same.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::process::Port;

const WAIT: Duration = Duration::from_secs(40);

#[derive(Clone)]
struct Turns {
    instances: Arc<Vec<SocketAddr>>,
    next: Arc<AtomicUsize>,
    served: Arc<Vec<AtomicUsize>>,
}

pub struct Balancer {
    port: Port,
    served: Arc<Vec<AtomicUsize>>,
    ended: Arc<AtomicBool>,
}

impl Balancer {
    /// The port is taken first: the instances' links begin with it.
    pub fn before(port: Port, instances: Vec<SocketAddr>) -> Balancer {
        let listener = TcpListener::bind(("127.0.0.1", port.number)).unwrap();
        let served: Arc<Vec<AtomicUsize>> = Arc::new(instances.iter().map(|_| AtomicUsize::new(0)).collect());
        let ended = Arc::new(AtomicBool::new(false));
        let (counts, over) = (Arc::clone(&served), Arc::clone(&ended));
        std::thread::spawn(move || {
            let turns = Turns { instances: Arc::new(instances), next: Arc::default(), served: counts };
            for client in listener.incoming() {
                if over.load(Ordering::Relaxed) {
                    break;
                }
                let turns = turns.clone();
                std::thread::spawn(move || client.ok().and_then(|client| turns.pass(client)));
            }
        });
        Balancer { port, served, ended }
    }

    /// How many requests each instance has answered.
    pub fn served(&self) -> Vec<usize> {
        self.served.iter().map(|count| count.load(Ordering::Relaxed)).collect()
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port.number));
    }
}

impl Turns {
    /// One request and its answer; the connection ends with it, so that the next request is a new turn.
    fn pass(&self, mut client: TcpStream) -> Option<()> {
        client.set_read_timeout(Some(WAIT)).ok()?;
        let request = request_from(&mut client)?;
        // A browser opens connections that it may never use: only a request takes a turn.
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.instances.len();
        let mut portal = TcpStream::connect(self.instances[turn]).ok()?;
        portal.set_read_timeout(Some(WAIT)).ok()?;
        portal.write_all(&request).ok()?;
        let mut answer = Vec::new();
        portal.read_to_end(&mut answer).ok()?;
        self.served[turn].fetch_add(1, Ordering::Relaxed);
        client.write_all(&answer).ok()?;
        client.shutdown(Shutdown::Both).ok()
    }
}

fn request_from(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut taken = Vec::new();
    let head = loop {
        more(client, &mut taken)?;
        if let Some(end) = taken.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
    };
    let text = String::from_utf8_lossy(&taken[..head]).to_string();
    let lines: Vec<&str> =
        text.split("\r\n").filter(|line| !line.to_ascii_lowercase().starts_with("connection:")).collect();
    let length = lines
        .iter()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = taken.split_off(head + 4);
    while body.len() < length.unwrap_or(0) {
        more(client, &mut body)?;
    }
    let mut request = format!("{}\r\nconnection: close\r\n\r\n", lines.join("\r\n")).into_bytes();
    request.extend_from_slice(&body);
    Some(request)
}

fn more(client: &mut TcpStream, taken: &mut Vec<u8>) -> Option<()> {
    let mut part = [0; 4096];
    match client.read(&mut part).ok()? {
        0 => None,
        read => {
            taken.extend_from_slice(&part[..read]);
            Some(())
        }
    }
}
