//! Bank cards.

mod pages;

pub use pages::index;
