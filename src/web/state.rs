//! What the rooms share while the portal runs.

use std::sync::Arc;

use super::cookies::Cookies;
use super::metrics::Metrics;
use crate::base::{Clock, Keys, Moment};
use crate::config::Settings;
use crate::db::{Store, TxSource};
use crate::gateway::{Gateway, Moved, sandbox};

/// One for the whole process.
pub struct State {
    pub settings: Settings,
    pub store: Store,
    pub keys: Keys,
    pub clock: Clock,
    /// What transactions are begun with.
    pub txs: TxSource,
    pub cookies: Cookies,
    pub metrics: Metrics,
    pub gateway: Arc<dyn Gateway>,
    /// What the gateway has told of; the worker listens.
    pub moved: Moved,
    /// Where a message that was just sent can be read on a trial installation.
    pub sandbox: Option<Arc<str>>,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl State {
    /// `wake` tells the worker that something was posted.
    pub fn new(
        settings: Settings,
        store: Store,
        keys: Keys,
        clock: Clock,
        gateway: Arc<dyn Gateway>,
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Arc<State> {
        let cookies = Cookies::new(settings.https());
        let sandbox = settings.sandbox.as_ref().map(|sandbox| format!("http://{}", sandbox.listen).into());
        let txs = TxSource::new(store.clone(), keys.clone(), clock.clone(), &settings.link(""));
        let (metrics, moved) = (Metrics::new(), Moved::default());
        Arc::new(State {
            sandbox,
            settings,
            store,
            keys,
            clock,
            txs,
            cookies,
            metrics,
            gateway,
            moved,
            wake: Box::new(wake),
        })
    }

    /// The sandbox's bank, where it is the gateway: its page has the test cards and what it tells cardholders.
    pub fn bank(&self) -> Option<String> {
        let address = self.sandbox.as_ref().filter(|_| self.gateway.name() == sandbox::NAME)?;
        Some(format!("{address}/bank"))
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Called after a commit that posted a message: it need not wait for the worker's next look.
    pub fn wake_worker(&self) {
        (self.wake)();
    }
}
