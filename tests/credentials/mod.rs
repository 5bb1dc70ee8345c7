//! Tests about what proves a person.

mod journeys;
mod sessions;
pub mod stories;
mod units;
