//! The person: the account and its names, consents, the activity, how its owner is told of things.

pub mod account;
pub mod activity;
pub mod consent;
pub mod ended_session;
pub mod events;
pub mod identifiers;
pub mod mailed_link;
pub mod messages;
pub mod notify;
pub mod promo_gift;
pub mod revoke;
pub mod sms_preferences;
mod sms_reach;
