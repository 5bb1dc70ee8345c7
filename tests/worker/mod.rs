//! Tests about what the worker does by itself.

pub mod stories;
