//! The outside world of a first run: a mailbox that takes all mail and SMS, with pages to read them.

mod mailbox;
mod pages;

pub use mailbox::{Mailbox, MailboxError};
pub use pages::{Pages, serve};
