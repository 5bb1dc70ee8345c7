//! A message on its way out.

use super::content::Body;
use super::number::MessageNumber;
use super::recipient::Recipient;
use crate::base::Moment;
use crate::row_id;

row_id! {
    /// A row of the outbox. The world sees the message number instead.
    OutboxId
}

/// A message as a carrier gets it.
#[derive(Clone)]
pub struct OutgoingMessage {
    pub id: OutboxId,
    pub number: MessageNumber,
    pub to: Recipient,
    pub body: Body,
    pub queued_at: Moment,
}

impl std::fmt::Debug for OutgoingMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OutgoingMessage({})", self.number)
    }
}
