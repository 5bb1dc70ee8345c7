//! Stories about bank cards, told to the application without a socket, on a clock that stands still.

pub mod bank_away;
pub mod cards;
mod hosted;
pub mod limits;
mod money;
mod room;
mod stuck_money;
mod waiting;
