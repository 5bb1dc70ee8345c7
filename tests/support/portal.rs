//! The real binary, with a directory, a database and ports of its own.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::net::SocketAddr;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

use serde_json::Value;

use super::browser::Browser;
use super::database::Database;
use super::http::{Answer, exchange};
use super::peers::{Smsc, Smtp, digits};
use super::process::{Port, Running, Workdir, eventually};

pub const SOON: Duration = Duration::from_secs(30);

/// For `KABINET_HASH_WAIT_SECONDS`. Hashing threads have the lowest priority: beside other tests they starve for seconds, and 503 would
/// say how busy this machine is. Only tests of the overload itself have the value that installations have.
pub const PATIENT: &str = "60";
/// For `KABINET_CARD_WAIT_SECONDS`: however slow this machine is, the page has the bank's word when it comes.
const WAITS: &str = "25";
/// For settings whose default is meant.
pub const AS_INSTALLED: &str = "";

pub struct Portal {
    pub dir: Rc<Workdir>,
    pub database: Rc<Database>,
    settings: BTreeMap<String, String>,
    running: Option<Running>,
    port: Port,
    sandbox: Port,
    metrics: Port,
    log: String,
}

/// A portal that is not running yet.
pub struct Setup {
    settings: BTreeMap<String, String>,
    shared: Option<(Rc<Workdir>, Rc<Database>)>,
    log: String,
}

impl Setup {
    pub fn set(mut self, name: &str, value: &str) -> Setup {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    pub fn mail_through(self, smtp: &Smtp) -> Setup {
        let url = format!("{}?ca={}", smtp.url(), smtp.authority().display());
        self.set("KABINET_SMTP_URL", &url)
    }

    pub fn sms_through(self, smsc: &Smsc) -> Setup {
        self.set("KABINET_SMS_URL", &smsc.url())
    }

    /// A second instance on the first one's database and secret.
    pub fn beside(mut self, other: &Portal) -> Setup {
        self.shared = Some((Rc::clone(&other.dir), Rc::clone(&other.database)));
        self.log = format!("{}-too", other.log);
        for (name, value) in &other.settings {
            self.settings.entry(name.clone()).or_insert_with(|| value.clone());
        }
        self
    }

    /// Everything is set up; nothing runs.
    pub fn prepared(mut self) -> Portal {
        let (dir, database) = self.shared.take().unwrap_or_else(|| {
            let dir = Rc::new(Workdir::new("portal"));
            let database = Rc::new(Database::fresh(dir.root()));
            (dir, database)
        });
        let (port, sandbox, metrics) = (Port::free(), Port::free(), Port::free());
        let own = [
            ("KABINET_LISTEN", format!("127.0.0.1:{}", port.number)),
            ("KABINET_SANDBOX_LISTEN", format!("127.0.0.1:{}", sandbox.number)),
            ("KABINET_METRICS_LISTEN", format!("127.0.0.1:{}", metrics.number)),
        ];
        self.settings.extend(own.map(|(name, value)| (name.to_owned(), value)));
        let defaults = [
            ("KABINET_PUBLIC_URL", format!("http://127.0.0.1:{}", port.number)),
            ("KABINET_DATABASE_URL", database.url()),
            ("KABINET_SECRET_FILE", dir.path("secret.key").display().to_string()),
            ("KABINET_SANDBOX_FILE", dir.path("sandbox.db").display().to_string()),
            ("KABINET_TRUSTED_PROXIES", "127.0.0.1".to_owned()),
            ("KABINET_LOG", "info,kabinet=debug".to_owned()),
            ("KABINET_LOG_FORMAT", "json".to_owned()),
            ("KABINET_HASH_WAIT_SECONDS", PATIENT.to_owned()),
            ("KABINET_CARD_WAIT_SECONDS", WAITS.to_owned()),
        ];
        for (name, value) in defaults {
            self.settings.entry(name.to_owned()).or_insert(value);
        }
        Portal {
            dir,
            database,
            settings: self.settings,
            running: None,
            port,
            sandbox,
            metrics,
            log: self.log,
        }
    }

    #[track_caller]
    pub fn start(self) -> Portal {
        let mut portal = self.prepared();
        portal.restart();
        portal
    }
}

impl Portal {
    /// With the sandbox mailbox, as on a first run.
    #[track_caller]
    pub fn start() -> Portal {
        Portal::with().start()
    }

    pub fn with() -> Setup {
        Setup { settings: BTreeMap::new(), shared: None, log: "portal".to_owned() }
    }

    /// The same portal, which does not run yet, with another setting.
    pub fn setting(mut self, name: &str, value: &str) -> Portal {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The command with this portal's settings and nothing else in its environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        // Another build of the program can be put to the same tests.
        let other = std::env::var_os("KABINET_TEST_BINARY");
        let mut command = Command::new(other.unwrap_or_else(|| env!("CARGO_BIN_EXE_kabinet").into()));
        command.args(arguments).current_dir(self.dir.root()).env_clear().envs(&self.settings);
        command.env("RUST_BACKTRACE", "1").env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
    }

    /// Starts the binary without waiting for it.
    pub fn launch(&mut self) {
        let log = |kind: &str| {
            let path = self.dir.path(&format!("{}.{kind}", self.log));
            OpenOptions::new().create(true).append(true).open(path).unwrap()
        };
        let mut command = self.command(&[]);
        self.running = Some(Running::start(command.stdout(log("out")).stderr(log("err"))));
    }

