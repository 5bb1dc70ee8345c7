//! Pages for everybody: what the system is, help, privacy.

mod pages;
mod verify;

pub use pages::{help, index, privacy};
pub use verify::{LIMITS, create as verify_message, new as verify};
