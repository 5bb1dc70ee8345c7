//! Tests about the database.

mod damage;
mod outages;
mod restore;
pub mod stories;
