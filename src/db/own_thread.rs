//! Short reads of SQLite on the thread of the request itself: to hand one over to another thread and back costs more than the
//! read. Whatever is not short, not at once possible, or fails, goes the long way through the readers' pool.

use std::any::TypeId;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::result::{Error, QueryResult};
use diesel::sqlite::Sqlite;
use diesel::{RunQueryDsl, SqliteConnection};

use super::connection::{Db, Opener};
use super::error::Trouble;

/// A read that keeps its thread for longer is not short.
const SHORT: Duration = Duration::from_millis(1);
/// So many long ones more than short ones: a machine that is busy with others makes any read long now and then.
const LONG_ONES: u8 = 4;
/// A kind of read that was not short takes the long way for so long.
const LONG_WAY_FOR: Duration = Duration::from_secs(60);

thread_local! {
    static OWN: RefCell<Vec<Own>> = const { RefCell::new(Vec::new()) };
}

/// What a thread keeps for one store.
struct Own {
    store: u64,
    db: Db,
    /// How many outages there had been when it was opened.
    after: u64,
    kinds: HashMap<TypeId, Kind>,
}

/// How reads of one kind, which is one closure of the program, have gone on this thread.
#[derive(Default)]
struct Kind {
    long_ones: u8,
    long_way_until: Option<Instant>,
}

/// The readers that threads have of their own.
#[derive(Clone)]
pub(super) struct OwnThread {
    store: u64,
    opener: Opener,
    outages: Arc<AtomicU64>,
}

impl OwnThread {
    /// `outages`: whatever was opened before the last one is not used again.
    pub(super) fn new(opener: Opener, outages: Arc<AtomicU64>) -> OwnThread {
        static STORES: AtomicU64 = AtomicU64::new(0);
        OwnThread { store: STORES.fetch_add(1, Ordering::Relaxed), opener, outages }
    }

    /// Reads here and now; None where that is not for this thread. All statements of the query see one state of the database.
    pub(super) fn run<T, Q: FnMut(&mut Db) -> QueryResult<T> + 'static>(&self, query: &mut Q) -> Option<T> {
        if !self.opener.is_sqlite() {
            return None;
        }
        let mut own = self.take()?;
        let kind = own.kinds.entry(TypeId::of::<Q>()).or_default();
        if kind.takes_the_long_way() {
            self.put_back(own);
            return None;
        }
        let began = Instant::now();
        match snapshot(&mut own.db, query) {
            Ok(found) => {
                kind.took(began.elapsed());
                self.put_back(own);
                Some(found)
            }
            Err((error, is_as_before)) => {
                // Said by the long way, if it is still so there.
                if Trouble::of(&error) == Trouble::Own && is_as_before {
                    self.put_back(own);
                }
                None
            }
        }
    }

    fn take(&self) -> Option<Own> {
        let after = self.outages.load(Ordering::Relaxed);
        let kept = OWN.with_borrow_mut(|all| {
            let at = all.iter().position(|own| own.store == self.store)?;
            Some(all.swap_remove(at))
        });
        match kept {
            Some(own) if own.after == after => Some(own),
            _ => {
                let db = self.opener.open_to_read_at_once().ok()?;
                Some(Own { store: self.store, db, after, kinds: HashMap::new() })
            }
        }
    }

    fn put_back(&self, own: Own) {
        OWN.with_borrow_mut(|all| all.push(own));
    }
}

/// What was read; or why not, and whether the connection is as it was before.
fn snapshot<T>(db: &mut Db, query: &mut impl FnMut(&mut Db) -> QueryResult<T>) -> Result<T, (Error, bool)> {
    bound(db, Begin).map_err(|error| (error, true))?;
    match query(db) {
        Ok(found) => bound(db, Commit).map(|()| found).map_err(|error| (error, false)),
        Err(error) => Err((error, bound(db, RollBack).is_ok())),
    }
}

fn bound(
    db: &mut Db,
    bound: impl QueryFragment<Sqlite> + QueryId + RunQueryDsl<SqliteConnection>,
) -> QueryResult<()> {
    let Db::Sqlite(c) = db else { return Err(Error::NotFound) };
    bound.execute(c).map(|_rows| ())
}

/// The bounds of a transaction, as statements that are kept prepared: diesel's own are parsed anew each time, which costs as much as a
/// short read.
macro_rules! bounds {
    ($($name:ident: $sql:literal),+) => {
        $(
            #[derive(QueryId)]
            struct $name;

            impl QueryFragment<Sqlite> for $name {
                fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
                    out.push_sql($sql);
                    Ok(())
                }
            }

            impl RunQueryDsl<SqliteConnection> for $name {}
        )+
    };
}

bounds!(Begin: "BEGIN DEFERRED", Commit: "COMMIT", RollBack: "ROLLBACK");

impl Kind {
    fn takes_the_long_way(&mut self) -> bool {
        let Some(until) = self.long_way_until else { return false };
        if Instant::now() < until {
            return true;
        }
        *self = Kind::default();
        false
    }

    fn took(&mut self, time: Duration) {
        self.long_ones =
            if time > SHORT { self.long_ones.saturating_add(1) } else { self.long_ones.saturating_sub(1) };
        if self.long_ones >= LONG_ONES {
            self.long_way_until = Some(Instant::now() + LONG_WAY_FOR);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_millis(2);

    #[test]
    fn what_is_long_again_and_again_takes_the_long_way_for_a_while() {
        let mut kind = Kind::default();
        (0..3).for_each(|_| kind.took(LONG));
        assert!(!kind.takes_the_long_way());
        kind.took(LONG);
        assert!(kind.takes_the_long_way() && kind.takes_the_long_way());
        kind.long_way_until = Some(Instant::now());
        assert!(!kind.takes_the_long_way(), "the while is over");
        kind.took(LONG);
        assert!(!kind.takes_the_long_way(), "it is counted anew");
    }

    #[test]
    fn a_long_one_now_and_then_is_the_machine_s() {
        let mut kind = Kind::default();
        for _ in 0..100 {
            kind.took(LONG);
            kind.took(Duration::from_micros(20));
        }
        assert!(!kind.takes_the_long_way());
    }
}
