//! Who has which place, and who gives way: no clock, no socket.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use futures_util::task::AtomicWaker;

/// A head that has begun is whole by then. The server itself looks after the first one of a connection (five seconds), not
/// after later ones.
const HEAD_WAIT: u64 = 6_000;
/// An answer of which the other side has taken nothing for so long goes to nobody.
const WRITE_WAIT: u64 = 30_000;
/// Whoever has just come, or has begun a body, goes before those who stand there between two requests for so long: time for a head, and
/// for a small form on a slow line. The same for both, or a stream of new bodies would push out those who have only just come. A body
/// is not counted against its sender meanwhile.
const START: u64 = 3_000;

/// Milliseconds since the start of the portal.
pub(super) type Millis = u64;

/// How many connections there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    pub total: usize,
    /// Of one IPv4 address or one IPv6 /64: what one customer of a provider has. A /24 is many customers, and strangers to
    /// each other. Trusted proxies speak for many people and have no such bound.
    pub per_client: usize,
    /// Of one client, by its own address or as its proxy tells it: bodies that have begun and not ended.
    pub bodies: usize,
    /// For this machine itself beyond `total`: whoever asks how the portal is hears it whatever crowd there is.
    pub kept: usize,
}

/// Why a connection is turned away at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPlace {
    #[error("this address has as many requests under way as it may")]
    Client,
    #[error("as many requests are under way as there may be")]
    Everybody,
}

impl NoPlace {
    pub(super) fn event(self) -> &'static str {
        match self {
            NoPlace::Client => "connection_refused_client",
            NoPlace::Everybody => "connection_refused_full",
        }
    }
}

/// The place of one connection.
#[derive(Default)]
pub struct Place {
    pub(super) id: u64,
    client: Option<IpAddr>,
    closing: AtomicBool,
    /// Its request may still be told that it gave way.
    may_answer: AtomicBool,
    pub(super) answered: AtomicBool,
    /// When the first byte of the next head came; 0 for none.
    pub(super) heard: AtomicU64,
    /// Since when the other side takes nothing; 0 while it does.
    pub(super) stalled: AtomicU64,
    task: AtomicWaker,
}

impl Place {
    /// The connection shall end. `task` is woken then.
    pub fn is_closing(&self, task: &std::task::Waker) -> bool {
        self.task.register(task);
        self.closing.load(Ordering::Acquire)
    }

    /// It ends because of its body.
    pub fn gave_way(&self) -> bool {
        self.closing.load(Ordering::Acquire) && self.may_answer.load(Ordering::Acquire)
    }

    /// The answer is made; it may still have to be sent.
    pub fn is_answered(&self) {
        self.answered.store(true, Ordering::Release);
    }

