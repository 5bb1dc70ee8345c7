//! lynx without a terminal. Its keys come through a pipe (`-cmd_script`), so that it reads the next one only when the
//! page is there; what it shows is saved with its own Print command.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::process::Command;
use std::time::Duration;

use super::markup::folded;
use super::process::{Running, Workdir, eventually, finished};

const CONFIGURATION: &str = "\
ACCEPT_ALL_COOKIES:TRUE
ALERTSECS:0
CHARACTER_SET:utf-8
ASSUME_CHARSET:utf-8
DEFAULT_INDEX_FILE:file://localhost/dev/null
DEFAULT_KEYPAD_MODE:LINKS_AND_FIELDS_ARE_NUMBERED
FORCE_SSL_PROMPT:YES
INFOSECS:0
MESSAGESECS:0
HELPFILE:file://localhost/dev/null
PERSISTENT_COOKIES:FALSE
SHOW_CURSOR:TRUE
TEXTFIELDS_NEED_ACTIVATION:TRUE
";

pub struct Lynx {
    running: Running,
    keys: File,
    dir: Workdir,
    screens: u32,
}

/// A page as lynx prints it: numbered links and fields, and the list of what the numbers mean.
#[derive(Debug)]
pub struct Screen {
    pub text: String,
    targets: Vec<(String, String)>,
}

impl Lynx {
    pub fn opens(url: &str) -> Lynx {
        let dir = Workdir::new("lynx");
        let (configuration, pipe, out) = (dir.path("lynx.cfg"), dir.path("keys"), dir.path("terminal"));
        std::fs::write(&configuration, CONFIGURATION).unwrap();
        let made = finished(Command::new("mkfifo").arg(&pipe), Duration::from_secs(5));
        assert!(made.status.success());
        // Open for both, so that neither side waits for the other.
        let keys = OpenOptions::new().read(true).write(true).open(&pipe).unwrap();
        let mut command = Command::new("lynx");
        command
            .arg(format!("-cfg={}", configuration.display()))
            .arg(format!("-cmd_script={}", pipe.display()));
        command.args(["-display_charset=utf-8", "-accept_all_cookies", url]);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", dir.root()).env("TERM", "xterm").env("LC_ALL", "C.UTF-8");
        command.env("LINES", "200").env("COLUMNS", "100").current_dir(dir.root());
        command.stdout(File::create(&out).unwrap()).stderr(File::create(dir.path("complaints")).unwrap());
        Lynx { running: Running::start(&mut command), keys, dir, screens: 0 }
    }

    fn press_keys(&mut self, keys: &[&str]) {
        let lines: String = keys.iter().map(|key| format!("key {key}\n")).collect();
        self.keys.write_all(lines.as_bytes()).unwrap();
    }

