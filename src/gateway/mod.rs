//! Card payments: what a gateway can be asked, and the gateways that there are. Each is one file and one line in `GATEWAYS`.
//!
//! Every call names the operation that it belongs to: the operation's id is the idempotency key. It is stored before the
//! call, and whatever comes of the call, the same operation may be asked for again: nothing happens twice.

mod breaker;
mod call;
mod callback_queue;
mod card;
mod client;
mod expiry;
mod pan;
pub mod sandbox;
pub mod signature;
mod stripe;

use std::sync::Arc;

pub use call::{
    BadCallback, Charge, Decline, Found, FoundToken, Gateway, Hosted, HostedPage, OperationId, Outcome,
    PATIENCE, Refund, Token, Tokenized,
};
pub use callback_queue::CallbackQueue;
pub use card::{Card, CodeProblem, Holder, HolderProblem, SecurityCode};
pub use client::http_client;
pub use expiry::{Expiry, ExpiryProblem};
pub use pan::{Brand, Pan, PanProblem, may_be_number};

use crate::base::Clock;
use crate::config::GatewayUrl;

/// What a gateway is made of.
pub struct Opening<'a> {
    pub url: &'a GatewayUrl,
    /// What its callbacks are signed with.
    pub secret: Option<Vec<u8>>,
    pub clock: Clock,
}

type Open = fn(Opening) -> Result<Arc<dyn Gateway>, String>;

/// A gateway that `KABINET_GATEWAY_URL` may name.
struct Known {
    name: &'static str,
    open: Open,
    /// Whether it has a page of its own for a card, one that works without JavaScript.
    has_card_page: bool,
    takes: fn(Brand) -> bool,
}

const GATEWAYS: &[Known] = &[
    Known {
        name: sandbox::NAME,
        open: |opening| Ok(Arc::new(sandbox::open(opening)?)),
        has_card_page: true,
        takes: sandbox::takes,
    },
    // Stripe's own page wants JavaScript.
    Known {
        name: stripe::NAME,
        open: |opening| Ok(Arc::new(stripe::open(opening)?)),
        has_card_page: false,
        takes: stripe::takes,
    },
];

/// Makes the gateway that the URL names. It is not asked anything yet. The error says what is wrong with the setting.
pub fn open(opening: Opening) -> Result<Arc<dyn Gateway>, String> {
    (known(opening.url)?.open)(opening)
}

/// Whether the URL names a gateway that there is.
pub fn check(url: &GatewayUrl) -> Result<(), String> {
    known(url).map(|_known| ())
}

/// Whether the gateway that the URL names has a page of its own for a card.
pub fn has_card_page(url: &GatewayUrl) -> bool {
    known(url).is_ok_and(|known| known.has_card_page)
}

/// The brands that the gateway of a URL takes, as pages name them; without one, those of the sandbox bank.
pub fn card_brands(url: Option<&GatewayUrl>) -> Vec<&'static str> {
    let takes: fn(Brand) -> bool = match url.map(known) {
        Some(Ok(known)) => known.takes,
        Some(Err(_)) | None => sandbox::takes,
    };
    Brand::ALL.iter().filter(|brand| takes(**brand)).map(|brand| brand.name()).collect()
}

fn known(url: &GatewayUrl) -> Result<&'static Known, String> {
    GATEWAYS.iter().find(|known| known.name == url.name).ok_or_else(|| {
        let names: Vec<&str> = GATEWAYS.iter().map(|known| known.name).collect();
        format!("names no gateway that is known here: {}", names.join(", "))
    })
}
