//! Stories about what the worker does by itself, told to the application without a socket, on a clock that stands still.

mod deliveries;
mod maintenance;
