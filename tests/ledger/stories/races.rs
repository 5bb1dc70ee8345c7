//! The ledger when everybody asks at once, through two instances that share a database.

use std::sync::Arc;

use futures_util::future::join_all;
use kabinet::base::{Currency, Moment, Money};
use kabinet::config::DatabaseUrl;
use kabinet::db::{Db, Store, StoreError};
use kabinet::ledger::{
    Balance, Kind, LedgerAccountId, NewTransfer, Owner, Reason, Refusal, TransferId, account, audit, balance,
    hold, post, reverse, settle, void,
};

use crate::house::House;

const TRIES: i64 = 64;
const NOW: Moment = Moment::from_micros(1);

type Verdict = Result<TransferId, Refusal>;

/// A house and a second instance beside it.
struct Books {
    house: House,
    other: Store,
    gateway: LedgerAccountId,
    anna: LedgerAccountId,
}

impl Books {
    async fn open() -> Books {
        let house = House::open().await;
        let other = Store::open(&DatabaseUrl::parse(&house.database.url()).unwrap()).unwrap();
        let gateway = house.writes(|db| account(db, Owner::SYSTEM, Kind::Gateway, Currency::Hkd)).await;
        let anna =
            house.writes(|db| account(db, Owner::account(1), Kind::CardVerification, Currency::Hkd)).await;
        Books { house, other, gateway, anna }
    }

    fn charge(&self, operation: i64, minor: i64) -> NewTransfer {
        let sum = Money::new(minor, Currency::Hkd);
        NewTransfer::between(operation, Reason::VerificationCharged, self.gateway, self.anna, sum).unwrap()
    }

    /// Asks 64 times at once, half of them through each instance. What the database could not decide in time is asked again.
    async fn at_once<T: Send + 'static>(
        &self,
        ask: impl Fn(&mut Db, i64) -> diesel::QueryResult<T> + Send + Sync + 'static,
    ) -> Vec<T> {
        let ask = Arc::new(ask);
        let one = |number: i64| {
            let (store, ask) =
                (if number % 2 == 0 { self.house.store() } else { self.other.clone() }, Arc::clone(&ask));
            async move {
                for _ in 0..50 {
                    let ask = Arc::clone(&ask);
                    match store.write(move |db| ask(db, number)).await {
                        Ok(verdict) => return verdict,
                        Err(error) => assert!(matches!(error, StoreError::Busy), "{error}"),
                    }
                }
                panic!("asked 50 times without an answer");
            }
        };
        join_all((0..TRIES).map(one)).await
    }

    async fn stands(&self) -> Balance {
        let anna = self.anna;
        self.house.writes(move |db| balance(db, anna)).await.unwrap()
    }

    async fn end(self) {
        self.house.writes(audit).await.unwrap();
        self.other.close();
    }
}

fn done(verdicts: &[Verdict]) -> Vec<TransferId> {
    verdicts.iter().filter_map(|verdict| verdict.ok()).collect()
}

#[actix_web::test]
async fn of_64_that_settle_and_void_a_hold_one_succeeds_and_all_others_are_told_which() {
    let books = Books::open().await;
    let new = books.charge(1, 500);
    let pending = books.house.writes(move |db| hold(db, &new, NOW)).await.unwrap();
    let ends = books
        .at_once(
            move |db, number| if number % 4 < 2 { settle(db, pending, NOW) } else { void(db, pending, NOW) },
        )
        .await;
    let [end] = done(&ends)[..] else { panic!("{ends:?}") };
    let stands = books.stands().await;
    let told = if stands.posted == 500 { Refusal::AlreadyPosted(end) } else { Refusal::AlreadyVoided(end) };
    assert_eq!(ends.iter().filter(|verdict| **verdict == Err(told)).count(), 63, "{ends:?}");
    assert_eq!((stands.pending_debits, stands.pending_credits), (0, 0));
    assert_eq!(books.house.count(&format!("transfers WHERE resolves = {}", pending.as_i64())), 1);
    books.end().await;
}

#[actix_web::test]
async fn of_64_that_reverse_a_transfer_one_succeeds() {
    let books = Books::open().await;
    let new = books.charge(1, 500);
    let posted = books.house.writes(move |db| post(db, &new, NOW)).await.unwrap();
    let reversals = books
        .at_once(move |db, number| reverse(db, posted, 100 + number, Reason::VerificationReturned, NOW))
        .await;
    let [reversal] = done(&reversals)[..] else { panic!("{reversals:?}") };
    assert_eq!(
        reversals.iter().filter(|verdict| **verdict == Err(Refusal::AlreadyReversed(reversal))).count(),
        63
    );
    assert_eq!(books.stands().await, Balance::default());
    books.end().await;
}

#[actix_web::test]
async fn an_operation_that_is_asked_64_times_is_one_transfer() {
    let books = Books::open().await;
    let new = books.charge(1, 500);
    let verdicts = books.at_once(move |db, _number| post(db, &new, NOW)).await;
    assert_eq!(done(&verdicts).len(), 64);
    assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]), "{verdicts:?}");
    assert_eq!(books.stands().await.posted, 500);
    books.end().await;
}

#[actix_web::test]
async fn of_64_that_take_from_an_account_as_many_succeed_as_it_has_money_for() {
    let books = Books::open().await;
    let new = books.charge(1, 105);
    books.house.writes(move |db| post(db, &new, NOW)).await.unwrap();
    let takes: Vec<NewTransfer> = (0..TRIES).map(|number| books.charge(100 + number, -10)).collect();
    let verdicts =
        books.at_once(move |db, number| post(db, &takes[usize::try_from(number).unwrap()], NOW)).await;
    assert_eq!(done(&verdicts).len(), 10, "{verdicts:?}");
    let told = Err(Refusal::Overdraft { account: books.anna, available: 5 });
    assert_eq!(verdicts.iter().filter(|verdict| **verdict == told).count(), 54, "{verdicts:?}");
    assert_eq!(books.stands().await.posted, 5);
    books.end().await;
}

#[actix_web::test]
async fn an_account_that_64_ask_for_is_one() {
    let books = Books::open().await;
    let ids = books
        .at_once(|db, _number| account(db, Owner::account(5), Kind::CardVerification, Currency::Nok))
        .await;
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    assert_eq!(books.house.count("ledger_accounts WHERE owner_id = 5"), 1);
    books.end().await;
}
