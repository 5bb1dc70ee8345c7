//! Tests about words, sums and dates.

mod units;
