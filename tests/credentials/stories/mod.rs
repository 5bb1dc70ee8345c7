//! Stories about what proves a person, told to the application without a socket, on a clock that stands still.

mod answers;
mod factor_codes;
mod questions;
mod second_factor;
mod security;
mod sessions;
mod totp;
