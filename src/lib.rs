//! The personal account of an escrow payment system for marketplace shoppers. See ARCHITECTURE.md.

pub mod access;
pub mod accounts;
pub mod app;
pub mod base;
pub mod cabinet;
pub mod cards;
pub mod config;
pub mod connections;
pub mod credentials;
pub mod db;
pub mod gateway;
pub mod landing;
pub mod last_forms;
pub mod ledger;
pub mod limits;
pub mod metrics;
pub mod notices;
pub mod one_time_code;
pub mod packing;
pub mod portal;
pub mod profile;
pub mod sandbox;
pub mod texts;
pub mod web;
pub mod worker;
