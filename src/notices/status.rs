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

#[cfg(test)]
mod tests {
    use super::{Event, Status};

    #[test]
    fn the_whole_grid() {
        let mut grid = String::new();
        for status in Status::ALL {
            grid += &format!("{:>11}:", status.word());
            for event in Event::ALL {
                grid += &format!(" {}={}", event.word(), status.after(*event).map_or("-", Status::word));
            }
            grid += "\n";
        }
        let expected = "     \
             queued: claimed=sending taken=- put-off=- given-up=failed arrived=- lost=-\n    \
            sending: claimed=sending taken=sent put-off=queued given-up=failed arrived=- lost=-\n       \
               sent: claimed=- taken=- put-off=- given-up=- arrived=delivered lost=undelivered\n     \
             failed: claimed=- taken=- put-off=- given-up=- arrived=- lost=-\n  \
          delivered: claimed=- taken=- put-off=- given-up=- arrived=- lost=-\n\
        undelivered: claimed=- taken=- put-off=- given-up=- arrived=- lost=-\n";
        assert_eq!(grid, expected);
    }
}
