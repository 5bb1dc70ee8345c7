//! The sandbox by itself: no portal, no database but its own files.

mod bank;
mod mailbox;
mod storm;
mod test_cards;