    fn types(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                b' ' => self.press_keys(&["<space>"]),
                33..=126 => self.press_keys(&[&char::from(byte).to_string()]),
                _ => self.press_keys(&[&format!("0x{byte:02x}")]),
            }
        }
    }

    /// The page that lynx stands on.
    #[track_caller]
    pub fn screen(&mut self) -> Screen {
        self.screens += 1;
        let name = format!("screen-{}.txt", self.screens);
        self.press_keys(&["p", "^J", "^U"]);
        self.types(&name);
        self.press_keys(&["^J"]);
        let path = self.dir.path(&name);
        let mut before = Vec::new();
        let saved = eventually(
            &format!("a page from lynx; its terminal:\n{}", self.terminal()),
            Duration::from_secs(30),
            || {
                assert!(!self.running.has_ended(), "lynx has ended");
                let now = std::fs::read(&path).unwrap_or_default();
                let settled = !now.is_empty() && now == before;
                before = now;
                settled.then(|| String::from_utf8_lossy(&before).into_owned())
            },
        );
        Screen::read(&saved)
    }

    fn terminal(&self) -> String {
        let bytes = std::fs::read(self.dir.path("terminal")).unwrap_or_default();
        String::from_utf8_lossy(&bytes[bytes.len().saturating_sub(1000)..]).into_owned()
    }

    fn goes_to(&mut self, number: &str) {
        for digit in number.chars() {
            self.press_keys(&[&digit.to_string()]);
        }
        self.press_keys(&["g", "^J"]);
    }

    /// Follows the link, or presses the button, with exactly that caption.
    #[track_caller]
    pub fn presses(&mut self, caption: &str) {
        let screen = self.screen();
        let Some(number) = screen.numbered(caption) else {
            panic!("lynx shows no «{caption}»:\n{}", screen.text)
        };
        self.goes_to(&number);
        self.press_keys(&["^J"]);
    }

    /// To the page before this one.
    pub fn goes_back(&mut self) {
        self.press_keys(&["Left Arrow"]);
    }

    /// Types into the nth (from 0) field of that kind: "text entry field", "password entry field".
    #[track_caller]
    pub fn fills(&mut self, kind: &str, nth: usize, text: &str) {
        self.goes_to_field(kind, nth);
        self.press_keys(&["^J", "^U"]);
        self.types(text);
        self.press_keys(&["<tab>"]);
    }

    #[track_caller]
    pub fn ticks(&mut self) {
        self.ticks_box(0);
    }

    /// Ticks the nth (from 0) box, or takes its tick away.
    #[track_caller]
    pub fn ticks_box(&mut self, nth: usize) {
        self.goes_to_field("checkbox", nth);
        self.press_keys(&["^J"]);
    }

    /// Chooses the option that stands so many places below the first in the nth (from 0) list.
    #[track_caller]
    pub fn chooses(&mut self, nth: usize, places: usize) {
        self.goes_to_field("popup menu", nth);
        self.press_keys(&["^J"]);
        for _ in 0..places {
            self.press_keys(&["Down Arrow"]);
        }
        self.press_keys(&["^J"]);
    }

    #[track_caller]
    fn goes_to_field(&mut self, kind: &str, nth: usize) {
        let screen = self.screen();
        let Some(number) = screen.field(kind, nth) else { panic!("lynx shows no {kind} {nth}:\n{screen:?}") };
        self.goes_to(&number);
    }

    #[track_caller]
    pub fn sees(&mut self, words: &str) -> Screen {
        let screen = self.screen();
        assert!(screen.text.contains(words), "lynx does not show «{words}»:\n{}", screen.text);
        screen
    }
}

impl Screen {
    fn read(saved: &str) -> Screen {
        let (text, list) = saved.rsplit_once("\nReferences\n").unwrap_or((saved, ""));
        let targets = list.lines().filter_map(|line| line.trim().split_once(". "));
        let targets = targets.map(|(number, target)| (number.to_owned(), target.to_owned())).collect();
        Screen { text: folded(text), targets }
    }

    /// The number before that caption; the caption must end where it ends.
    fn numbered(&self, caption: &str) -> Option<String> {
        let with_bracket = format!("]{caption}");
        let mut from = 0;
        while let Some(found) = self.text[from..].find(&with_bracket) {
            let at = from + found;
            let after = self.text[at + with_bracket.len()..].chars().next();
            let open = self.text[..at].rfind('[').unwrap_or(at);
            let number = &self.text[(open + 1).min(at)..at];
            let ends = after.is_none_or(|letter| !letter.is_alphanumeric());
            if ends && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
                return Some(number.to_owned());
            }
            from = at + 1;
        }
        None
    }

    fn field(&self, kind: &str, nth: usize) -> Option<String> {
        let wanted = format!("form field = {kind}");
        let mut fields = self.targets.iter().filter(|(_, target)| *target == wanted);
        fields.nth(nth).map(|(number, _)| number.clone())
    }
}

impl Drop for Lynx {
    fn drop(&mut self) {
        self.press_keys(&["q", "y"]);
        self.running.ends_within(Duration::from_secs(2));
    }
}
