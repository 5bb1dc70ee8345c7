//! Who is told, and how a message travels.

use serde::{Deserialize, Serialize};

use crate::base::has_invisible;
use crate::text_enum;

text_enum! {
    /// How a message travels.
    Channel { Mail => "mail", Sms => "sms" }
}

/// Who is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// E.164: `+79991234567`.
    Phone(String),
    /// An address as its owner typed it.
    Mail(String),
}

impl Recipient {
    pub const fn channel(&self) -> Channel {
        match self {
            Recipient::Phone(_) => Channel::Sms,
            Recipient::Mail(_) => Channel::Mail,
        }
    }

    pub fn as_str(&self) -> &str {
        match self {
            Recipient::Phone(text) | Recipient::Mail(text) => text,
        }
    }

    /// For the row in clear, for staff: `+7********67`, `a***@example.org`.
    pub fn masked(&self) -> String {
        match self {
            Recipient::Phone(phone) => {
                let count = phone.chars().count();
                let shown = |place: usize| place < 2 || place + 2 >= count;
                phone.chars().enumerate().map(|(place, c)| if shown(place) { c } else { '*' }).collect()
            }
            Recipient::Mail(email) => {
                let (user, domain) = email.rsplit_once('@').unwrap_or((email, ""));
                user.chars().take(1).chain("***@".chars()).chain(domain.chars()).collect()
            }
        }
    }

    /// Whether it can be handed to a carrier: nothing in it that would begin another header or command.
    pub(super) fn is_usable(&self) -> bool {
        match self {
            Recipient::Phone(phone) => {
                let digits = phone.strip_prefix('+').unwrap_or_default();
                (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
            }
            Recipient::Mail(email) => !has_invisible(email) && email.len() <= 254,
        }
    }
}
