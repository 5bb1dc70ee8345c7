//! Stories about bank cards, told to the application without a socket, on a clock that stands still.

pub mod cards;
mod hosted;
mod limits;
mod money;
mod stuck_money;
