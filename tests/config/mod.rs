//! Tests about settings.

mod units;
