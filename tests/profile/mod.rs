//! Tests about what an owner sees and changes.

mod journeys;
pub mod stories;
