//! What proves the person: password, security questions, second factor, backup codes, trusted browsers, sessions.

pub mod authenticator;
pub mod device;
pub mod events;
pub mod factor;
pub mod hashing;
pub mod messages;
pub mod new_password;
pub mod password;
mod password_words;
pub mod proof;
pub mod qr;
pub mod question;
pub mod question_form;
pub mod recovery_code;
pub mod signed_in;
#[cfg(test)]
pub(crate) mod testing;
