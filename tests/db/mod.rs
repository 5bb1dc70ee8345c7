//! Tests about the database.

mod damage;
mod outages;
mod restore;
mod starts;
pub mod stories;
