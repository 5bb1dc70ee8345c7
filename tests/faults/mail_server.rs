//! A strict mail server (SMTP, without TLS) that refuses at the step that a test names.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::spawn;

#[derive(Default)]
struct Server {
    /// The command that is refused, and the answer.
    refuses: Option<(&'static str, String)>,
    hellos: Vec<String>,
    taken: Vec<String>,
}

/// Ends with the test's process; nobody waits for it.
pub struct MailServer {
    listen: SocketAddr,
    server: Arc<Mutex<Server>>,
}

impl MailServer {
    pub fn start() -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = listener.local_addr().unwrap();
        let server = Arc::new(Mutex::new(Server::default()));
        let shared = Arc::clone(&server);
        spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let shared = Arc::clone(&shared);
                spawn(move || serve(&shared, client));
            }
        });
        MailServer { listen, server }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.listen)
    }

    /// From here on a command (`EHLO`, `MAIL`, `RCPT`, `DATA`; `.` for the letter itself) is answered so.
    pub fn refuses(&self, command: &'static str, answer: &str) {
        self.server.lock().unwrap().refuses = Some((command, answer.to_owned()));
    }

    pub fn is_mended(&self) {
        self.server.lock().unwrap().refuses = None;
    }

    /// The names that clients have called themselves.
    pub fn hellos(&self) -> Vec<String> {
        self.server.lock().unwrap().hellos.clone()
    }

    pub fn taken_for(&self, email: &str) -> usize {
        self.server.lock().unwrap().taken.iter().filter(|to| *to == email).count()
    }
}

/// A name with a dot that is no number, or an address literal: what strict servers ask for.
fn is_proper(name: &str) -> bool {
    let is_literal = name.starts_with('[') && name.ends_with(']');
    is_literal || (name.contains('.') && name.chars().any(|c| c.is_ascii_alphabetic()))
}

fn serve(server: &Mutex<Server>, client: TcpStream) {
    let mut out = client.try_clone().unwrap();
    let mut to = String::new();
    let mut in_letter = false;
    let _ = out.write_all(b"220 mx.example.net\r\n");
    for line in BufReader::new(client).lines().map_while(Result::ok) {
        if in_letter && line != "." {
            continue;
        }
        let mut server = server.lock().unwrap();
        let command = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let refused = server.refuses.clone().filter(|(refused, _)| *refused == command);
        let answer = match command.as_str() {
            _ if refused.is_some() => refused.unwrap().1,
            "EHLO" => {
                let name = line.split(' ').nth(1).unwrap_or_default().to_owned();
                server.hellos.push(name.clone());
                if is_proper(&name) {
                    "250-mx.example.net\r\n250 8BITMIME".to_owned()
                } else {
                    "504 5.5.2 Helo command rejected: need fully-qualified hostname".to_owned()
                }
            }
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 ok".to_owned()
            }
            "DATA" => {
                in_letter = true;
                "354 go on".to_owned()
            }
            "." => {
                server.taken.push(to.clone());
                "250 taken".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        in_letter &= command != ".";
        if out.write_all(format!("{answer}\r\n").as_bytes()).is_err() || command == "QUIT" {
            return;
        }
    }
}
