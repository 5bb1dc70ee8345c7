//! The pages of an account's owner.

pub mod activity;
pub mod email;
pub mod messages;
pub mod password;
pub mod phone;
pub mod profile;
pub mod questions;
mod reauthentication;
pub mod removal;
pub mod second_factor;
pub mod security;
pub mod sms_preferences;
