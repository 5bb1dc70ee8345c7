//! Stories about the ways in, told to the application without a socket, on a clock that stands still.

mod asked_again;
mod clock;
mod codes;
mod ended_sessions;
mod invitations;
mod last_step;
mod links;
mod no_enumeration;
mod recovery;
mod recovery_by_phone;
mod recovery_limits;
mod second_step;
mod sent_again;
mod shared_browsers;
mod sign_in_limits;
mod single_use;
mod sms_countries;
mod sms_limits;
mod stale_requests;
