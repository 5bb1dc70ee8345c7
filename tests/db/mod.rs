//! Tests about the database.

pub mod stories;
