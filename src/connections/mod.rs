//! Places for connections, the connections that hold them, and from whom a request really comes.

mod book;
pub(crate) mod client_ip;
mod connection;
mod places;

pub use book::Bounds;
pub(crate) use connection::Seat;
pub use connection::{Connection, hold_place};
pub use places::Connections;
