//! Tests about what holds for every page.

mod album;
mod bodies;
mod crowds;
mod doors;
mod hostile;
mod journeys;
mod memory;
mod pressed_twice;
mod proxies;
pub mod stories;
mod units;
