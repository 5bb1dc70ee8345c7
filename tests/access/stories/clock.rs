//! The clock jumps: nothing lives longer or waits longer than it is told to, and nobody is locked out until the clock has caught up.

use kabinet::base::{days, hours, minutes, seconds};

use crate::support::http::encoded;

use crate::house::{House, PASSWORD, Visitor};

/// Wrong passwords of strangers, until they are not looked at any more.
async fn strangers_guess(house: &House, login: &str) {
    for _ in 0..40 {
        if house.visitor("Eve").signs_in(login, "wrong-password").await.status == 429 {
            return;
        }
    }
    panic!("nobody counts");
}

#[actix_web::test]
async fn a_clock_that_is_set_back_locks_nobody_out() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    strangers_guess(&house, &number).await;
    house.clock_jumps_back(hours(5));
    assert!(anna.is_signed_in().await, "the session goes on");
    // What strangers have done is over after the longest pause, as without the jump.
    let elsewhere: Visitor = house.visitor("Anna");
    elsewhere.signs_in(&number, PASSWORD).await.is(429);
    house.passes(minutes(15));
    elsewhere.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    assert!(elsewhere.is_signed_in().await);
}

#[actix_web::test]
async fn a_clock_that_is_set_back_keeps_nobody_waiting_for_a_code() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let code = anna.receives_code().await;
    house.clock_jumps_back(hours(5));
    anna.wants_another_message().await.is(429);
    house.passes(seconds(60));
    anna.wants_another_message().await.goes_to("/registration/code");
    assert_eq!(house.letters_to(&anna.phone).await.len(), 2, "the message goes out at once");
    anna.gives_code(&code).await.goes_to("/registration/privacy");
    anna.agrees().await.goes_to("/registration/version");
    anna.says_yes().await.goes_to("/registration/password");
    anna.thinks_up(PASSWORD, "").await.goes_to("/registration/done");
    assert!(anna.is_signed_in().await);
}

#[actix_web::test]
async fn a_clock_that_jumps_a_day_ahead_ends_what_a_day_ends() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris"));
    let number = anna.registers().await;
    boris.registers_up_to_the_code().await;
    let code = boris.receives_code().await;
    strangers_guess(&house, &number).await;
    house.clock_jumps_forward(days(1));
    assert!(!anna.is_signed_in().await);
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    let late = boris
        .posts(
            "/registration/code",
            &encoded(&[("csrf", boris.token().await.as_str()), ("code", code.as_str())]),
        )
        .await;
    assert_eq!(late.status, 410, "{}", late.page().text());
    boris.in_another_browser().opens("/registration").await;
}
