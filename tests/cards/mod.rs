//! Tests about bank cards.

mod album;
mod broken_bank;
mod canaries;
mod crashes;
mod journeys;
pub mod stories;
mod units;
mod verification_money;
