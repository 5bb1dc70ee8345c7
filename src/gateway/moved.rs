//! Operations that a gateway has just told us of.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::call::OperationId;

/// More are dropped: the worker looks at everything that waits, now and then, anyway.
const MOST: usize = 1_024;

/// The bell by which a callback tells the worker which operation to ask about. Clones ring the same bell.
#[derive(Clone, Default)]
pub struct Moved {
    waiting: Arc<Mutex<VecDeque<OperationId>>>,
    bell: Arc<Notify>,
}

impl Moved {
    /// One that is waiting already is not told of twice.
    pub fn tell(&self, operation: OperationId) {
        if let Ok(mut waiting) = self.waiting.lock()
            && waiting.len() < MOST
            && !waiting.contains(&operation)
        {
            waiting.push_back(operation);
        }
        self.bell.notify_one();
    }

    /// The operation that was told of first; waits for one.
    pub async fn next(&self) -> OperationId {
        loop {
            let first = self.waiting.lock().ok().and_then(|mut waiting| waiting.pop_front());
            match first {
                Some(operation) => {
                    // Whoever waits beside us takes the rest.
                    self.bell.notify_one();
                    return operation;
                }
                None => self.bell.notified().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn each_operation_that_is_told_of_is_heard_of_once() {
        let moved = Moved::default();
        let (one, two) = (OperationId::next(), OperationId::next());
        for operation in [one, two, one, one] {
            moved.tell(operation);
        }
        assert_eq!((moved.next().await, moved.next().await), (one, two));
        assert_eq!(moved.next().now_or_never(), None);
        moved.tell(one);
        assert_eq!(moved.next().await, one);
    }

    #[tokio::test]
    async fn a_flood_is_bounded() {
        let moved = Moved::default();
        for id in 0..5_000 {
            moved.tell(OperationId::from_i64(id));
        }
        assert_eq!(moved.waiting.lock().unwrap().len(), MOST);
    }
}
