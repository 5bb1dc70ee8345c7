//! Pages that wait a little for the bank's word before they answer, so that hardly anybody has to ask again. No thread is held, no place
//! in a transaction; few may wait, and they give way when the portal stops or is full.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::card::CardId;

/// Pages that wait at one time, and of one card.
const MAX_WAITING: usize = 64;
const MAX_OF_A_CARD: usize = 2;
/// How often the card is looked at while nobody tells of it: another instance may have heard from the bank.
const LOOK: Duration = Duration::from_millis(500);

/// One for the whole process.
#[derive(Default)]
pub struct Waiting {
    /// How long a page waits at most; not at all when it is zero.
    patience: Duration,
    cards: Mutex<HashMap<CardId, Waiters>>,
    is_closed: AtomicBool,
}

#[derive(Default)]
struct Waiters {
    count: usize,
    told: Arc<Notify>,
}

/// A page that may wait. Its place is free again when it is dropped.
pub struct Place<'w> {
    waiting: &'w Waiting,
    card: CardId,
    told: Arc<Notify>,
    until: Instant,
}

impl Waiting {
    pub fn new(patience: Duration) -> Waiting {
        Waiting { patience, ..Waiting::default() }
    }

    /// None when the page has to answer at once.
    pub fn enter(&self, card: CardId) -> Option<Place<'_>> {
        if self.patience.is_zero() || self.is_closed() {
            return None;
        }
        let mut cards = self.cards.lock().ok()?;
        let taken: usize = cards.values().map(|waiters| waiters.count).sum();
        let own = cards.get(&card).map_or(0, |waiters| waiters.count);
        if taken >= MAX_WAITING || own >= MAX_OF_A_CARD {
            return None;
        }
        let waiters = cards.entry(card).or_default();
        waiters.count += 1;
        let told = Arc::clone(&waiters.told);
        Some(Place { waiting: self, card, told, until: Instant::now() + self.patience })
    }

    /// Something was written about a card.
    pub fn tell(&self, card: CardId) {
        if let Ok(cards) = self.cards.lock()
            && let Some(waiters) = cards.get(&card)
        {
            waiters.told.notify_waiters();
        }
    }

    /// From here on nobody waits: the portal stops.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        if let Ok(cards) = self.cards.lock() {
            cards.values().for_each(|waiters| waiters.told.notify_waiters());
        }
    }

    /// How many pages wait.
    pub fn count(&self) -> usize {
        self.cards.lock().map_or(0, |cards| cards.values().map(|waiters| waiters.count).sum())
    }

    fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }
}

impl Place<'_> {
    /// Looks again and again, until that is enough or patience ends. What was seen last.
    pub async fn look<L, T, E>(
        &self,
        mut look: impl FnMut() -> L,
        is_enough: impl Fn(&T) -> bool,
        has_room: impl Fn() -> bool,
    ) -> Result<T, E>
    where
        L: Future<Output = Result<T, E>>,
    {
        loop {
            // Before the look: what is told of meanwhile is not lost.
            let told = self.told.notified();
            let seen = look().await?;
            let left = self.until.saturating_duration_since(Instant::now());
            if is_enough(&seen) || left.is_zero() || self.waiting.is_closed() || !has_room() {
                return Ok(seen);
            }
            // In any case somebody looks again then.
            let _ = tokio::time::timeout(left.min(LOOK), told).await;
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if let Ok(mut cards) = self.waiting.cards.lock()
            && let Some(waiters) = cards.get_mut(&self.card)
        {
            waiters.count = waiters.count.saturating_sub(1);
            if waiters.count == 0 {
                cards.remove(&self.card);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_wait_and_fewer_for_one_card_and_nobody_once_it_is_closed() {
        let waiting = Waiting::new(Duration::from_secs(60));
        let one = CardId::next();
        let places: Vec<_> = (0..3).filter_map(|_| waiting.enter(one)).collect();
        assert_eq!(places.len(), MAX_OF_A_CARD);
        let others: Vec<_> = (0..100).filter_map(|_| waiting.enter(CardId::next())).collect();
        assert_eq!((others.len() + places.len(), waiting.count()), (MAX_WAITING, MAX_WAITING));
        drop(others);
        drop(places);
        assert_eq!(waiting.count(), 0);
        assert!(waiting.cards.lock().unwrap().is_empty(), "nothing is kept of who has gone");
        let held = waiting.enter(one);
        waiting.close();
        assert!(held.is_some() && waiting.enter(one).is_none());
        assert!(Waiting::default().enter(one).is_none(), "no patience");
    }

    #[tokio::test]
    async fn a_word_ends_the_waiting_and_so_do_the_end_of_the_portal_and_a_full_house() {
        let waiting = Waiting::new(Duration::from_secs(600));
        let card = CardId::next();
        let place = waiting.enter(card).unwrap();
        let looks = std::cell::Cell::new(0);
        let look = || {
            looks.set(looks.get() + 1);
            let seen = looks.get();
            async move { Ok::<i32, ()>(seen) }
        };
        let told = async { waiting.tell(card) };
        assert_eq!(tokio::join!(place.look(look, |seen| *seen == 2, || true), told).0, Ok(2));
        assert_eq!(place.look(look, |_seen| false, || false).await, Ok(3), "somebody else needs the place");
        let stop = async { waiting.close() };
        assert_eq!(tokio::join!(place.look(look, |_seen| false, || true), stop).0, Ok(5));
    }
}
