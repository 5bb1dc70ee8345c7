//! Stories about the database, told to the application without a socket, on a clock that stands still.

mod costs;
mod outage;
mod write_queue;
