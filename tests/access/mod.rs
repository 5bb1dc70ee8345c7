//! Tests about the ways in.

mod journeys;
mod registration;
mod sign_in;
pub mod stories;
mod units;
