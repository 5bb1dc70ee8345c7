//! The write queue: many jobs to a commit, and none pays for another.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use futures_util::future::join_all;
use kabinet::db::schema::system_state;
use kabinet::db::{Db, StoreError, retry};

use crate::house::House;

const JOBS: usize = 40;

fn note(db: &mut Db, name: &str) -> QueryResult<usize> {
    diesel::insert_into(system_state::table)
        .values((system_state::name.eq(name), system_state::value.eq("x")))
        .execute(db)
}

fn is_taken(outcome: &Result<usize, StoreError>) -> bool {
    matches!(outcome, Err(StoreError::Query(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _))))
}

#[actix_web::test]
async fn a_job_that_fails_is_undone_and_takes_nothing_along() {
    let house = House::open().await;
    house.writes(|db| note(db, "taken")).await;
    let store = house.store();
    let outcomes = join_all((0..JOBS).map(|number| {
        store.write(move |db| {
            note(db, &format!("job-{number}"))?;
            if number % 10 == 3 { note(db, "taken") } else { Ok(1) }
        })
    }))
    .await;
    let failed: Vec<usize> = (0..JOBS).filter(|number| is_taken(&outcomes[*number])).collect();
    assert_eq!(failed, [3, 13, 23, 33]);
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), JOBS - 4);
    assert_eq!(house.count("system_state WHERE name LIKE 'job-%'"), 36);
    assert_eq!(
        house.count("system_state WHERE name LIKE 'job-%3'"),
        0,
        "what the failed ones had written before"
    );
}

#[actix_web::test]
async fn what_a_job_does_in_a_transaction_of_its_own_may_fail_there() {
    let house = House::open().await;
    house.writes(|db| note(db, "taken")).await;
    let store = house.store();
    let outcomes = join_all((0..JOBS).map(|number| {
        store.write(move |db| {
            let tried = db.transaction::<usize, Error, _>(|db| note(db, "taken"));
            assert!(tried.is_err());
            note(db, &format!("job-{number}"))
        })
    }))
    .await;
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    assert_eq!(house.count("system_state WHERE name LIKE 'job-%'"), 40);
}

/// PostgreSQL answers the COMMIT of a broken transaction with a rollback and no error.
#[actix_web::test]
async fn no_write_is_confirmed_that_is_not_there() {
    let house = House::open().await;
    house.writes(|db| note(db, "taken")).await;
    let store = house.store();
    let outcomes = join_all((0..JOBS).map(|number| {
        store.write(move |db| {
            let written = note(db, &format!("job-{number}"))?;
            if number == JOBS - 1 || number == 7 {
                let _passed_over = note(db, "taken");
            }
            Ok(written)
        })
    }))
    .await;
    for (number, outcome) in outcomes.iter().enumerate() {
        let there = house.count(&format!("system_state WHERE name = 'job-{number}'"));
        assert_eq!(there, i64::from(outcome.is_ok()), "job {number}: {outcome:?}");
    }
    assert!(outcomes.iter().filter(|outcome| outcome.is_ok()).count() >= JOBS - 2, "{outcomes:?}");
    house.writes(|db| note(db, "job-alone")).await;
    let alone = house.store().write(|db| Ok((note(db, "job-last")?, note(db, "taken").is_ok()).0)).await;
    assert_eq!(house.count("system_state WHERE name = 'job-last'"), i64::from(alone.is_ok()));
}

#[actix_web::test]
async fn a_write_that_others_are_in_the_way_of_at_each_try_is_given_back_undone() {
    let house = House::open().await;
    let refused = house
        .store()
        .write(|db| {
            note(db, "half")?;
            Err::<(), _>(retry())
        })
        .await;
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    assert_eq!(house.count("system_state WHERE name = 'half'"), 0);
    house.writes(|db| note(db, "next")).await;
}
