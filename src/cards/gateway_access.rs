//! The card gateway as the rooms that take money reach it: application data of its own, for `web` knows no gateway.

use std::sync::Arc;

use crate::cards::waiting::Waiting;
use crate::config::Settings;
use crate::gateway::{CallbackQueue, Gateway, sandbox};

/// One for the whole process.
pub struct GatewayAccess {
    pub gateway: Arc<dyn Gateway>,
    /// What the gateway has told of; the worker listens.
    pub callbacks: CallbackQueue,
    /// The sandbox's bank, where it is the gateway: its page has the test cards and what it tells cardholders.
    pub bank_page: Option<String>,
    /// Pages that wait for what the gateway says.
    pub waiting: Waiting,
}

impl GatewayAccess {
    pub fn new(gateway: Arc<dyn Gateway>, settings: &Settings) -> GatewayAccess {
        let sandbox = settings.sandbox.as_ref().filter(|_| gateway.name() == sandbox::NAME);
        let bank_page = sandbox.map(|sandbox| format!("http://{}/bank", sandbox.listen));
        let waiting = Waiting::new(settings.card_wait);
        GatewayAccess { gateway, callbacks: CallbackQueue::default(), bank_page, waiting }
    }
}
