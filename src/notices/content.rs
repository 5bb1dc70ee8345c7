//! What is sealed in the outbox. Its text is written from it, in the reader's language, when it is sent.

use serde::{Deserialize, Serialize};

use super::message::{Message, MessageArgs};
use super::recipient::Recipient;
use crate::texts::{Args, ArgumentMissing};

/// Who is told, and what the texts are given.
#[derive(Clone, Serialize, Deserialize)]
pub struct Content {
    pub to: Recipient,
    pub args: MessageArgs,
    /// The page that it leads to.
    pub url: Option<String>,
    pub code: Option<String>,
    /// The page that tells whether a message is ours.
    pub verify_url: String,
}

/// The text of a message, in the reader's language.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    Sms { text: String },
    Mail { subject: String, text: String, html: String },
}

/// A message that cannot be written: a recipient or text with characters that carriers would misread, a kind that has no text for
/// its channel, or a text that wants what it was not given. The words are what the outbox keeps as `failure`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub &'static str);

impl From<ArgumentMissing> for Unusable {
    fn from(_: ArgumentMissing) -> Unusable {
        Unusable("a text wants what it was not given")
    }
}

impl Content {
    /// `link`: makes a path of the portal a whole address.
    pub fn of(
        to: Recipient,
        message: &dyn Message,
        more: MessageArgs,
        link: impl Fn(&str) -> String,
    ) -> Content {
        Content {
            to,
            args: more.and(message.args()),
            url: message.path().map(|path| link(&path)),
            code: message.code().map(str::to_owned),
            verify_url: link("/messages/verify"),
        }
    }

    pub(super) fn for_texts(&self) -> Args {
        let mut args = self.args.for_texts();
        for (name, value) in [("url", &self.url), ("code", &self.code)] {
            args.extend(value.clone().map(|value| (name.into(), value.into())));
        }
        args
    }
}
