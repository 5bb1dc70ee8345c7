//! Pages for everybody: what the system is, help, privacy.

pub mod pages;
pub mod verify;
pub mod well_known;
