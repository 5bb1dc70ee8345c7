//! What a value does by itself: of every page.

mod user_agent;
