//! Tests about what holds for every page.

mod album;
mod doors;
mod hostile;
mod journeys;
mod memory;
pub mod stories;
mod units;
