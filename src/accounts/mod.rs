//! Accounts: who a person is, how they come in, and what they type to prove it.

pub mod account;
pub mod confirmation;
pub mod consent;
pub mod countries;
pub mod device;
pub mod email;
pub mod gift;
pub mod hashing;
pub mod journal;
pub mod login_name;
pub mod name;
pub mod new_password;
pub mod number;
pub mod pages;
pub mod password;
mod password_words;
pub mod phone;
pub mod phone_change;
pub mod profile;
pub mod registration;
pub mod sign_in;
mod sms_limits;
pub mod sms_settings;
pub mod status;
pub mod telling;
pub mod time_zones;
pub mod unlock;
