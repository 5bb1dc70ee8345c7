//! Places for connections, the connections that hold them, from whom a request really comes, and for whom it is.

mod book;
pub(crate) mod client_ip;
mod connection;
pub(crate) mod own_host;
mod places;

pub use book::Bounds;
pub(crate) use connection::Seat;
pub use connection::{Connection, hold_place};
pub use places::Connections;
