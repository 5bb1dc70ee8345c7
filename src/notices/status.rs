//! The states of a message, and what moves it from one to another.

use crate::text_enum;

text_enum! {
    /// Where a message is.
    Status {
        Queued => "queued",
        Sending => "sending",
        Sent => "sent",
        Failed => "failed",
        Delivered => "delivered",
        Undelivered => "undelivered",
    }
}

text_enum! {
    /// What happens to a message.
    Event {
        Claimed => "claimed",
        Taken => "taken",
        PutOff => "put-off",
        GivenUp => "given-up",
        Arrived => "arrived",
        Lost => "lost",
    }
}

impl Status {
    /// The state after an event; None where the event cannot happen.
    #[rustfmt::skip]
    pub const fn after(self, event: Event) -> Option<Status> {
        match (self, event) {
            (Status::Queued,  Event::Claimed) => Some(Status::Sending),
            (Status::Queued,  Event::GivenUp) => Some(Status::Failed),  // too late before anybody could take it
            (Status::Sending, Event::Claimed) => Some(Status::Sending), // the claim had lapsed: its worker is gone
            (Status::Sending, Event::Taken)   => Some(Status::Sent),
            (Status::Sending, Event::PutOff)  => Some(Status::Queued),
            (Status::Sending, Event::GivenUp) => Some(Status::Failed),
            (Status::Sent,    Event::Arrived) => Some(Status::Delivered),
            (Status::Sent,    Event::Lost)    => Some(Status::Undelivered),
            _                                 => None,
        }
    }
}
