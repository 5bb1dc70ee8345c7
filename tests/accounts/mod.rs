//! Tests about the person.

mod stories;
