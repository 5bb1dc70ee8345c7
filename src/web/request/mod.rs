//! What is looked at before a request comes to its handler: for which host it is, from which page, and how it is packed.

pub(in crate::web) mod arrival;
pub(in crate::web) mod body;
pub(in crate::web) mod content_encoding;
pub(in crate::web) mod detach_headers;
pub(in crate::web) mod same_origin;
pub(in crate::web) mod secret_address;
pub(in crate::web) mod user_agent;
