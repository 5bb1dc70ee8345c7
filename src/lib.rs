//! The personal account of an escrow payment system for marketplace shoppers. See ARCHITECTURE.md.

pub mod accounts;
pub mod app;
pub mod base;
pub mod cabinet;
pub mod cards;
pub mod config;
pub mod db;
pub mod gateway;
pub mod landing;
pub mod ledger;
pub mod notices;
pub mod portal;
pub mod sandbox;
pub mod texts;
pub mod web;
pub mod worker;
