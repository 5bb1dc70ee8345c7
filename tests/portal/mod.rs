//! Tests about the program as a whole.

mod commands;
mod crashes;
mod dotenv;
mod settings;
