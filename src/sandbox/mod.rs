//! The outside world of a first run: a mailbox that takes all mail and SMS, with pages to read them, and a form that invites somebody
//! as a marketplace would.

mod invitations;
mod mailbox;
mod pages;

pub use invitations::Inviter;
pub use mailbox::{Mailbox, MailboxError};
pub use pages::{Pages, serve};
