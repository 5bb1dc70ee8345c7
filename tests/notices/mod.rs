//! Tests about messages.

mod delivery;
mod outages;
pub mod stories;
mod units;
