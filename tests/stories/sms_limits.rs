//! How many messages may be asked for: by one phone, one address, one neighbourhood, everybody together.

use std::time::Duration;

use kabinet::base::{hours, minutes, seconds};
use kabinet::web::limits::{self, Limit};

use crate::house::{House, Visitor};

/// A browser that has no attempt yet asks for a code for this phone.
async fn asks_anew(house: &House, phone: &str, address: &str) -> u16 {
    let stranger = house.visitor("Stranger").calling(phone).from(address);
    let answer = stranger.gives_phone().await;
    if answer.status == 422 {
        assert!(answer.page().says("Попробуйте снова после"), "{}", answer.page().text());
    }
    answer.status
}

async fn is_told_to_wait(anna: &Visitor<'_>, wait: Duration) {
    let refused = anna.wants_another_message().await.is(429);
    let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!(seconds.abs_diff(wait.as_secs()) <= 2, "{seconds} s instead of {wait:?}");
    assert!(refused.page().says("Попробуйте снова после"), "{}", refused.page().text());
}

#[actix_web::test]
async fn between_messages_there_are_60_seconds_then_twice_as_many_each_time() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    for (message, wait) in [60, 120, 240, 480].into_iter().enumerate() {
        is_told_to_wait(&anna, seconds(wait)).await;
        let page = anna.opens("/registration/no-code").await;
        assert!(page.form_to("/registration/messages").is_none(), "the button waits too");
        house.passes(seconds(wait - 2));
        anna.wants_another_message().await.is(429);
        house.passes(seconds(2));
        anna.submits_on("/registration/no-code", "/registration/messages", &[]).await.goes_to("/registration/code");
        assert_eq!(house.letters_to(&anna.phone).await.len(), message + 2);
    }
}

#[actix_web::test]
async fn one_phone_gets_five_messages_a_day_whoever_asks() {
    let house = House::open().await;
    let phone = "+79161110000";
    for address in 0..5 {
        assert_eq!(asks_anew(&house, phone, &format!("10.1.{address}.1")).await, 303);
        house.passes(minutes(15));
    }
    assert_eq!(asks_anew(&house, phone, "10.1.9.1").await, 422);
    house.passes(hours(22));
    assert_eq!(asks_anew(&house, phone, "10.1.9.1").await, 422);
    assert_eq!(house.letters_to(phone).await.len(), 5);
    house.passes(minutes(46));
    assert_eq!(asks_anew(&house, phone, "10.1.9.1").await, 303);
}

#[actix_web::test]
async fn one_address_may_ask_for_ten_a_day() {
    let house = House::open().await;
    for phone in 0..10 {
        assert_eq!(asks_anew(&house, &format!("+7916222000{phone}"), "10.2.0.1").await, 303);
    }
    assert_eq!(asks_anew(&house, "+79162220100", "10.2.0.1").await, 422);
    assert_eq!(asks_anew(&house, "+79162220100", "10.2.0.2").await, 303);
    house.passes(hours(24));
    assert_eq!(asks_anew(&house, "+79162220101", "10.2.0.1").await, 303);
    assert_eq!(house.delivers().await, 11 + 1);
}

#[actix_web::test]
async fn one_neighbourhood_may_ask_for_thirty_a_day() {
    let house = House::open().await;
    for phone in 0..30 {
        assert_eq!(asks_anew(&house, &format!("+791633300{phone:02}"), &format!("10.3.0.{phone}")).await, 303);
    }
    assert_eq!(asks_anew(&house, "+79163330100", "10.3.0.200").await, 422);
    assert_eq!(asks_anew(&house, "+79163330100", "10.3.1.1").await, 303);
}

#[actix_web::test]
async fn an_ipv6_customer_is_counted_as_one_whatever_address_they_take() {
    let house = House::open().await;
    for phone in 0..10 {
        assert_eq!(asks_anew(&house, &format!("+7916444000{phone}"), &format!("[2001:db8:1:2::{phone}]")).await, 303);
    }
    assert_eq!(asks_anew(&house, "+79164440100", "[2001:db8:1:2:ffff::1]").await, 422);
    assert_eq!(asks_anew(&house, "+79164440100", "[2001:db8:1:3::1]").await, 303);
}

#[actix_web::test]
async fn a_message_that_is_not_sent_costs_nobody_anything() {
    let house = House::open().await;
    let phone = "+79165550000";
    assert_eq!(asks_anew(&house, phone, "10.5.0.1").await, 303);
    for _ in 0..20 {
        assert_eq!(asks_anew(&house, phone, "10.5.0.1").await, 422);
    }
    for other in 0..9 {
        assert_eq!(asks_anew(&house, &format!("+7916555100{other}"), "10.5.0.1").await, 303);
    }
    house.passes(seconds(60));
    assert_eq!(asks_anew(&house, phone, "10.5.1.1").await, 303);
}

#[actix_web::test]
async fn when_hardly_any_code_is_typed_in_no_more_are_sent_for_an_hour() {
    let house = House::open().await;
    house.writes_tally("sms:sent", 199).await;
    assert_eq!(asks_anew(&house, "+79166660000", "10.6.0.1").await, 303);
    assert_eq!(asks_anew(&house, "+79166660001", "10.6.0.2").await, 422);
    house.passes(hours(1));
    assert_eq!(asks_anew(&house, "+79166660001", "10.6.0.2").await, 303);
}

#[actix_web::test]
async fn when_one_in_five_is_typed_in_all_is_well() {
    let house = House::open().await;
    house.writes_tally("sms:sent", 200).await;
    house.writes_tally("sms:confirmed", 40).await;
    assert_eq!(asks_anew(&house, "+79166660002", "10.6.0.3").await, 303);
    assert_eq!(asks_anew(&house, "+79166660003", "10.6.0.4").await, 422, "40 of 201");
}

impl House {
    /// As if that had happened so many times just now.
    async fn writes_tally(&self, name: &'static str, times: i64) {
        let now = self.now();
        let hour = Limit { most: i64::MAX, within: hours(1) };
        self.writes(move |db| (0..times).try_for_each(|_| limits::spend(db, name, hour, now).map(|_spent| ()))).await;
    }
}
