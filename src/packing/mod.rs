//! Answers packed for the way: what is the same for everybody once and well, with room for what differs; the rest each time, cheaply.

mod codecs;
mod coding;
mod kept;
mod pieces;

pub use codecs::pack_now;
pub use coding::{Coding, Offered};
pub use kept::Kept;
