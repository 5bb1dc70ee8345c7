//! What a request costs the database: statements, transactions, time. It is always counted, for that costs next to nothing; neither the
//! text of a statement nor a value is looked at.

use std::cell::Cell;
use std::ops::{Add, AddAssign};
use std::time::{Duration, Instant};

use diesel::connection::{Instrumentation, InstrumentationEvent};

/// What was asked of the database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// Those that begin and end transactions among them.
    pub statements: u32,
    pub transactions: u32,
    /// While a connection was busy with it; in a commit that many writes share, all of that commit.
    pub time: Duration,
}

impl Add for Cost {
    type Output = Cost;

    fn add(self, other: Cost) -> Cost {
        Cost {
            statements: self.statements + other.statements,
            transactions: self.transactions + other.transactions,
            time: self.time + other.time,
        }
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        *self = *self + other;
    }
}

thread_local! {
    static STATEMENTS: Cell<u32> = const { Cell::new(0) };
    static TRANSACTIONS: Cell<u32> = const { Cell::new(0) };
    static HAS_FAILED: Cell<bool> = const { Cell::new(false) };
}

/// Counts what a connection is asked, for the thread that asks.
pub(super) struct Counting;

impl Instrumentation for Counting {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => {
                STATEMENTS.set(STATEMENTS.get().wrapping_add(1));
            }
            InstrumentationEvent::BeginTransaction { depth, .. } if depth.get() == 1 => {
                TRANSACTIONS.set(TRANSACTIONS.get().wrapping_add(1));
                HAS_FAILED.set(false);
            }
            InstrumentationEvent::FinishQuery { error: Some(_), .. } => HAS_FAILED.set(true),
            _ => {}
        }
    }
}

/// Whether a statement has failed since this thread began its transaction, even if somebody passed over it.
pub(super) fn has_failed() -> bool {
    HAS_FAILED.get()
}

/// Does some work on this thread, and says what it cost.
pub(super) fn measured<T>(work: impl FnOnce() -> T) -> (T, Cost) {
    let (statements, transactions, began) = (STATEMENTS.get(), TRANSACTIONS.get(), Instant::now());
    let done = work();
    let cost = Cost {
        statements: STATEMENTS.get().wrapping_sub(statements),
        transactions: TRANSACTIONS.get().wrapping_sub(transactions),
        time: began.elapsed(),
    };
    (done, cost)
}

tokio::task_local! {
    static SPENT: Cell<Cost>;
}

/// Puts it down to the request that is being answered. What the program does by itself is put down to nobody.
pub(super) fn put_down(cost: Cost) {
    let _ = SPENT.try_with(|spent| spent.set(spent.get() + cost));
}

/// Answers something, and says what that has cost the database. Whoever counts around it counts that as well.
pub async fn counting<T>(answer: impl Future<Output = T>) -> (T, Cost) {
    let counted = async { (answer.await, SPENT.with(Cell::get)) };
    let (answer, cost) = SPENT.scope(Cell::default(), counted).await;
    put_down(cost);
    (answer, cost)
}
