//! Stories about messages, told to the application without a socket, on a clock that stands still.

mod messages;
mod outbox;
