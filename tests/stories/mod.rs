//! Stories in which time passes and many things happen at once, told to the application without a socket.

mod access;
mod addresses;
mod captions;
mod chores;
mod codes;
mod forgery;
mod invitations;
mod last_step;
mod links;
mod messages;
mod outage;
mod password_change;
mod phones;
mod profile;
mod questions;
mod reading;
mod recovery;
mod recovery_by_phone;
mod recovery_limits;
mod second_factor;
mod secrets;
mod security;
mod sessions;
mod sign_in_limits;
mod sms_limits;
mod sms_settings;
