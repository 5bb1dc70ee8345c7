//! One transaction as a verb sees it: the database, and whatever a verb has to know beside it.

use std::sync::Arc;

use diesel::Connection;
use diesel::result::QueryResult;

use super::{CounterRows, Db, Store, StoreError};
use crate::base::{Client, Clock, Keys, Moment};
use crate::config::{LimitModes, SmsCountries};

/// A transaction (or one read): the database, the keys, the time, who asks, and where links lead. It knows no HTTP. Rooms add
/// methods of their own: limits, messages, the activity log.
pub struct Tx<'a> {
    pub db: &'a mut Db,
    pub keys: &'a Keys,
    /// The time at which all of it happens.
    pub now: Moment,
    pub client: &'a Client,
    /// To which countries SMS go.
    pub sms_countries: &'a SmsCountries,
    /// How many cards people may bring, and how many codes they may ask for.
    pub limits: LimitModes,
    /// The counters of limits, as this transaction sees them. Those that it changes are written at its end.
    pub counters: &'a mut CounterRows,
    site: &'a str,
}

impl Tx<'_> {
    /// A link into the portal. `path` begins with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.site)
    }

    /// The same transaction, done on behalf of somebody: whose card the worker is busy with, say.
    pub fn of<'b>(&'b mut self, client: &'b Client) -> Tx<'b> {
        let Tx { db, keys, now, sms_countries, limits, counters, site, .. } = self;
        Tx { db, keys, now: *now, client, sms_countries, limits: *limits, counters, site }
    }

    /// Runs a part whose failure takes back that part alone.
    pub fn savepoint<T>(&mut self, part: impl FnOnce(&mut Tx) -> QueryResult<T>) -> QueryResult<T> {
        let Tx { db, keys, now, client, sms_countries, limits, counters, site } = self;
        let (now, limits, before) = (*now, *limits, counters.clone());
        let made = db
            .transaction(|db| part(&mut Tx { db, keys, now, client, sms_countries, limits, counters, site }));
        if made.is_err() {
            **counters = before;
        }
        made
    }
}

/// What transactions of one client are begun with. Cheap to clone.
#[derive(Clone)]
pub struct TxSource {
    pub store: Store,
    pub keys: Keys,
    pub clock: Clock,
    pub client: Client,
    sms_countries: Arc<SmsCountries>,
    limits: LimitModes,
    /// The public address, without a slash at the end.
    site: Arc<str>,
}

impl TxSource {
    /// For what the program does by itself. `site`: the public address, without a slash at the end.
    pub fn new(store: Store, keys: Keys, clock: Clock, site: &str) -> TxSource {
        let sms_countries = Arc::new(SmsCountries::All);
        let (client, limits) = (Client::default(), LimitModes::STRICT);
        TxSource { store, keys, clock, client, sms_countries, limits, site: site.into() }
    }

    /// The same where SMS go to these countries only.
    #[must_use]
    pub fn with_sms_to(self, countries: &SmsCountries) -> TxSource {
        TxSource { sms_countries: Arc::new(countries.clone()), ..self }
    }

    /// The same where people may bring so many cards and ask for so many codes.
    #[must_use]
    pub fn with_limits(self, limits: LimitModes) -> TxSource {
        TxSource { limits, ..self }
    }

    /// The same for somebody's request.
    #[must_use]
    pub fn of(&self, client: Client) -> TxSource {
        TxSource { client, ..self.clone() }
    }

    /// Runs a read off the request threads.
    pub async fn read<T: Send + 'static>(
        &self,
        mut query: impl FnMut(&mut Tx) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let source = self.clone();
        let now = self.clock.now();
        self.store.read(move |db| query(&mut source.tx(db, now, &mut CounterRows::default()))).await
    }

    /// Hands a write to the queue and waits until it is committed, as `Store::write`.
    pub async fn write<T: Send + 'static>(
        &self,
        mut job: impl FnMut(&mut Tx) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let source = self.clone();
        let now = self.clock.now();
        let job = move |db: &mut Db| {
            let mut counters = CounterRows::default();
            let made = job(&mut source.tx(db, now, &mut counters))?;
            counters.write(db).map(|()| made)
        };
        self.store.write(job).await
    }

    fn tx<'a>(&'a self, db: &'a mut Db, now: Moment, counters: &'a mut CounterRows) -> Tx<'a> {
        let (client, sms_countries) = (&self.client, &*self.sms_countries);
        let limits = self.limits;
        Tx { db, keys: &self.keys, now, client, sms_countries, limits, counters, site: &self.site }
    }
}
