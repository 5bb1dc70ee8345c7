//! The fault kit: what can go wrong around a portal, made to happen on purpose and by hand. Everything stays on this machine,
//! and ends with the value that stands for it.

mod clock;
pub mod crowd;
pub mod database;
pub mod line;
pub mod mail_server;
pub mod small_disk;
pub mod sms_centre;
