//! What a value does by itself: of every page.

mod unseen;
mod user_agent;
