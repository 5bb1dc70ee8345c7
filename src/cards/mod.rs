//! Bank cards: bound by a form, verified by a small charge that comes back within a day, unbound.

pub mod card;
pub mod entry;
pub mod events;
pub mod expiring;
pub mod gateway_access;
pub mod gateway_job;
pub mod limits;
pub mod messages;
pub mod pages;
pub mod status;
pub mod stuck_money;
mod transitions;
pub mod verification;
pub mod verification_charge;
pub mod waiting;
