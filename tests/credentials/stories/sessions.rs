//! How long a session lives, and what ends it.

use diesel::prelude::*;
use futures_util::future::join;
use kabinet::base::{minutes, seconds};
use kabinet::db::schema::{accounts, sessions};

use crate::house::{House, PASSWORD};
use crate::support::http::Answer;

const SESSION: &str = "sid-dev";

#[actix_web::test]
async fn a_session_ends_after_half_an_hour_without_a_request() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(29));
    assert!(anna.is_signed_in().await);
    house.passes(minutes(28));
    assert!(anna.is_signed_in().await, "every request moves the end");
    let stolen = anna.copy();
    house.passes(minutes(30) + seconds(1));
    stolen.gets("/cabinet").await.asks_to_sign_in();
    assert!(anna.opens("/sign-in").await.says("Сеанс закончился"));
}

#[actix_web::test]
async fn any_request_at_all_keeps_a_session_for_half_an_hour() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(14));
    anna.gets("/help").await.is(200);
    house.passes(minutes(28));
    assert!(anna.is_signed_in().await);
}

#[actix_web::test]
async fn after_twelve_hours_it_ends_whatever_happens() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    for _ in 0..(12 * 60 / 20 - 1) {
        house.passes(minutes(20));
        assert!(anna.is_signed_in().await);
    }
    house.passes(minutes(20) - seconds(5));
    assert!(anna.is_signed_in().await);
    house.passes(seconds(6));
    assert!(!anna.is_signed_in().await);
}

#[actix_web::test]
async fn giving_the_password_again_takes_a_new_key_and_no_more_time() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let before = anna.copy();
    for _ in 0..24 {
        house.passes(minutes(29));
        assert!(anna.is_signed_in().await);
    }
    anna.asks_to_confirm("anna@example.org").await;
    assert_ne!(anna.cookie(SESSION), before.cookie(SESSION));
    assert!(!before.is_signed_in().await, "the old key is dead");
    assert!(anna.is_signed_in().await);
    house.passes(minutes(25));
    assert!(!anna.is_signed_in().await, "twelve hours after signing in");
}

#[actix_web::test]
async fn the_eleventh_sign_in_ends_the_oldest_session() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    let mut devices = vec![anna];
    for _ in 0..10 {
        house.passes(seconds(20));
        let device = devices[0].in_another_browser();
        device.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
        devices.push(device);
    }
    assert_eq!(house.count("sessions"), 10);
    assert!(!devices[0].is_signed_in().await);
    for device in &devices[1..] {
        assert!(device.is_signed_in().await);
    }
}

#[actix_web::test]
async fn signing_out_ends_the_session_and_nobody_else_s() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    let phone = anna.in_another_browser();
    phone.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    let stolen = anna.copy();
    let answer = anna.signs_out().await.goes_to("/");
    assert!(answer.header("clear-site-data").unwrap().contains("storage"));
    assert!(!stolen.is_signed_in().await, "the cookie is worth nothing any more");
    assert!(phone.is_signed_in().await);
    // Whoever is signed out signs out again: nothing happens.
    house.visitor("Stranger").posts_with_token("/sign-out", &[]).await.goes_to("/");
    assert!(phone.is_signed_in().await);
}

#[actix_web::test]
async fn a_slow_request_does_not_bring_a_session_back_that_was_ended_meanwhile() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(6));
    let (slow, quick) = (anna.copy(), anna.copy());
    let form = slow.opens("/email").await;
    let cabinet = quick.opens("/cabinet").await;
    // The password is compared while the other tab signs out.
    let changes_address =
        slow.sends(&form, "/email", &[("email", "anna@example.org"), ("password", PASSWORD)]);
    let (answer, out) = join(changes_address, quick.sends(&cabinet, "/sign-out", &[])).await;
    out.goes_to("/");
    assert!(
        !slow.is_signed_in().await,
        "the slow request answered {} to {}",
        answer.status,
        answer.location()
    );
    assert_eq!(house.count("sessions"), 0);
}

async fn block(house: &House) {
    house.writes(|db| diesel::update(accounts::table).set(accounts::status.eq("blocked")).execute(db)).await;
}

/// The status, and what the page says.
fn gist(answer: &Answer) -> (u16, String) {
    (answer.status, answer.page().text())
}

#[actix_web::test]
async fn a_blocked_account_is_out_at_once_and_looks_like_a_wrong_password() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    let last_step = anna.opens("/registration/password").await;
    let registering = anna.copy();
    anna.thinks_up(PASSWORD, "").await.goes_to("/registration/done");
    let number = anna.account_number().await;
    block(&house).await;
    assert!(!anna.is_signed_in().await);
    anna.gets("/email").await.asks_to_sign_in();
    let right = anna.in_another_browser().signs_in(&number, PASSWORD).await;
    let wrong = anna.in_another_browser().signs_in(&number, "wrong-password").await;
    assert_eq!(gist(&right), gist(&wrong));
    right.is(422);
    // A known device is no better.
    anna.signs_in(&number, PASSWORD).await.is(422);
    // Nor is the end of the registration, sent once more.
    let fields = [("password", PASSWORD), ("again", PASSWORD)];
    registering.sends(&last_step, "/registration/password", &fields).await.goes_to("/sign-in");
    assert!(!registering.is_signed_in().await);
}

#[actix_web::test]
async fn the_database_holds_no_key_that_a_cookie_could_be_made_of() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let hash = house.reads(|db| sessions::table.select(sessions::key_hash).first::<String>(db)).await;
    assert_eq!(hash.len(), 64);
    let cookie = anna.cookie(SESSION).unwrap();
    assert!(!cookie.contains(&hash));
    let thief = house.visitor("Thief");
    for forged in [hash.clone(), cookie.replace(&cookie[cookie.len() - 43..], &hash[..43])] {
        thief.keeps(SESSION, &forged);
        assert!(!thief.is_signed_in().await);
    }
}

#[actix_web::test]
async fn two_people_share_a_browser_one_after_the_other() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris"));
    let (hers, his) = (anna.registers().await, boris.registers().await);
    let shared = house.visitor("Both");
    for number in [&hers, &his, &hers] {
        shared.signs_in(number, PASSWORD).await.goes_to("/cabinet");
        assert_eq!(&shared.account_number().await, number);
        shared.signs_out().await.goes_to("/");
    }
    // The browser is known to whoever came in last: strangers' failures keep her out of nothing, and him for as long as anybody new.
    for number in [&hers, &his] {
        for _ in 0..6 {
            house.visitor("Eve").signs_in(number, "wrong-password").await;
        }
    }
    shared.signs_in(&hers, PASSWORD).await.goes_to("/cabinet");
    shared.signs_out().await.goes_to("/");
    shared.signs_in(&his, PASSWORD).await.is(429);
    house.passes(minutes(1));
    shared.signs_in(&his, PASSWORD).await.goes_to("/cabinet");
}
