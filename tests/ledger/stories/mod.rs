//! Stories about the books, told to the application without a socket, on a clock that stands still.

mod model;
mod races;
mod rules;
