//! Tests about what holds for every page.

mod album;
mod crowds;
mod doors;
mod hostile;
mod journeys;
mod memory;
mod proxies;
pub mod stories;
mod units;
