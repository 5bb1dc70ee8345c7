//! A line between the portal and something outside of it (database, bank, mail server, SMS centre): what goes over it passes,
//! comes late, is swallowed, or the line is cut. It can change from one moment to the next, under connections that stand.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{sleep, spawn};
use std::time::Duration;

/// How often a line looks whether something has changed.
const LOOK: Duration = Duration::from_millis(5);

/// What becomes of bytes, in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// None: they pass.
    None,
    /// They are taken, kept and never passed on, as behind a firewall that drops packets. With the end of the fault they
    /// go on where they stopped.
    Swallow,
    /// Connections are closed, and new ones are closed as soon as they are made.
    Cut,
    /// What holds these bytes still passes; then the line is cut, and the answer is lost.
    CutAfter(&'static [u8]),
    /// They come so much later.
    Delay(Duration),
}

struct State {
    target: SocketAddr,
    fault: Mutex<Fault>,
    ended: AtomicBool,
    connections: AtomicUsize,
}

impl State {
    fn fault(&self) -> Fault {
        if self.ended.load(Ordering::Relaxed) { Fault::Cut } else { *self.fault.lock().unwrap() }
    }
}

pub struct Line {
    listen: SocketAddr,
    state: Arc<State>,
}

impl Line {
    /// A line to a server on this machine, without a fault yet.
    pub fn to(target: SocketAddr) -> Line {
        assert!(target.ip().is_loopback(), "{target} is somebody else's");
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = listener.local_addr().unwrap();
        let state = Arc::new(State {
            target,
            fault: Mutex::new(Fault::None),
            ended: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
        });
        let shared = Arc::clone(&state);
        spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                if shared.ended.load(Ordering::Relaxed) {
                    break;
                }
                shared.connections.fetch_add(1, Ordering::Relaxed);
                let shared = Arc::clone(&shared);
                spawn(move || joined(&shared, near));
            }
        });
        Line { listen, state }
    }

    /// Where to connect instead of to the target.
    pub fn listen(&self) -> SocketAddr {
        self.listen
    }

    pub fn has(&self, fault: Fault) {
        *self.state.fault.lock().unwrap() = fault;
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::Relaxed)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.listen);
    }
}

fn joined(state: &Arc<State>, near: TcpStream) {
    while state.fault() == Fault::Swallow {
        sleep(LOOK);
    }
    if state.fault() == Fault::Cut {
        return;
    }
    let Ok(far) = TcpStream::connect(state.target) else { return };
    let there = (near.try_clone().unwrap(), far.try_clone().unwrap());
    let shared = Arc::clone(state);
    let back = spawn(move || pass_on(&shared, far, near));
    pass_on(state, there.0, there.1);
    let _ = back.join();
}

/// One direction, until one side has closed it or the line is cut.
fn pass_on(state: &State, mut from: TcpStream, mut to: TcpStream) {
    from.set_read_timeout(Some(LOOK)).unwrap();
    let mut bytes = [0; 16 * 1024];
    loop {
        let read = match from.read(&mut bytes) {
            Ok(0) => break,
            Ok(read) => read,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => 0,
            Err(_) => break,
        };
        while state.fault() == Fault::Swallow {
            sleep(LOOK);
        }
        match state.fault() {
            Fault::Cut => {
                let _ = from.shutdown(Shutdown::Both);
                break;
            }
            Fault::Delay(delay) if read > 0 => sleep(delay),
            _ => {}
        }
        // Before it is passed on: the answer may be back sooner than the next line here.
        if let Fault::CutAfter(last) = state.fault()
            && bytes[..read].windows(last.len()).any(|part| part == last)
        {
            *state.fault.lock().unwrap() = Fault::Cut;
        }
        if to.write_all(&bytes[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
}

#[test]
fn a_line_passes_delays_swallows_and_is_cut() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let line = Line::to(server.local_addr().unwrap());
    spawn(move || {
        for mut client in server.incoming().map_while(Result::ok) {
            spawn(move || {
                let mut bytes = [0; 64];
                while let Ok(read @ 1..) = client.read(&mut bytes) {
                    let _ = client.write_all(&bytes[..read]);
                }
            });
        }
    });
    let mut client = TcpStream::connect(line.listen()).unwrap();
    let mut echo = [0; 5];
    client.write_all(b"hello").unwrap();
    client.read_exact(&mut echo).unwrap();
    assert_eq!(&echo, b"hello");

    line.has(Fault::Swallow);
    client.write_all(b"again").unwrap();
    client.set_read_timeout(Some(Duration::from_millis(200))).unwrap();
    assert!(client.read_exact(&mut echo).is_err(), "nothing comes");
    line.has(Fault::None);
    client.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    client.read_exact(&mut echo).unwrap();
    assert_eq!(&echo, b"again");

    line.has(Fault::Delay(Duration::from_millis(50)));
    client.write_all(b"later").unwrap();
    client.read_exact(&mut echo).unwrap();
    assert_eq!(&echo, b"later");

    line.has(Fault::Cut);
    assert_eq!(client.read(&mut echo).unwrap_or(0), 0, "the line is cut");
    let mut refused = TcpStream::connect(line.listen()).unwrap();
    assert_eq!(refused.read(&mut echo).unwrap_or(0), 0, "and stays so");
    assert_eq!(line.connections(), 2);
}