    /// Starts the binary (again, on the same data) and waits until it is ready.
    #[track_caller]
    pub fn restart(&mut self) {
        self.kill();
        self.launch();
        let mut ended = false;
        eventually("a ready portal", SOON, || {
            ended = self.running.as_mut().is_some_and(Running::has_ended);
            assert!(!ended, "the portal ended at once:\n{}", self.log());
            let ready = exchange(
                self.listen(),
                b"GET /health/ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            );
            ready.filter(|answer| answer.status == 200)
        });
    }

    /// kill -9
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// SIGTERM.
    pub fn is_told_to_stop(&self) {
        self.running.as_ref().unwrap().terminate();
    }

    /// Is told to stop, and does so in order.
    #[track_caller]
    pub fn stops(&mut self) {
        self.is_told_to_stop();
        assert!(self.ends_within(SOON).is_some_and(|ended| ended.success()));
    }

    /// What a start says that comes to nothing, within the time that a supervisor may wait.
    #[track_caller]
    pub fn refuses_to_start(&mut self) -> String {
        self.launch();
        let ended = self.ends_within(SOON).expect("it starts");
        assert!(!ended.success());
        self.log()
    }

    /// How it ended, when it does in time.
    pub fn ends_within(&mut self, limit: Duration) -> Option<std::process::ExitStatus> {
        self.running.take()?.ends_within(limit)
    }

    pub fn is_running(&mut self) -> bool {
        self.running.as_mut().is_some_and(|running| !running.has_ended())
    }

    pub fn pid(&self) -> u32 {
        self.running.as_ref().unwrap().child.id()
    }

    pub fn listen(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port.number))
    }

    pub fn sandbox_address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.sandbox.number))
    }

    pub fn metrics_address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.metrics.number))
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port.number)
    }

    pub fn browser(&self) -> Browser {
        Browser::new(self.listen()).knowing_it_as(&self.host())
    }

    /// Host and port of the public URL.
    pub fn host(&self) -> String {
        let (_, host) = self.settings["KABINET_PUBLIC_URL"].split_once("://").unwrap();
        host.trim_end_matches('/').to_owned()
    }

    pub fn metrics(&self) -> Answer {
        Browser::new(self.metrics_address()).get("/metrics")
    }

    /// Everything that the program wrote, standard output and error.
    pub fn log(&self) -> String {
        let read = |kind| std::fs::read(self.dir.path(&format!("{}.{kind}", self.log))).unwrap();
        format!("{}{}", String::from_utf8_lossy(&read("out")), String::from_utf8_lossy(&read("err")))
    }

    /// Waits until nothing is left in the outbox that is sent or will be: what has not come by then does not come.
    #[track_caller]
    pub fn has_sent_everything(&self, limit: Duration) {
        let left = "SELECT COUNT(*) AS count FROM outbox WHERE status IN ('queued', 'sending')";
        eventually("an outbox with nothing left to do", limit, || {
            (self.database.count(left) == 0).then_some(())
        });
    }

    /// As if so much time had gone by that no limit counts any more.
    pub fn lets_limits_pass(&self) {
        self.database.executes("DELETE FROM counters");
    }

    /// What the sandbox mailbox holds, the newest first.
    pub fn mailbox(&self) -> Vec<Value> {
        let answer = Browser::new(self.sandbox_address()).get("/messages.json").is(200);
        answer.json().as_array().unwrap().clone()
    }

    /// SMS to that number in the sandbox mailbox, the oldest first.
    pub fn sms_to(&self, phone: &str) -> Vec<Value> {
        self.messages("sms", |to| digits(to) == digits(phone))
    }

    pub fn mails_to(&self, email: &str) -> Vec<Value> {
        self.messages("mail", |to| to.contains(email))
    }

    fn messages(&self, channel: &str, is_to: impl Fn(&str) -> bool) -> Vec<Value> {
        let mut found = self.mailbox();
        found.retain(|message| message["channel"] == channel && is_to(message["to"].as_str().unwrap()));
        found.reverse();
        found
    }

    #[track_caller]
    pub fn mail_to(&self, email: &str) -> Value {
        eventually(&format!("a mail to {email}"), SOON, || self.mails_to(email).pop())
    }

    /// The code in the newest SMS to that number.
    #[track_caller]
    pub fn code_for(&self, phone: &str) -> String {
        eventually(&format!("an SMS to {phone}"), SOON, || self.sms_to(phone).pop().map(|sms| code_in(&sms)))
    }
}

/// Four digits that stand alone.
#[track_caller]
pub fn code_in(message: &Value) -> String {
    let text = message["text"].as_str().unwrap();
    let mut words = text.split(|letter: char| !letter.is_alphanumeric());
    let code = words.find(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
    code.unwrap_or_else(|| panic!("no code in «{text}»")).to_owned()
}

/// Six digits that stand alone, as a mail has them.
#[track_caller]
pub fn mailed_code_in(message: &Value) -> String {
    let text = message["text"].as_str().unwrap();
    let mut words = text.split(|letter: char| !letter.is_alphanumeric());
    let code = words.find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit()));
    code.unwrap_or_else(|| panic!("no code in «{text}»")).to_owned()
}

/// The first link into the portal's confirmations, as a path.
#[track_caller]
pub fn mailed_link_in(message: &Value) -> String {
    let text = message["text"].as_str().unwrap();
    let start = text.find("/confirmations/").unwrap_or_else(|| panic!("no link in «{text}»"));
    text[start..].split_whitespace().next().unwrap().to_owned()
}
