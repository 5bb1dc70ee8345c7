//! What a value does by itself: plain values.

mod client;
mod ids;
mod money;
mod text;
