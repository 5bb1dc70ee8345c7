//! Tests about pages for everybody.

mod pages;
mod well_known;
