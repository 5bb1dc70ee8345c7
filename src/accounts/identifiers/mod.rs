//! The names of an account: what is typed to find one, and what its owner is called.

pub mod account_number;
pub mod countries;
pub mod display_name;
pub mod email;
pub mod login_name;
pub mod phone;
pub mod time_zones;
