//! Tests about what holds for every page.

mod album;
mod crowds;
mod hostile;
mod journeys;
mod memory;
pub mod stories;
