//! Tests about card gateways.

mod faults;
mod sandbox;
mod stripe;
