//! Tests about card gateways.

mod faults;
pub mod sandbox;
mod stripe;
mod units;
