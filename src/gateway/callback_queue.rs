//! Operations that a gateway has just told us of.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::sync::Notify;

use super::call::OperationId;

/// More are dropped: the worker looks at everything that waits, now and then, anyway.
const MAX_WAITING: usize = 1_024;

/// By which a callback tells the worker what operation to ask about. Clones are one queue.
#[derive(Clone, Default)]
pub struct CallbackQueue {
    waiting: Arc<Mutex<VecDeque<OperationId>>>,
    pushed: Arc<Notify>,
}

impl CallbackQueue {
    /// One that is waiting already is not queued twice.
    pub fn push(&self, operation: OperationId) {
        if let Ok(mut waiting) = self.waiting.lock()
            && waiting.len() < MAX_WAITING
            && !waiting.contains(&operation)
        {
            waiting.push_back(operation);
        }
        self.pushed.notify_one();
    }

    /// The operation that has waited longest; waits for one.
    pub async fn next(&self) -> OperationId {
        loop {
            let first = self.waiting.lock().ok().and_then(|mut waiting| waiting.pop_front());
            match first {
                Some(operation) => {
                    // Whoever waits beside us takes the rest.
                    self.pushed.notify_one();
                    return operation;
                }
                None => self.pushed.notified().await,
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
        let queue = CallbackQueue::default();
        let (one, two) = (OperationId::next(), OperationId::next());
        for operation in [one, two, one, one] {
            queue.push(operation);
        }
        assert_eq!((queue.next().await, queue.next().await), (one, two));
        assert_eq!(queue.next().now_or_never(), None);
        queue.push(one);
        assert_eq!(queue.next().await, one);
    }

    #[tokio::test]
    async fn a_flood_is_bounded() {
        let queue = CallbackQueue::default();
        for id in 0..5_000 {
            queue.push(OperationId::from_i64(id));
        }
        assert_eq!(queue.waiting.lock().unwrap().len(), MAX_WAITING);
    }
}
