//! Places for connections: so many in all, so many of one address. When there is no place left, whoever has waited longest
//! without a whole request, with or without a part of its body, gives way. A request that is being answered keeps its place.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::book::{Book, Bounds, Millis, NoPlace, Place};
use crate::config::TrustedProxies;
use crate::metrics::Metrics;

/// How often slow ones are looked for.
const LOOK: Duration = Duration::from_secs(1);
const LOG_EVERY: Millis = 60_000;
/// Of so many places, one more for whoever is being told that there is none.
const TOLD: usize = 16;

/// All connections of the portal.
pub struct Connections {
    book: Mutex<Book>,
    /// Rung when somebody takes a place.
    entered: Arc<Notify>,
    /// How many of those who get no place are told so at present, and how many may be.
    told: AtomicUsize,
    tellable: usize,
    began: Instant,
    proxies: TrustedProxies,
    metrics: Metrics,
}

impl Drop for Connections {
    /// Whoever watches over them finds that they are gone.
    fn drop(&mut self) {
        self.entered.notify_one();
    }
}

impl Connections {
    pub fn new(bounds: Bounds, proxies: TrustedProxies, metrics: Metrics) -> Arc<Connections> {
        let (book, tellable) = (Mutex::new(Book::new(bounds)), (bounds.total / TOLD).max(1));
        Arc::new(Connections {
            book,
            entered: Arc::default(),
            told: AtomicUsize::new(0),
            tellable,
            began: Instant::now(),
            proxies,
            metrics,
        })
    }

    /// Looks after slow ones while there is anybody, for as long as there is somebody who serves.
    pub async fn watch(self: Arc<Connections>) {
        let (connections, entered) = (Arc::downgrade(&self), Arc::clone(&self.entered));
        drop(self);
        let (mut said, mut last) = (0, 0);
        loop {
            tokio::time::sleep(LOOK).await;
            let Some(connections) = connections.upgrade() else { return };
            let now = connections.now();
            let (slow, crowded, is_empty) = {
                let mut book = connections.book();
                (book.close_slow(now), book.crowded, book.is_empty())
            };
            (0..slow).for_each(|_| connections.metrics.count_event("connection_closed_slow"));
            if crowded > said && (last == 0 || now >= last + LOG_EVERY) {
                tracing::warn!(
                    connections = crowded - said,
                    "places for connections ran out: waiting ones were closed, or new ones refused"
                );
                (said, last) = (crowded, now.max(1));
            }
            drop(connections);
            if is_empty {
                entered.notified().await;
            }
        }
    }

    /// `near` is who asks from this machine.
    pub(super) fn enter(&self, ip: IpAddr, near: bool) -> Result<Arc<Place>, NoPlace> {
        let ip = ip.to_canonical();
        let client = (!self.proxies.contains(ip)).then(|| client(ip));
        let entered = self.book().enter(client, near, self.now());
        match entered {
            Ok((place, gave_way)) => {
                if let Some(event) = gave_way {
                    self.metrics.count_event(event);
                }
                self.metrics.connection_opened();
                self.entered.notify_one();
                Ok(place)
            }
            Err(refused) => {
                self.metrics.count_event(refused.event());
                Err(refused)
            }
        }
    }

    /// Whether somebody who gets no place may stay until it is said.
    pub(super) fn tell(&self) -> bool {
        let told = self.told.fetch_add(1, Ordering::Relaxed);
        if told >= self.tellable {
            self.has_told();
        }
        told < self.tellable
    }

    pub(super) fn has_told(&self) {
        self.told.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn leave(&self, place: &Place) {
        self.book().leave(place.id);
        self.metrics.connection_closed();
    }

    pub(super) fn is_short(&self, place: &Place) -> bool {
        self.book().is_short(place)
    }

    pub(super) fn begin(&self, place: &Place) {
        self.book().begin(place);
    }

    /// Its body has not come yet. `sender` is the visitor, behind a proxy too.
    pub(super) fn receive(&self, place: &Place, sender: IpAddr) {
        self.book().receive(place, client(sender.to_canonical()), self.now());
    }

    /// Everything that was to be sent is sent.
    pub(super) fn is_flushed(&self, place: &Place) {
        if place.answered.load(Ordering::Relaxed) && place.answered.swap(false, Ordering::AcqRel) {
            self.book().rest(place, self.now());
        }
    }

    pub(super) fn heard(&self, place: &Place) {
        Place::note(&place.heard, || self.now());
    }

    pub(super) fn stalled(&self, place: &Place) {
        Place::note(&place.stalled, || self.now());
    }

    pub(super) fn goes_on(&self, place: &Place) {
        place.stalled.store(0, Ordering::Relaxed);
    }

    fn now(&self) -> Millis {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one customer has: an IPv4 address, an IPv6 /64.
fn client(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_is_an_ipv4_address_or_a_64() {
        let same = |one: &str, other: &str| {
            let client = |ip: &str| client(ip.parse::<IpAddr>().unwrap().to_canonical());
            client(one) == client(other)
        };
        assert!(same("192.0.2.1", "::ffff:192.0.2.1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
        assert!(same("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"));
        assert!(!same("2001:db8:1:2::1", "2001:db8:1:3::1"));
    }
}
