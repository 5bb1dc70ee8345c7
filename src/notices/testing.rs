//! For tests of the rooms: examples of messages.

use super::message::Message;
use super::recipient::Channel;

/// Where links of test messages lead.
pub const SITE: &str = "https://pay.example.org";

/// A message of a room, with the channels that it has texts for.
pub struct Example {
    pub message: Box<dyn Message>,
    pub channels: &'static [Channel],
}

pub fn by_sms(message: impl Message + 'static) -> Example {
    Example { message: Box::new(message), channels: &[Channel::Sms] }
}

pub fn by_mail(message: impl Message + 'static) -> Example {
    Example { message: Box::new(message), channels: &[Channel::Mail] }
}

pub fn by_both(message: impl Message + 'static) -> Example {
    Example { message: Box::new(message), channels: &[Channel::Mail, Channel::Sms] }
}
