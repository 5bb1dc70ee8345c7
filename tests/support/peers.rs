//! The outside world: a mail server that insists on STARTTLS and a password, and a short message centre.

use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::http::{encoded, exchange};
use super::process::{Port, Running, Workdir, eventually, finished};

/// Where `tests/run` installs what the peers need.
pub fn peers() -> PathBuf {
    if let Some(dir) = std::env::var_os("KABINET_TEST_PEERS") {
        return PathBuf::from(dir);
    }
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_kabinet"));
    binary.ancestors().nth(2).unwrap().join("peers")
}

pub fn script(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(name)
}

pub fn node(name: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(script(name)).env("KABINET_TEST_PEERS", peers());
    command
}

fn journal(path: &PathBuf) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

pub struct Smtp {
    running: Option<Running>,
    dir: Workdir,
    port: Port,
}

impl Smtp {
    pub fn start() -> Smtp {
        let dir = Workdir::new("smtp");
        let made = finished(Command::new(script("authority.sh")).arg(dir.root()), Duration::from_secs(20));
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut smtp = Smtp { running: None, dir, port: Port::free() };
        smtp.resume();
        smtp
    }

    pub fn resume(&mut self) {
        let mut command = Command::new(peers().join("venv/bin/python"));
        command.arg(script("smtp.py"));
        for (option, file) in [("--cert", "server.pem"), ("--key", "server.key"), ("--out", "mail.jsonl")] {
            command.arg(option).arg(self.dir.path(file));
        }
        self.running = Some(Running::announcing(command.args(["--port", &self.port.number.to_string()])).0);
    }

    pub fn url(&self) -> String {
        format!("smtp+starttls://kabinet:letter-box@localhost:{}", self.port.number)
    }

    /// The certificate of the authority that signed the server's.
    pub fn authority(&self) -> PathBuf {
        self.dir.path("ca.pem")
    }

    pub fn journal(&self) -> Vec<Value> {
        journal(&self.dir.path("mail.jsonl"))
    }

    pub fn journal_path(&self) -> String {
        self.dir.path("mail.jsonl").display().to_string()
    }

    pub fn mails_to(&self, email: &str) -> Vec<Value> {
        let mails = self.journal().into_iter().filter(|line| line["event"] == "mail");
        mails.filter(|mail| mail["to"].as_array().unwrap().iter().any(|to| to == email)).collect()
    }

    #[track_caller]
    pub fn mail_to(&self, email: &str) -> Value {
        eventually(&format!("a mail to {email}"), Duration::from_secs(30), || self.mails_to(email).pop())
    }
}

pub struct Smsc {
    running: Option<Running>,
    dir: Workdir,
    port: Port,
}

impl Smsc {
    pub fn start() -> Smsc {
        let mut smsc = Smsc { running: None, dir: Workdir::new("smsc"), port: Port::free() };
        smsc.resume();
        smsc
    }

    pub fn resume(&mut self) {
        let mut command = node("smsc.mjs");
        // Before anything has happened it is empty, and not missing.
        let journal = self.dir.path("sms.jsonl");
        std::fs::OpenOptions::new().create(true).append(true).open(&journal).unwrap();
        command.arg("--out").arg(journal);
        self.running = Some(Running::announcing(command.args(["--port", &self.port.number.to_string()])).0);
    }

    pub fn stop(&mut self) {
        self.running = None;
    }

    pub fn url(&self) -> String {
        format!("smpp://kabinet:secret@127.0.0.1:{}", self.port.number)
    }

    pub fn wrong_url(&self) -> String {
        format!("smpp://kabinet:wrong@127.0.0.1:{}", self.port.number)
    }

    pub fn journal(&self) -> Vec<Value> {
        journal(&self.dir.path("sms.jsonl"))
    }

    pub fn journal_path(&self) -> String {
        self.dir.path("sms.jsonl").display().to_string()
    }

    pub fn events(&self, event: &str) -> Vec<Value> {
        self.journal().into_iter().filter(|line| line["event"] == event).collect()
    }

    /// Messages to that number, the oldest first; only the digits of a number count.
    pub fn messages_to(&self, phone: &str) -> Vec<Value> {
        let wanted = digits(phone);
        self.events("sms").into_iter().filter(|sms| digits(sms["to"].as_str().unwrap()) == wanted).collect()
    }
}

pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Stripe's API by somebody else, behind a door that keeps idempotency keys.
pub struct Localstripe {
    _running: Vec<Running>,
    _ports: [Port; 2],
    _dir: Workdir,
    pub listen: SocketAddr,
}

impl Localstripe {
    pub fn start() -> Localstripe {
        let (dir, inner, door) = (Workdir::new("localstripe"), Port::free(), Port::free());
        let log = || std::fs::OpenOptions::new().create(true).append(true).open(dir.path("log")).unwrap();
        let mut command = Command::new(peers().join("venv/bin/localstripe"));
        command.args(["--from-scratch", "--port", &inner.number.to_string()]).current_dir(dir.root());
        let server = Running::start(command.stdout(log()).stderr(log()));
        eventually("localstripe", Duration::from_secs(30), || {
            TcpStream::connect(("127.0.0.1", inner.number)).ok()
        });
        let mut command = Command::new(peers().join("venv/bin/python"));
        command.arg(script("stripe_keys.py")).args(["--port", &door.number.to_string()]);
        let (keys, _port) =
            Running::announcing(command.args(["--target", &format!("http://127.0.0.1:{}", inner.number)]));
        let listen = SocketAddr::from(([127, 0, 0, 1], door.number));
        Localstripe { _running: vec![keys, server], _ports: [inner, door], _dir: dir, listen }
    }

    /// For `KABINET_GATEWAY_URL`. localstripe refuses parameters that Stripe has.
    pub fn url(&self) -> String {
        format!(
            "stripe+http://sk_test_kabinet@{}?without=return_url,statement_descriptor_suffix,customer_filter",
            self.listen
        )
    }

    /// Everything of a kind that it has made: `payment_intents`.
    pub fn list(&self, kind: &str) -> Vec<Value> {
        let ask = format!(
            "GET /v1/{kind}?limit=100 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer sk_test_kabinet\r\nconnection: close\r\n\r\n"
        );
        exchange(self.listen, ask.as_bytes()).unwrap().is(200).json()["data"].as_array().unwrap().clone()
    }

    /// The answer of the next request to that path is lost on its way.
    pub fn loses(&self, path: &str) {
        self.posts(&format!("/_lose?path={path}"), b"");
    }

    /// Webhooks go to that address, signed with that secret.
    pub fn calls_back(&self, url: &str, secret: &str) {
        self.posts("/_config/webhooks/kabinet", &encoded(&[("url", url), ("secret", secret)]));
    }

    fn posts(&self, path: &str, body: &[u8]) {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\nconnection: close\r\n\
             content-length: {}\r\n\r\n",
            body.len()
        );
        exchange(self.listen, &[head.as_bytes(), body].concat()).unwrap().is(200);
    }
}
