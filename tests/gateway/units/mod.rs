//! Rules of this room by themselves: no process, no database.

mod card;
mod expiry;
mod operation;
mod pan;
mod signature;
