//! What proves the person: password, security questions, second factor, backup codes, trusted browsers, sessions.

pub mod backup_code;
pub mod current_session;
pub mod events;
pub mod hashing;
pub mod messages;
pub mod new_password;
pub mod overview;
pub mod password;
pub mod qr;
pub mod reauthentication;
pub mod second_factor;
pub mod security_question;
pub mod security_question_form;
pub mod sessions;
pub mod standing;
pub mod totp;
pub mod trusted_browser;
