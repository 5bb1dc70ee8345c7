//! One variable: read, parsed, or named in an error.

use std::ffi::OsString;
use std::net::SocketAddr;

/// Where variables come from.
pub type Source<'a> = dyn Fn(&str) -> Option<OsString> + 'a;

/// A setting that cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{variable}: {problem}")]
pub struct SettingError {
    pub variable: &'static str,
    pub problem: String,
}

impl SettingError {
    pub fn new(variable: &'static str, problem: impl Into<String>) -> SettingError {
        SettingError { variable, problem: problem.into() }
    }
}

/// The text of a variable; the default when it is not set or empty.
pub fn text(source: &Source, variable: &'static str, default: &str) -> Result<String, SettingError> {
    let Some(value) = source(variable) else { return Ok(default.to_owned()) };
    let value = value.into_string().map_err(|_bytes| SettingError::new(variable, "is not valid UTF-8"))?;
    let value = value.trim();
    Ok(if value.is_empty() { default.to_owned() } else { value.to_owned() })
}

/// A variable through a parser whose error says what is wrong. The value is not repeated: it may hold a password.
pub fn parsed<T>(
    source: &Source,
    variable: &'static str,
    default: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, SettingError> {
    parse(&text(source, variable, default)?).map_err(|problem| SettingError::new(variable, problem))
}

/// Like `parsed`, with None for a variable that is not set.
pub fn optional<T>(
    source: &Source,
    variable: &'static str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, SettingError> {
    let value = text(source, variable, "")?;
    if value.is_empty() {
        Ok(None)
    } else {
        parse(&value).map(Some).map_err(|problem| SettingError::new(variable, problem))
    }
}

pub fn listen(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_error| "must be an address and a port, such as 127.0.0.1:8080".to_owned())
}

pub fn switch(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("must be `on` or `off`".to_owned()),
    }
}
