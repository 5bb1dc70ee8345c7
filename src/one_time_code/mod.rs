//! Codes that are good once, sent by SMS or mail: registration, a new phone, an address, recovery, an invitation.

mod code;
pub mod sms_limits;
mod typed;

pub use code::{CodeCheck, CodeId, CodeKind, NO_CODE, OneTimeCode, delete_expired};
pub use typed::{CodeForm, read_code};
