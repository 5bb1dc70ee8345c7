//! Codes that are good once, sent by SMS or mail: registration, a new phone, an address, recovery, an invitation.

mod code;
mod typed;

pub use code::{CodeCheck, CodeId, CodeKind, OneTimeCode, clean};
pub use typed::read_code;
