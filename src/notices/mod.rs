//! What people are told by mail and SMS: written into the outbox with the change that it tells about, taken from there by
//! the worker, handed to a carrier.

mod card_news;
mod carrier;
mod change;
mod letter;
pub mod log;
mod mail;
mod notice;
mod number;
pub mod outbox;
mod receipts;
mod schedule;
mod sms;
mod sms_text;
mod status;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use card_news::{CardEvent, CardNotice, MoneyStuck};
pub use carrier::{BoxFuture, Carrier, Carriers, Delivery, WorkerSignal};
pub use change::{Change, Changed};
pub use mail::Mail;
pub use notice::{Body, Channel, Kind, Message, Notice, OutboxId, Says, To, Unusable};
pub use number::MessageNumber;
pub use outbox::post;
pub use receipts::{Receipt, Receipts};
pub use schedule::again_at;
pub use sms::Sms;
pub use status::{Event, Status};
