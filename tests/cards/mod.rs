//! Tests about bank cards.

mod album;
mod canaries;
mod crashes;
mod journeys;
pub mod stories;
mod verification_money;
