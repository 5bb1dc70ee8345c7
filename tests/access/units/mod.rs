//! What needs neither database nor page.

mod invitation_status;
mod recovery_status;
mod registration_status;
