//! Stories about the portal, told to the real binary. Each has its own portal, directory and database.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not expect shall end there and then"
)]

mod access;
mod accounts;
mod base;
mod cards;
mod config;
mod credentials;
mod db;
mod faults;
mod gateway;
mod house;
mod landing;
mod ledger;
mod notices;
mod portal;
mod profile;
mod sandbox;
mod simulation;
mod support;
mod texts;
mod tidy;
mod web;
mod worker;
