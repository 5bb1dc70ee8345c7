//! Accounts: who a person is, how they come in, and what they type to prove it.

pub mod account;
pub mod authenticator;
pub mod confirmation;
pub mod consent;
pub mod countries;
pub mod device;
pub mod email;
pub mod factor;
pub mod gift;
pub mod hashing;
pub mod invitation;
pub mod invitation_status;
pub mod journal;
pub mod login_name;
pub mod number;
pub mod pages;
pub mod password;
mod password_words;
pub mod phone;
mod qr;
pub mod question;
pub mod recovery;
pub mod recovery_code;
pub mod recovery_status;
pub mod recovery_steps;
pub mod registration;
pub mod second_step;
pub mod sign_in;
mod sms_limits;
pub mod status;
#[cfg(test)]
pub(crate) mod testing;
pub mod unlock;
