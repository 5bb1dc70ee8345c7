//! A short message centre (SMPP 3.4) that does what a test says: forgets its binds, keeps silent, refuses.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::spawn;

const BIND_TRANSCEIVER: u32 = 0x9;
const SUBMIT_SM: u32 = 0x4;
const ENQUIRE_LINK: u32 = 0x15;
const UNBIND: u32 = 0x6;
const RESPONSE: u32 = 0x8000_0000;
const ROK: u32 = 0;

#[derive(Default)]
struct Centre {
    /// Rises when the binds so far are forgotten.
    age: usize,
    /// What whoever is not bound is answered with.
    unbound: u32,
    forgets_at_once: bool,
    is_silent: bool,
    binds: usize,
    taken: Vec<String>,
}

/// Ends with the test's process; nobody waits for it.
pub struct SmsCentre {
    listen: SocketAddr,
    centre: Arc<Mutex<Centre>>,
}

impl SmsCentre {
    pub fn start() -> SmsCentre {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = listener.local_addr().unwrap();
        let centre = Arc::new(Mutex::new(Centre::default()));
        let shared = Arc::clone(&centre);
        spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                spawn(move || serve(&shared, client));
            }
        });
        SmsCentre { listen, centre }
    }

    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// For `KABINET_SMS_URL`, over a line of its own where there is one.
    pub fn url_at(listen: SocketAddr) -> String {
        format!("smpp://kabinet:secret@{listen}")
    }

    /// All binds are forgotten: `submit_sm` is answered with this status until somebody binds anew.
    pub fn forgets_its_binds(&self, status: u32) {
        let mut centre = self.centre.lock().unwrap();
        (centre.age, centre.unbound) = (centre.age + 1, status);
    }

    /// Every bind is forgotten as soon as it is made.
    pub fn never_knows_anybody(&self, status: u32) {
        let mut centre = self.centre.lock().unwrap();
        (centre.unbound, centre.forgets_at_once) = (status, true);
    }

    /// No `submit_sm` is answered (or taken); the line is alive.
    pub fn is_silent(&self, silent: bool) {
        self.centre.lock().unwrap().is_silent = silent;
    }

    pub fn binds(&self) -> usize {
        self.centre.lock().unwrap().binds
    }

    /// How many parts were taken for that number.
    pub fn taken_for(&self, phone: &str) -> usize {
        let digits = phone.trim_start_matches('+');
        self.centre.lock().unwrap().taken.iter().filter(|to| *to == digits).count()
    }
}

fn serve(centre: &Mutex<Centre>, mut client: TcpStream) {
    // The age in which this connection was bound.
    let mut bound = None;
    let mut header = [0; 16];
    while client.read_exact(&mut header).is_ok() {
        let word = |place: usize| u32::from_be_bytes(header[place..place + 4].try_into().unwrap());
        let (length, command, sequence) = (word(0), word(4), word(12));
        let mut body = vec![0; usize::try_from(length).unwrap() - header.len()];
        if client.read_exact(&mut body).is_err() {
            return;
        }
        let Some((status, answer)) = answer(&mut centre.lock().unwrap(), &mut bound, command, &body) else {
            continue;
        };
        let length = u32::try_from(header.len() + answer.len()).unwrap();
        let words = [length, command | RESPONSE, status, sequence].map(u32::to_be_bytes).concat();
        if client.write_all(&[words, answer].concat()).is_err() || command == UNBIND {
            return;
        }
    }
}

fn answer(
    centre: &mut Centre,
    bound: &mut Option<usize>,
    command: u32,
    body: &[u8],
) -> Option<(u32, Vec<u8>)> {
    match command {
        BIND_TRANSCEIVER => {
            centre.binds += 1;
            *bound = Some(centre.age).filter(|_| !centre.forgets_at_once);
            Some((ROK, b"centre\0".to_vec()))
        }
        SUBMIT_SM if centre.is_silent => None,
        SUBMIT_SM if *bound != Some(centre.age) => Some((centre.unbound, Vec::new())),
        SUBMIT_SM => {
            centre.taken.push(destination(body));
            Some((ROK, format!("{}\0", centre.taken.len()).into_bytes()))
        }
        ENQUIRE_LINK | UNBIND => Some((ROK, Vec::new())),
        _ => None,
    }
}

/// `service_type`, the sender with its two kinds, two kinds, then the number.
fn destination(body: &[u8]) -> String {
    let after_text = |body: &[u8]| body[body.iter().position(|byte| *byte == 0).unwrap() + 1..].to_vec();
    let rest = after_text(body);
    let rest = after_text(&rest[2..]);
    let number: Vec<u8> = rest[2..].iter().copied().take_while(|byte| *byte != 0).collect();
    String::from_utf8(number).unwrap()
}
