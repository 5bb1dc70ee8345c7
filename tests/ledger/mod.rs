//! Tests about the books.

mod books;
pub mod stories;
