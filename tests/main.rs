//! Stories about the portal, told to the real binary. Each has its own portal, directory and database.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not expect shall end there and then"
)]

mod access_journeys;
mod album;
mod card_album;
mod card_canaries;
mod card_crashes;
mod card_journeys;
mod commands;
mod crashes;
mod delivery;
mod gateway;
mod gateway_line;
mod hostile;
mod house;
mod journeys;
mod landing;
mod ledger;
mod memory;
mod owner_journeys;
mod registration;
mod security_journeys;
mod sessions;
mod sign_in;
mod simulation;
mod stories;
mod stripe;
mod support;
mod tidy;
mod verification_money;
