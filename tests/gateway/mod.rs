//! Tests about card gateways.

pub mod faults;
pub mod sandbox;
mod stripe;
mod units;
