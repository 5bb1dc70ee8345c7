//! What a value does by itself: settings.

mod gateway_url;
