//! Pages for everybody: what the system is, help, privacy.

mod pages;

pub use pages::{help, index, privacy};
