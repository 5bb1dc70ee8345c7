//! Tests about pages for everybody.

mod pages;
