//! The file `.env`, read strictly: what would be understood in two ways is an error, and an error names file and line, never what
//! stands there. Nothing is expanded: what a password is, it stays.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

use super::SettingError;
use crate::base::has_invisible;

const NAME: &str = ".env";

/// What a line is that cannot be used. Only words of ours: the line may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadLine {
    line: usize,
    problem: &'static str,
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.problem)
    }
}

const NOT_UTF_8: &str = "is not valid UTF-8";
const NO_PAIR: &str = "must be NAME=value, without spaces around `=`";
const OPEN_QUOTE: &str = "a quote is not closed on the same line";
const AFTER_QUOTE: &str = "nothing but a comment may follow the closing quote, after a space";
const ESCAPE: &str = "within double quotes a backslash stands before \", \\ or $ only: use single quotes";
const EXPANDED: &str = "nothing is expanded here: a value with $ or ` belongs into single quotes";
const UNQUOTED: &str = "a value with spaces, quotes, #, $, ` or a backslash belongs into single quotes";
const INVISIBLE: &str = "holds characters that cannot be seen";
const TWICE: &str = "sets a variable that an earlier line has set";

/// The variables of a file.
#[derive(Default)]
pub struct EnvFile(HashMap<String, String>);

impl EnvFile {
    /// The file of the working directory, or of the nearest one above it that has one; empty when none has.
    pub fn find() -> Result<EnvFile, SettingError> {
        let Ok(here) = std::env::current_dir() else { return Ok(EnvFile::default()) };
        for path in here.ancestors().map(|folder| folder.join(NAME)) {
            if let Some(bytes) = read(&path)? {
                return EnvFile::parse(&bytes).map_err(|bad| problem(&path, &bad));
            }
        }
        Ok(EnvFile::default())
    }

    pub fn parse(bytes: &[u8]) -> Result<EnvFile, BadLine> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
            BadLine { line: before + 1, problem: NOT_UTF_8 }
        })?;
        let mut variables = HashMap::new();
        for (place, line) in text.trim_start_matches('\u{feff}').split('\n').enumerate() {
            let bad = |problem| BadLine { line: place + 1, problem };
            let Some((name, value)) = variable(line.strip_suffix('\r').unwrap_or(line)).map_err(bad)? else {
                continue;
            };
            if variables.insert(name.to_owned(), value).is_some() {
                return Err(bad(TWICE));
            }
        }
        Ok(EnvFile(variables))
    }

    pub fn get(&self, name: &str) -> Option<OsString> {
        self.0.get(name).map(OsString::from)
    }
}

/// None where there is no such file.
fn read(path: &Path) -> Result<Option<Vec<u8>>, SettingError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::IsADirectory) => Ok(None),
        Err(error) => Err(problem(path, &format_args!("cannot be read: {error}"))),
    }
}

fn problem(path: &Path, what: &dyn fmt::Display) -> SettingError {
    SettingError::new(NAME, format!("{}: {what}", path.display()))
}

/// One line; None for an empty one and a comment.
fn variable(line: &str) -> Result<Option<(&str, String)>, &'static str> {
    let line = line.trim_matches([' ', '\t']);
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    if has_invisible(&line.replace('\t', " ")) {
        return Err(INVISIBLE);
    }
    let line = line.strip_prefix("export ").map_or(line, str::trim_start);
    let (name, written) = line.split_once('=').ok_or(NO_PAIR)?;
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !begins || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
        return Err(NO_PAIR);
    }
    if written.starts_with(char::is_whitespace) {
        return Err(NO_PAIR);
    }
    value(written).map(|value| Some((name, value)))
}

fn value(written: &str) -> Result<String, &'static str> {
    if let Some(rest) = written.strip_prefix('\'') {
        let (inside, after) = rest.split_once('\'').ok_or(OPEN_QUOTE)?;
        return ends(after).map(|()| inside.to_owned());
    }
    if let Some(rest) = written.strip_prefix('"') {
        return double_quoted(rest);
    }
    let unsafe_bare = |c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '#' | '$' | '`' | '\\');
    if written.contains(unsafe_bare) { Err(UNQUOTED) } else { Ok(written.to_owned()) }
}

fn double_quoted(rest: &str) -> Result<String, &'static str> {
    let mut value = String::new();
    let mut chars = rest.chars();
    loop {
        match chars.next().ok_or(OPEN_QUOTE)? {
            '"' => return ends(chars.as_str()).map(|()| value),
            '\\' => match chars.next().ok_or(OPEN_QUOTE)? {
                escaped @ ('"' | '\\' | '$') => value.push(escaped),
                _ => return Err(ESCAPE),
            },
            '$' | '`' => return Err(EXPANDED),
            c => value.push(c),
        }
    }
}

/// What may follow a closing quote.
fn ends(after: &str) -> Result<(), &'static str> {
    let rest = after.trim_start();
    let is_comment = rest.starts_with('#') && rest.len() < after.len();
    if rest.is_empty() || is_comment { Ok(()) } else { Err(AFTER_QUOTE) }
}

#[cfg(test)]
#[path = "env_file_tests.rs"]
mod tests;
