//! Tests about messages.

mod delivery;
pub mod stories;
mod units;
