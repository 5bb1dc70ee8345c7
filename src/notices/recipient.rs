//! Who is told, and how a message travels.

use serde::{Deserialize, Serialize};

use crate::base::has_invisible;
use crate::text_enum;

text_enum! {
    /// How a message travels.
    #[derive(Serialize, Deserialize)]
    Channel { Mail => "mail", Sms => "sms" }
}

/// Who is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    channel: Channel,
    /// E.164 (`+79991234567`), or an e-mail address as its owner typed it.
    address: String,
    /// For the row in clear, for staff. Its noun knows how it is masked.
    #[serde(skip)]
    masked: String,
}

impl Recipient {
    pub fn phone(number: &str, masked: String) -> Recipient {
        Recipient { channel: Channel::Sms, address: number.to_owned(), masked }
    }

    pub fn mail(address: &str, masked: String) -> Recipient {
        Recipient { channel: Channel::Mail, address: address.to_owned(), masked }
    }

    pub const fn channel(&self) -> Channel {
        self.channel
    }

    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// As it was masked when the message was queued; what comes out of the outbox is for a carrier and knows it no more.
    pub fn masked(&self) -> &str {
        &self.masked
    }

    /// Whether it can be handed to a carrier: nothing in it that would begin another header or command.
    pub(super) fn is_usable(&self) -> bool {
        match self.channel {
            Channel::Sms => {
                let digits = self.address.strip_prefix('+').unwrap_or_default();
                (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
            }
            Channel::Mail => !has_invisible(&self.address) && self.address.len() <= 254,
        }
    }
}
