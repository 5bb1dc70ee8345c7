//! What a value does by itself: numbers, states and texts of messages.

mod content;
mod number;
mod status;
