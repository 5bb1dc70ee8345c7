//! The names of an account: what is typed to find one, and what its owner is called.

pub mod countries;
pub mod email;
pub mod login_name;
pub mod name;
pub mod number;
pub mod phone;
pub mod time_zones;
