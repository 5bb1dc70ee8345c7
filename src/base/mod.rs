//! The ground floor: plain values that every room speaks of.
mod browser_name;
mod client;
mod clock;
mod domain;
mod ids;
mod log_throttle;
pub mod mask;
mod money;
mod secrets;
mod text;
mod text_enum;
mod tokens;

pub use browser_name::short_browser;
pub use client::Client;
pub use clock::{Clock, Moment, days, hours, minutes, seconds};
pub use domain::in_own_letters;
pub use futures_util::future::BoxFuture;
pub use ids::{AccountId, next_id};
pub use log_throttle::LogThrottle;
pub use money::{Currency, Money, SumProblem};
pub use secrets::{Keys, Purpose, SealError, SecretFileError, wipe_stack};
pub use text::{
    has_invisible, is_invisible, is_selector, normalize_digits, normalized_digits, strip_bidi_marks,
    strip_invisible, strip_unseen,
};
pub use tokens::{Token, constant_time_eq, hex, letters, random_bytes, to_digits};
