//! The ledger's side: callers that wait for the write queue.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use anyhow::Result;
use futures_util::future::try_join_all;
use kabinet::base::{Clock, Currency, Money};
use kabinet::config::DatabaseUrl;
use kabinet::db::{Store, migrate};
use kabinet::ledger::{Kind, LedgerAccountId, NewTransfer, Owner, Reason, account, post};
use tokio::runtime::Runtime;

/// Two accounts that money goes between.
pub type Pair = (LedgerAccountId, LedgerAccountId);

/// No operation is asked twice.
pub static OPERATIONS: AtomicI64 = AtomicI64::new(1);
static OWNERS: AtomicI64 = AtomicI64::new(1);

pub struct Books {
    store: Store,
    runtime: Runtime,
    clock: Clock,
}

impl Books {
    pub fn open(url: &DatabaseUrl) -> Result<Books> {
        migrate(url)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        Ok(Books { store: Store::open(url)?, runtime, clock: Clock::default() })
    }

    /// A pair for each client: a gateway of its own, or one that all share, and a cardholder.
    pub fn pairs(&self, clients: usize, shared: bool) -> Result<Vec<Pair>> {
        let made = self.store.write(move |db| {
            (0..clients)
                .map(|_| {
                    let owner = Owner::account(OWNERS.fetch_add(1, Ordering::Relaxed));
                    let gateway = account(
                        db,
                        if shared { Owner::SYSTEM } else { owner },
                        Kind::Gateway,
                        Currency::Eur,
                    )?;
                    Ok((gateway, account(db, owner, Kind::CardVerification, Currency::Eur)?))
                })
                .collect::<diesel::QueryResult<Vec<Pair>>>()
        });
        Ok(self.runtime.block_on(made)?)
    }

    /// Each client posts one transfer after the other, until the time is over. How many were committed.
    pub fn posts(&self, clients: &[Pair], until: Instant) -> Result<u64> {
        let client = |pair: Pair| async move {
            let mut done = 0;
            while Instant::now() < until {
                let operation = OPERATIONS.fetch_add(1, Ordering::Relaxed);
                let new = NewTransfer::between(
                    operation,
                    Reason::VerificationCharged,
                    pair.0,
                    pair.1,
                    Money::new(1, Currency::Eur),
                )?;
                let now = self.clock.now();
                self.store.write(move |db| post(db, &new, now)).await??;
                done += 1;
            }
            anyhow::Ok(done)
        };
        let done = self.runtime.block_on(try_join_all(clients.iter().copied().map(client)))?;
        Ok(done.into_iter().sum())
    }

    pub fn close(&self) {
        self.store.close();
    }
}