    /// Notes a moment where none is noted.
    pub(super) fn note(at: &AtomicU64, now: impl FnOnce() -> Millis) {
        if at.load(Ordering::Relaxed) == 0 {
            at.store(now().max(1), Ordering::Relaxed);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// No byte yet, half a head, nothing since the last answer; or, with its sender, a body that is not whole.
    Waiting {
        turn: Millis,
        body: Option<IpAddr>,
    },
    Answering,
    /// Told to end; it still has its descriptor.
    Closing,
}

/// Who has which place.
#[derive(Default)]
pub(super) struct Book {
    bounds: Bounds,
    next: u64,
    open: HashMap<u64, (Arc<Place>, Doing)>,
    /// How many each client has, without those that are closing.
    counts: HashMap<IpAddr, usize>,
    closing: usize,
    /// Who gives way first stands first: strangers before proxies (whose connections carry many people), then by time.
    waiting: BTreeSet<(bool, Millis, u64)>,
    waiting_by_client: BTreeSet<(IpAddr, Millis, u64)>,
    bodies: BTreeSet<(IpAddr, Millis, u64)>,
    /// How often there was no place.
    pub crowded: u64,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { total: usize::MAX, per_client: usize::MAX, bodies: usize::MAX, kept: 0 }
    }
}

impl Book {
    pub fn new(bounds: Bounds) -> Book {
        Book { bounds, ..Book::default() }
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// A place, and the event if somebody gave way for it. `near` is who asks from this machine.
    pub fn enter(
        &mut self,
        client: Option<IpAddr>,
        near: bool,
        now: Millis,
    ) -> Result<(Arc<Place>, Option<&'static str>), NoPlace> {
        let count = |client| self.counts.get(&client).copied().unwrap_or(0);
        let crowd = client.filter(|client| count(*client) >= self.bounds.per_client);
        let taken = self.open.len() - self.closing;
        let full = taken >= self.bounds.total;
        let (first, event, refused) = match crowd {
            Some(client) => {
                let own = self.waiting_by_client.range((client, 0, 0)..=(client, Millis::MAX, u64::MAX));
                let first = own.map(|(_, _, id)| *id).next();
                (first, Some("connection_closed_for_client"), NoPlace::Client)
            }
            None if full => {
                let first = self.waiting.first().map(|(_, _, id)| *id);
                (first, Some("connection_closed_for_room"), NoPlace::Everybody)
            }
            None => (None, None, NoPlace::Everybody),
        };
        if event.is_some() {
            self.crowded += 1;
            match first {
                Some(first) => self.close(first),
                None if near && crowd.is_none() && taken < self.bounds.total + self.bounds.kept => {}
                None => return Err(refused),
            }
        }
        self.next += 1;
        let place = Arc::new(Place { id: self.next, client, ..Place::default() });
        self.open.insert(place.id, (Arc::clone(&place), Doing::Answering));
        self.count(client, 1);
        self.rest(&place, now + START);
        Ok((place, event))
    }

    /// A whole head has come, or its body. One that was told to end, and was not heard in time, stays.
    pub fn begin(&mut self, place: &Place) {
        match self.set(place.id, Doing::Answering) {
            Some(Doing::Closing) => {
                self.closing -= 1;
                self.count(place.client, 1);
                place.closing.store(false, Ordering::Release);
            }
            Some(Doing::Waiting { turn, body }) => self.no_longer_waits(place, turn, body),
            Some(Doing::Answering) | None => {}
        }
        place.answered.store(false, Ordering::Relaxed);
    }

    /// Whether an eighth of the places is left at most, in all or of those that this one's client may have.
    pub fn is_short(&self, place: &Place) -> bool {
        let short = |taken: usize, of: usize| taken >= of - of / 8;
        let own = place.client.and_then(|client| self.counts.get(&client).copied()).unwrap_or(0);
        short(self.open.len() - self.closing, self.bounds.total) || short(own, self.bounds.per_client)
    }

    pub fn rest(&mut self, place: &Place, now: Millis) {
        if self.waits(place, now, None) {
            place.heard.store(0, Ordering::Relaxed);
        }
    }

    /// A head has come whose body has not.
    pub fn receive(&mut self, place: &Place, sender: IpAddr, now: Millis) {
        self.waits(place, now + START, Some(sender));
    }

    fn waits(&mut self, place: &Place, turn: Millis, body: Option<IpAddr>) -> bool {
        if self.open.get(&place.id).is_none_or(|(_, doing)| *doing != Doing::Answering) {
            return false;
        }
        self.set(place.id, Doing::Waiting { turn, body });
        self.waiting.insert((place.client.is_none(), turn, place.id));
        if let Some(client) = place.client {
            self.waiting_by_client.insert((client, turn, place.id));
        }
        if let Some(sender) = body {
            self.bodies.insert((sender, turn, place.id));
        }
        true
    }

    pub fn leave(&mut self, id: u64) {
        let Some((place, doing)) = self.open.remove(&id) else { return };
        match doing {
            Doing::Waiting { turn, body } => self.no_longer_waits(&place, turn, body),
            Doing::Answering => {}
            Doing::Closing => {
                self.closing -= 1;
                return;
            }
        }
        self.count(place.client, -1);
    }

    fn close(&mut self, id: u64) {
        let Some(before) = self.set(id, Doing::Closing) else { return };
        self.closing += 1;
        let Some((place, _)) = self.open.get(&id) else { return };
        let place = Arc::clone(place);
        if let Doing::Waiting { turn, body } = before {
            self.no_longer_waits(&place, turn, body);
            place.may_answer.store(body.is_some(), Ordering::Release);
        }
        self.count(place.client, -1);
        place.closing.store(true, Ordering::Release);
        place.task.wake();
    }

    /// Ends those that send a head, or take an answer, too slowly, and bodies beyond what one client may have. How many they were.
    pub fn close_slow(&mut self, now: Millis) -> usize {
        let late = |since: &AtomicU64, wait| {
            let since = since.load(Ordering::Relaxed);
            since > 0 && now > since + wait
        };
        let slow = |(place, doing): &(Arc<Place>, Doing)| match doing {
            Doing::Waiting { body: Some(_), .. } => late(&place.stalled, WRITE_WAIT),
            Doing::Waiting { .. } => late(&place.heard, HEAD_WAIT) || late(&place.stalled, WRITE_WAIT),
            Doing::Answering => late(&place.stalled, WRITE_WAIT),
            Doing::Closing => false,
        };
        let mut found: Vec<u64> = self.open.iter().filter(|(_, one)| slow(one)).map(|(id, _)| *id).collect();
        found.extend(self.bodies_beyond(now));
        found.iter().for_each(|id| self.close(*id));
        found.len()
    }

    /// Of each client with more than its bound, those who have begun first; the newest may still be on their way.
    fn bodies_beyond(&self, now: Millis) -> Vec<u64> {
        let mut of_sender: HashMap<IpAddr, usize> = HashMap::new();
        let newest_first = self.bodies.iter().rev().filter(|(sender, turn, _)| {
            let count = of_sender.entry(*sender).or_default();
            *count += 1;
            *count > self.bounds.bodies && *turn <= now
        });
        newest_first.map(|(.., id)| *id).collect()
    }

    fn set(&mut self, id: u64, doing: Doing) -> Option<Doing> {
        self.open.get_mut(&id).map(|(_, before)| std::mem::replace(before, doing))
    }

    fn no_longer_waits(&mut self, place: &Place, turn: Millis, body: Option<IpAddr>) {
        self.waiting.remove(&(place.client.is_none(), turn, place.id));
        if let Some(client) = place.client {
            self.waiting_by_client.remove(&(client, turn, place.id));
        }
        if let Some(sender) = body {
            self.bodies.remove(&(sender, turn, place.id));
        }
    }

    fn count(&mut self, client: Option<IpAddr>, by: isize) {
        let Some(client) = client else { return };
        let count = self.counts.entry(client).or_default();
        *count = count.saturating_add_signed(by);
        if *count == 0 {
            self.counts.remove(&client);
        }
    }
}

#[cfg(test)]
mod tests;
