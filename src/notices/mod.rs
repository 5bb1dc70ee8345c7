//! What people are told by mail and SMS: written into the outbox with the change that it tells about, taken from there by
//! the worker, handed to a carrier.

mod carrier;
mod content;
mod letter;
pub mod log;
mod mail;
mod mail_server;
mod message;
mod number;
pub mod outbox;
mod outgoing_message;
mod receipts;
mod recipient;
mod schedule;
mod sms;
mod sms_text;
mod status;
#[cfg(test)]
pub(crate) mod testing;

pub use carrier::{BoxFuture, Carrier, Carriers, Delivery, WorkerSignal};
pub use content::{Body, Content, Unusable};
pub use letter::MOST_PARAGRAPHS;
pub use mail::Mail;
pub use message::{Message, MessageArg, MessageArgs, SimpleMessage};
pub use number::MessageNumber;
pub use outgoing_message::{OutboxId, OutgoingMessage};
pub use receipts::{Receipt, Receipts};
pub use recipient::{Channel, Recipient};
pub use schedule::retry_at;
pub use sms::Sms;
pub use status::{Event, Status};
