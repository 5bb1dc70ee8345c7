//! The personal account of an escrow payment system for marketplace shoppers. See ARCHITECTURE.md.

pub mod base;
pub mod config;
pub mod db;
pub mod notices;
pub mod sandbox;
pub mod texts;
pub mod worker;
