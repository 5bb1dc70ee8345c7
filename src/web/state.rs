//! What the rooms share while the portal runs.

use std::sync::Arc;

use super::cookies::Cookies;
use crate::base::{Clock, Keys, Moment};
use crate::config::Settings;
use crate::connections::own_host::OwnHost;
use crate::db::{Store, TxSource};
use crate::last_forms::LastForms;
use crate::metrics::Metrics;

/// One for the whole process.
pub struct State {
    pub settings: Settings,
    pub store: Store,
    pub keys: Keys,
    pub clock: Clock,
    /// What transactions are begun with.
    pub txs: TxSource,
    pub cookies: Cookies,
    pub own_host: OwnHost,
    pub metrics: Metrics,
    pub(super) last_forms: LastForms,
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
        wake: impl Fn() + Send + Sync + 'static,
    ) -> Arc<State> {
        let (cookies, own_host) = (Cookies::new(settings.https()), OwnHost::of(&settings.public_url));
        let sandbox = settings.sandbox.as_ref().map(|sandbox| format!("http://{}", sandbox.listen).into());
        let txs = TxSource::new(store.clone(), keys.clone(), clock.clone(), &settings.link(""))
            .with_sms_to(&settings.sms_countries)
            .with_limits(settings.limits);
        Arc::new(State {
            sandbox,
            settings,
            store,
            keys,
            clock,
            txs,
            cookies,
            own_host,
            metrics: Metrics::new(),
            last_forms: LastForms::default(),
            wake: Box::new(wake),
        })
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Called after a commit that posted a message: it need not wait for the worker's next look.
    pub fn wake_worker(&self) {
        (self.wake)();
    }
}
