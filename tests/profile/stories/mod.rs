//! Stories about what an owner sees and changes, told to the application without a socket, on a clock that stands still.

mod emails;
mod own_letters;
mod password_change;
mod phones;
pub mod profile;
mod sms_preferences;
