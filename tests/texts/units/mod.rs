//! What a value does by itself: words, sums and dates.

mod format;
mod locale;
