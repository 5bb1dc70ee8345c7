//! The ways in, a folder each with its pages.

pub mod events;
pub mod invitation;
pub mod messages;
pub mod phone_form;
pub mod recovery;
pub mod registration;
pub mod sign_in;
