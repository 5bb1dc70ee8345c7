//! Tests about the person: the account and its names.

mod stories;
mod units;
