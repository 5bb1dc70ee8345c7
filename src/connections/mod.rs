//! Places for connections, and the connections that hold them.

mod book;
mod connection;
mod places;

pub use book::Bounds;
pub(crate) use connection::Seat;
pub use connection::{Connection, hold_place};
pub use places::Connections;
