//! Delivery receipts on their way into the outbox.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::outbox;
use crate::base::Clock;
use crate::db::Store;

/// A receipt may come before the hand-over that it speaks of is written down: it is tried again after these waits.
const WAITS: [Duration; 5] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(10),
    Duration::from_secs(30),
];
/// Receipts that wait so at one time; more are dropped (they are other parts of long messages, or not ours).
const MAX_WAITING: usize = 512;

/// A final word of the SMS centre about one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    pub peer_id: String,
    /// Whether the phone got it; false means that it never will.
    pub arrived: bool,
}

/// Where carriers bring receipts.
#[derive(Clone)]
pub struct Receipts {
    store: Store,
    clock: Clock,
    waiting: Arc<Semaphore>,
}

impl Receipts {
    pub fn new(store: Store, clock: Clock) -> Receipts {
        Receipts { store, clock, waiting: Arc::new(Semaphore::new(MAX_WAITING)) }
    }

    /// Takes a receipt. False when the database did not: then the centre should bring it again.
    pub async fn take(&self, receipt: Receipt) -> bool {
        match self.write(&receipt).await {
            Some(true) => true,
            Some(false) => {
                if let Ok(place) = Arc::clone(&self.waiting).try_acquire_owned() {
                    let receipts = self.clone();
                    tokio::spawn(async move {
                        for wait in WAITS {
                            tokio::time::sleep(wait).await;
                            if receipts.write(&receipt).await == Some(true) {
                                break;
                            }
                        }
                        drop(place);
                    });
                }
                true
            }
            None => false,
        }
    }

    /// Whether a message was found; None when the database does not answer.
    async fn write(&self, receipt: &Receipt) -> Option<bool> {
        let (now, receipt) = (self.clock.now(), receipt.clone());
        let written =
            self.store.write(move |db| outbox::receipt(db, now, &receipt.peer_id, receipt.arrived)).await;
        written.inspect_err(|error| error.log("a delivery receipt could not be written down")).ok()
    }
}
