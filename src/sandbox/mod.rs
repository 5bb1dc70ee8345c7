//! The outside world of a first run: a mailbox that takes all mail and SMS, a bank, with pages to read what they say, and a form that
//! invites somebody as a marketplace would.

pub mod bank;
mod cx;
mod file;
mod forms;
mod invitations;
mod mailbox;
mod pages;

pub use bank::Bank;
pub use file::FileError;
pub use invitations::Inviter;
pub use mailbox::Mailbox;
pub use pages::{Pages, bind, serve};
