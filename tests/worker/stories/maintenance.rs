//! What is forgotten, and when. The privacy policy promises it.

use diesel::prelude::*;
use kabinet::base::{days, hours, minutes, seconds};
use kabinet::db::schema::outbox;

use crate::house::{House, PASSWORD};

#[actix_web::test]
async fn within_a_day_nothing_is_left_of_a_registration_that_came_to_nothing() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_password().await;
    house.passes(hours(22));
    house.runs_maintenance().await;
    // The page still says what became of it.
    anna.gets("/registration/password").await.is(410);
    house.passes(hours(2));
    house.runs_maintenance().await;
    assert_eq!((house.count("registrations"), house.count("consents")), (0, 0));
    house.passes(minutes(1));
    house.runs_maintenance().await;
    assert_eq!(house.count("counters"), 0);
    assert_eq!(house.count("outbox WHERE content IS NOT NULL"), 0);
    let masked = house.reads(|db| outbox::table.select(outbox::recipient_masked).load::<String>(db)).await;
    assert!(masked.iter().all(|text| text.contains("•••")), "{masked:?}");
}

#[actix_web::test]
async fn what_an_account_agreed_to_stays_with_it() {
    let house = House::open().await;
    house.visitor("Anna").registers().await;
    house.passes(days(400));
    house.runs_maintenance().await;
    assert_eq!((house.count("accounts"), house.count("consents"), house.count("promo_gifts")), (1, 2, 1));
    assert_eq!((house.count("registrations"), house.count("sessions"), house.count("outbox")), (0, 0, 0));
}

#[actix_web::test]
async fn an_attempt_that_was_given_up_is_forgotten_at_once() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    // Whoever comes back to the first number, by way of another one or not, finds its code.
    anna.submits_on("/registration/code", "/registration/restart", &[])
        .await
        .goes_to("/registration?anew=yes");
    house.runs_maintenance().await;
    assert_eq!(house.count("registrations"), 1);
    anna.submits_on("/registration?anew=yes", "/registration", &[("phone", "+79265550199")])
        .await
        .goes_to("/registration/code");
    house.runs_maintenance().await;
    assert_eq!(house.count("registrations"), 2);
    let boris = house.visitor("Boris");
    boris.registers_up_to_the_consent().await;
    assert_eq!(house.count("registrations"), 3);
    boris.posts_with_token("/registration/restart", &[]).await.goes_to("/registration");
    house.runs_maintenance().await;
    assert_eq!(house.count("registrations"), 2);
}

#[actix_web::test]
async fn a_mailed_confirmation_is_forgotten_a_day_after_it_ran_out() {
    let house = House::open().await;
    house.visitor("Anna").registers_with("anna@example.org").await;
    house.passes(hours(48) - minutes(1));
    house.runs_maintenance().await;
    assert_eq!(house.count("mailed_links"), 1);
    house.passes(minutes(2));
    house.runs_maintenance().await;
    assert_eq!(house.count("mailed_links"), 0);
}

#[actix_web::test]
async fn sessions_are_forgotten_thirty_days_after_their_end() {
    let house = House::open().await;
    house.visitor("Anna").registers().await;
    house.passes(days(30));
    house.runs_maintenance().await;
    assert_eq!(house.count("sessions"), 1);
    house.passes(minutes(31));
    house.runs_maintenance().await;
    assert_eq!(house.count("sessions"), 0);
}

#[actix_web::test]
async fn counters_go_with_their_window_and_not_before() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    for _ in 0..5 {
        house.visitor("Eve").signs_in(&number, "wrong-password").await.is(422);
    }
    house.passes(seconds(20));
    house.runs_maintenance().await;
    house.visitor("Eve").signs_in(&number, "wrong-password").await.is(429);
    house.passes(days(30) + minutes(1));
    house.runs_maintenance().await;
    assert_eq!(house.count("counters"), 0);
    anna.in_another_browser().signs_in(&number, PASSWORD).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn a_code_that_could_not_be_sent_in_time_is_a_dead_letter_and_its_text_is_wiped() {
    let house = House::open().await;
    house.visitor("Anna").registers_up_to_the_code().await;
    house.passes(minutes(11));
    house.runs_maintenance().await;
    assert_eq!(house.count("outbox WHERE status = 'failed' AND failure = 'too late'"), 1);
    assert_eq!(house.delivers().await, 0);
    house.passes(days(31));
    house.runs_maintenance().await;
    assert_eq!(house.count("outbox WHERE status = 'failed' AND content IS NULL"), 1);
    house.passes(days(60));
    house.runs_maintenance().await;
    assert_eq!(house.count("outbox"), 0);
}
