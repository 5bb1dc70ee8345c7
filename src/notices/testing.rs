//! For tests of the rooms: examples of messages.

use super::message::Message;
use super::recipient::Channel;
use super::sms_text;

/// Where links of test messages lead.
pub const SITE: &str = "https://pay.example.org";

/// How many messages the network carries for this text.
pub fn sms_parts(text: &str) -> usize {
    sms_text::parts(text, 7).map_or(0, |text| text.parts.len())
}

/// A message of a room, with the channels that it has texts for, as it is sent: a text that wants more than it is then given fails.
pub struct Example {
    pub message: Box<dyn Message>,
    pub channels: &'static [Channel],
    /// Whether its texts are given what every owner is told (`accounts::notify`).
    pub is_for_owner: bool,
}

impl Example {
    /// Sent by `tx.notify_at`.
    pub fn at_owner(self) -> Example {
        Example { is_for_owner: true, ..self }
    }
}

/// Sent by `tx.queue_message` to a phone; by `tx.notify_at` when `at_owner` follows.
pub fn by_sms(message: impl Message + 'static) -> Example {
    Example { message: Box::new(message), channels: &[Channel::Sms], is_for_owner: false }
}

/// Sent by `tx.queue_message` to an address; by `tx.notify_at` when `at_owner` follows.
pub fn by_mail(message: impl Message + 'static) -> Example {
    Example { message: Box::new(message), channels: &[Channel::Mail], is_for_owner: false }
}

/// Sent by `tx.notify` or `tx.notify_about`, or by `tx.notify_at` to either.
pub fn by_both(message: impl Message + 'static) -> Example {
    Example { message: Box::new(message), channels: &[Channel::Mail, Channel::Sms], is_for_owner: true }
}
