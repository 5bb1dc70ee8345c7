//! What the owner sees of the account, and changes.

pub mod details;
pub mod email_change;
pub mod pages;
pub mod password_change;
pub mod phone_change;

use crate::limits::Declared;

pub const LIMITS: &[Declared] =
    &[details::CHANGES.declared(), email_change::MAILS.declared(), password_change::CHANGES.declared()];
