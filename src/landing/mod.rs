//! Pages for everybody: what the system is, help, privacy.

mod check;
mod pages;

pub use check::{LIMITS, ask as ask_about_message, new as check};
pub use pages::{help, index, privacy};
