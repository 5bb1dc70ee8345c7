//! Bank cards: bound by a form, checked by a small charge that comes back within a day, unbound.

pub mod call;
pub mod card;
pub mod check;
pub mod entry;
pub mod events;
pub mod expiring;
pub mod limits;
pub mod messages;
pub mod pages;
pub mod queue;
pub mod status;
mod telling;
