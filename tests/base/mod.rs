//! Tests about plain values.

mod units;
