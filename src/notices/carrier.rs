//! What takes messages out into the world.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::outgoing_message::OutgoingMessage;
use super::receipts::Receipts;
use super::recipient::Channel;
pub use crate::base::BoxFuture;

/// How a hand-over went. A class is a word or two such as `refused 550`, with what the other side says of it: never a message's text, a
/// one-time code or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Taken over; `peer_id` is what the other side calls it.
    Taken { peer_id: Option<String> },
    /// Not now; worth another try.
    Later { class: Cow<'static, str> },
    /// Never; a dead letter.
    Refused { class: Cow<'static, str> },
}

/// A carrier of one channel. All of it runs on the worker's own thread and must not block.
pub trait Carrier: Send + Sync {
    /// The longest that a hand-over may take; then it counts as unanswered.
    fn patience(&self) -> Duration;

    fn deliver<'a>(&'a self, message: &'a OutgoingMessage) -> BoxFuture<'a, Delivery>;

    /// Waits until messages can be handed over. Until then none is claimed: they go out at once when the carrier is
    /// back, from whichever instance has one.
    fn ready(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }

    /// What goes on beside the messages for as long as the worker runs: a connection kept open, receipts taken.
    fn keep<'a>(&'a self, _receipts: &'a Receipts) -> BoxFuture<'a, ()> {
        Box::pin(std::future::pending())
    }

    /// Takes leave of the other side.
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(std::future::ready(()))
    }
}

/// The carriers of both channels.
#[derive(Clone)]
pub struct Carriers {
    pub mail: Arc<dyn Carrier>,
    pub sms: Arc<dyn Carrier>,
}

/// By which a request tells the worker that there is something to do, after its commit. Clones are one signal.
#[derive(Debug, Clone, Default)]
pub struct WorkerSignal {
    mail: Arc<Notify>,
    sms: Arc<Notify>,
    cards: Arc<Notify>,
}

impl WorkerSignal {
    pub fn ring(&self) {
        self.mail.notify_one();
        self.sms.notify_one();
        self.cards.notify_one();
    }

    /// The same, for whoever asks the card gateway.
    pub(crate) async fn rung_for_cards(&self) {
        self.cards.notified().await;
    }

    /// Waits for a ring; one that came while nobody waited counts.
    pub(crate) async fn rung(&self, channel: Channel) {
        match channel {
            Channel::Mail => self.mail.notified().await,
            Channel::Sms => self.sms.notified().await,
        }
    }
}
