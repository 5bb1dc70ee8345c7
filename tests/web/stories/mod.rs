//! Stories about what holds for every page, told to the application without a socket, on a clock that stands still.

mod access;
mod canaries;
mod captions;
mod cookies;
mod csrf;
mod drafts;
pub mod encodings;
mod every_page;
pub mod good_news;
mod hosts;
mod languages;
mod networks;
mod old_forms;
mod packed_pages;
mod password_managers;
mod plain_words;
mod safe_get;
mod secrets;
mod signing_in_between;

use access::path_of;
