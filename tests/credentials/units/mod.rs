//! What a value does by itself: passwords, answers, codes.

mod backup_code;
mod hashing;
mod password;
mod qr;
mod second_factor;
mod security_question;
