//! Stories about the person, told without a socket, on a clock that stands still.

mod activity;
