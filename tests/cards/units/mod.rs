//! Rules of this room by themselves: no process, no database.

mod status;
