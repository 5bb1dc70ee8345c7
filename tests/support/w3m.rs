//! w3m in a terminal of its own (tmux): keys are sent, the screen is read, nothing is waited for by the clock alone.

use std::process::Command;
use std::time::Duration;

use super::process::{Workdir, eventually, finished};

const PATIENCE: Duration = Duration::from_secs(20);

pub struct W3m {
    dir: Workdir,
}

impl W3m {
    pub fn opens(url: &str) -> W3m {
        let w3m = W3m { dir: Workdir::new("w3m") };
        let command = format!(
            "timeout 240 w3m -M -cookie -o accept_bad_cookie=1 -o display_charset=UTF-8 -o confirm_qq=0 -o use_history=0 '{url}'"
        );
        w3m.tmux(&["-u", "new-session", "-d", "-x", "110", "-y", "190", &command]);
        w3m
    }

    fn tmux(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(self.dir.path("socket")).args(["-f", "/dev/null"]).args(arguments);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.dir.root()).env("TERM", "xterm").env("LC_ALL", "C.UTF-8");
        let output = finished(command.current_dir(self.dir.root()), Duration::from_secs(10));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    pub fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    fn key(&self, key: &str) {
        self.tmux(&["send-keys", key]);
    }

    fn types(&self, text: &str) {
        self.tmux(&["send-keys", "-l", text]);
    }

    #[track_caller]
    pub fn sees(&self, words: &str) -> String {
        let mut last = String::new();
        for _ in 0..100 {
            last = self.screen();
            if last.contains(words) {
                return last;
            }
            std::thread::sleep(PATIENCE / 100);
        }
        panic!("w3m does not show «{words}» within {PATIENCE:?}:\n{last}");
    }

    /// The line that the cursor is on.
    pub fn line(&self) -> String {
        let place = self.place();
        let row: usize = place.split_whitespace().nth(1).unwrap().parse().unwrap();
        self.screen().lines().nth(row).unwrap_or_default().to_owned()
    }

    fn place(&self) -> String {
        self.tmux(&["display-message", "-p", "#{cursor_x} #{cursor_y}"])
    }

    /// What stands right of the cursor, and the line it is in.
    fn at_cursor(&self) -> (String, String) {
        let place = self.place();
        let mut numbers = place.split_whitespace().map(|number| number.parse::<usize>().unwrap_or_default());
        let (column, row) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        let screen = self.screen();
        let line = screen.lines().nth(row).unwrap_or_default().to_owned();
        (from_column(&line, column), line)
    }

    /// Walks with Tab over links, buttons and fields until the cursor stands on one that is meant.
    fn walks_until(&self, is_meant: impl Fn(&str, &str) -> bool) -> bool {
        self.types("g");
        for _ in 0..80 {
            let before = self.place();
            self.key("Tab");
            for _ in 0..100 {
                if self.place() != before {
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
            }
            let (right, line) = self.at_cursor();
            if is_meant(&right, &line) {
                return true;
            }
        }
        false
    }

    #[track_caller]
    fn walks_to(&self, caption: &str) {
        self.sees(caption);
        let found = self.walks_until(|right, _| {
            right
                .strip_prefix(caption)
                .is_some_and(|rest| rest.chars().next().is_none_or(|c| !c.is_alphanumeric()))
        });
        assert!(found, "w3m cannot reach «{caption}»:\n{}", self.screen());
    }

    /// Follows the link, or presses the button, with exactly that caption; the next page shows these words.
    #[track_caller]
    pub fn presses(&self, caption: &str, then: &str) {
        self.walks_to(caption);
        self.key("Enter");
        self.sees(then);
    }

    /// Types into the first field after that label.
    #[track_caller]
    pub fn fills(&self, label: &str, text: &str, secret: bool) {
        self.sees(label);
        self.types("g");
        self.key("/");
        self.sees("Forward:");
        self.types(label);
        self.key("Enter");
        eventually("w3m at the label", PATIENCE, || {
            let (right, _) = self.at_cursor();
            // Its search finds the same words in small letters, too: on to the next.
            if !right.starts_with(label) && right.to_lowercase().starts_with(&label.to_lowercase()) {
                self.key("n");
            }
            right.starts_with(label).then_some(())
        });
        self.key("Tab");
        self.key("Enter");
        self.sees(if secret { "Password:" } else { "TEXT:" });
        self.types(text);
        self.key("Enter");
        if !secret {
            self.sees(text);
        }
        let prompt = if secret { "Password:" } else { "TEXT:" };
        eventually("w3m has taken the text", PATIENCE, || (!self.screen().contains(prompt)).then_some(()));
    }

    /// Ticks the first box after the words.
    #[track_caller]
    pub fn ticks(&self) {
        self.walks_to_box();
        self.key("Enter");
        self.sees("[*]");
    }

    #[track_caller]
    fn walks_to_box(&self) {
        self.sees("[ ]");
        let found = self.walks_until(|right, line| line.contains("[ ]") && right.starts_with(" ]"));
        assert!(found, "w3m cannot reach the box:\n{}", self.screen());
    }
}

/// The rest of the line from that column; Cyrillic and Latin letters take one column, Chinese ones two.
fn from_column(line: &str, column: usize) -> String {
    let mut at = 0;
    for (index, letter) in line.char_indices() {
        if at >= column {
            return line[index..].to_owned();
        }
        at += if u32::from(letter) >= 0x2e80 { 2 } else { 1 };
    }
    String::new()
}

impl Drop for W3m {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}
