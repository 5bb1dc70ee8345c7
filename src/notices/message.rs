//! What a room has to do for a message of its own: a `SimpleMessage` in its `messages.rs` (a type with `impl Message` for what needs
//! more), its texts, and an example. CONTRIBUTING.md has the steps.

use std::borrow::Cow;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::hours;
use crate::texts::{Args, FluentValue};

/// Something to tell. Its texts are named by its kind: `mail-<kind>-subject`, `mail-<kind>-body-1` and so on, `mail-<kind>-link` for
/// a mail, `sms-<kind>` for an SMS. A message that goes by SMS alone has no mail, but an `sms-<kind>-subject` for the list of messages.
pub trait Message {
    fn kind(&self) -> &'static str;

    /// How long it is of use. A code or link that has expired is worse than silence.
    fn lifetime(&self) -> Duration {
        hours(72)
    }

    /// The page that it leads to, from its first slash. Texts name the whole address as `url`.
    fn path(&self) -> Option<Cow<'_, str>>;

    /// What the texts are given beside `url` and `code`. Sums and moments come as texts in the reader's language.
    fn args(&self) -> MessageArgs {
        MessageArgs::new()
    }

    /// The code that it carries. Texts name it as `code`.
    fn code(&self) -> Option<&str> {
        None
    }
}

/// A message that knows no more than its kind, the page that it leads to, a code, and what its texts are given.
#[derive(Clone)]
pub struct SimpleMessage {
    kind: &'static str,
    lifetime: Duration,
    path: Option<Cow<'static, str>>,
    code: Option<String>,
    args: MessageArgs,
}

impl SimpleMessage {
    pub const fn new(kind: &'static str, path: &'static str) -> SimpleMessage {
        let path = Some(Cow::Borrowed(path));
        SimpleMessage { kind, lifetime: hours(72), path, code: None, args: MessageArgs::new() }
    }

    /// A link for one person.
    pub fn link(kind: &'static str, path: String, lifetime: Duration) -> SimpleMessage {
        SimpleMessage { kind, lifetime, path: Some(path.into()), code: None, args: MessageArgs::new() }
    }

    /// A code to be typed into the page that is open already.
    pub fn code(kind: &'static str, code: String, lifetime: Duration) -> SimpleMessage {
        SimpleMessage { kind, lifetime, path: None, code: Some(code), args: MessageArgs::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<MessageArg>) -> SimpleMessage {
        self.args = self.args.with(name, value);
        self
    }

    /// The code beside a link, for another browser.
    #[must_use]
    pub fn or_code(self, code: String) -> SimpleMessage {
        SimpleMessage { code: Some(code), ..self }
    }

    #[must_use]
    pub fn within(self, lifetime: Duration) -> SimpleMessage {
        SimpleMessage { lifetime, ..self }
    }
}

impl Message for SimpleMessage {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn lifetime(&self) -> Duration {
        self.lifetime
    }

    fn path(&self) -> Option<Cow<'_, str>> {
        self.path.as_deref().map(Cow::Borrowed)
    }

    fn args(&self) -> MessageArgs {
        self.args.clone()
    }

    fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }
}

/// An argument of a text. Numbers stay numbers: plurals are chosen by them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum MessageArg {
    Number(i64),
    Text(String),
}

impl From<i64> for MessageArg {
    fn from(number: i64) -> MessageArg {
        MessageArg::Number(number)
    }
}

impl From<String> for MessageArg {
    fn from(text: String) -> MessageArg {
        MessageArg::Text(text)
    }
}

impl From<&str> for MessageArg {
    fn from(text: &str) -> MessageArg {
        MessageArg::Text(text.to_owned())
    }
}

/// What the texts of a message are given, by name.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MessageArgs(Vec<(Cow<'static, str>, MessageArg)>);

impl MessageArgs {
    pub const fn new() -> MessageArgs {
        MessageArgs(Vec::new())
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<MessageArg>) -> MessageArgs {
        self.0.push((name.into(), value.into()));
        self
    }

    /// These and others.
    #[must_use]
    pub fn and(mut self, others: MessageArgs) -> MessageArgs {
        self.0.extend(others.0);
        self
    }

    pub(super) fn for_texts(&self) -> Args {
        let value = |arg: &MessageArg| match arg {
            MessageArg::Number(number) => FluentValue::from(*number),
            MessageArg::Text(text) => FluentValue::from(text.clone()),
        };
        self.0.iter().map(|(name, arg)| (name.clone(), value(arg))).collect()
    }
}
