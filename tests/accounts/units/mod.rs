//! What needs neither database nor page.

mod account_number;
mod countries;
mod display_name;
mod email;
mod login_name;
mod phone;
mod revoke;
mod time_zones;
