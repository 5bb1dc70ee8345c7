//! The person: the account and its names, consents, the journal, how its owner is told of things.

pub mod account;
pub mod consent;
pub mod identifiers;
pub mod journal;
pub mod mailed_link;
pub mod overview;
pub mod promo_gift;
pub mod revoke;
pub mod sms_preferences;
pub mod telling;
