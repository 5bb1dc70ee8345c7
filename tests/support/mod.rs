//! What the stories stand on.

pub mod balancer;
pub mod browser;
pub mod chromium;
pub mod database;
pub mod dice;
pub mod html;
pub mod http;
pub mod log_lines;
pub mod lynx;
pub mod markup;
pub mod masks;
pub mod peers;
pub mod person;
pub mod portal;
pub mod process;
pub mod proxies;
pub mod site;
pub mod w3m;
