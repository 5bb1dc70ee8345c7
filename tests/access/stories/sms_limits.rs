//! How many messages may be asked for: by one phone, one IP address, one block of them, everybody together.

use std::time::Duration;

use kabinet::base::{days, hours, minutes, seconds};
use kabinet::db::Tx;
use kabinet::limits::RateLimit;
use kabinet::one_time_code::sms_limits::{CONFIRMED, SENT};

use crate::house::{House, PASSWORD, Visitor};

/// A browser that has no attempt yet asks for a code for this phone.
async fn asks_anew(house: &House, phone: &str, ip: &str) -> u16 {
    let stranger = house.visitor("Stranger").calling(phone).from(ip);
    let answer = stranger.gives_phone().await;
    if answer.status == 429 {
        assert!(
            answer.header("retry-after").is_some() && answer.page().is_invalid("phone"),
            "{}",
            answer.page().text()
        );
    }
    answer.status
}

async fn is_told_to_wait(anna: &Visitor<'_>, wait: u64) {
    let refused = anna.wants_another_message().await.is(429);
    assert_eq!(refused.header("retry-after"), Some(wait.to_string().as_str()));
    let text = refused.page().text();
    let times: Vec<&str> =
        text.split_whitespace().filter(|word| word.len() == 5 && word.as_bytes()[2] == b':').collect();
    assert!(
        times.len() >= 2 && times.iter().all(|time| *time == times[0]),
        "one page names different times: {text}"
    );
}

#[actix_web::test]
async fn between_messages_there_are_60_seconds_then_twice_as_many_each_time() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    for (message, wait) in [60, 120, 240, 480].into_iter().enumerate() {
        is_told_to_wait(&anna, wait).await;
        let page = anna.opens("/registration/no-code").await;
        assert!(page.form_to("/registration/messages").is_none(), "the button waits too");
        house.passes(seconds(wait - 1));
        anna.wants_another_message().await.is(429);
        house.passes(seconds(1));
        anna.submits_on("/registration/no-code", "/registration/messages", &[])
            .await
            .goes_to("/registration/code");
        assert_eq!(house.letters_to(&anna.phone).await.len(), message + 2);
    }
}

#[actix_web::test]
async fn one_phone_gets_five_messages_a_day_whoever_asks() {
    let house = House::open().await;
    let phone = "+79161110000";
    for ip in 0..5 {
        assert_eq!(asks_anew(&house, phone, &format!("10.1.{ip}.1")).await, 303);
        house.passes(minutes(15));
    }
    assert_eq!(asks_anew(&house, phone, "10.1.9.1").await, 429);
    house.passes(hours(22));
    assert_eq!(asks_anew(&house, phone, "10.1.9.1").await, 429);
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
    assert_eq!(asks_anew(&house, "+79162220100", "10.2.0.1").await, 429);
    assert_eq!(asks_anew(&house, "+79162220100", "10.2.0.2").await, 303);
    house.passes(hours(24));
    assert_eq!(asks_anew(&house, "+79162220101", "10.2.0.1").await, 303);
    assert_eq!(house.delivers().await, 11 + 1);
}

#[actix_web::test]
async fn one_ip_block_may_ask_for_thirty_a_day() {
    let house = House::open().await;
    for phone in 0..30 {
        assert_eq!(
            asks_anew(&house, &format!("+791633300{phone:02}"), &format!("10.3.0.{phone}")).await,
            303
        );
    }
    assert_eq!(asks_anew(&house, "+79163330100", "10.3.0.200").await, 429);
    assert_eq!(asks_anew(&house, "+79163330100", "10.3.1.1").await, 303);
}

#[actix_web::test]
async fn an_ipv6_customer_is_counted_as_one_whatever_address_they_take() {
    let house = House::open().await;
    for phone in 0..10 {
        assert_eq!(
            asks_anew(&house, &format!("+7916444000{phone}"), &format!("[2001:db8:1:2::{phone}]")).await,
            303
        );
    }
    assert_eq!(asks_anew(&house, "+79164440100", "[2001:db8:1:2:ffff::1]").await, 429);
    assert_eq!(asks_anew(&house, "+79164440100", "[2001:db8:1:3::1]").await, 303);
}

#[actix_web::test]
async fn a_message_that_is_not_sent_costs_nobody_anything() {
    let house = House::open().await;
    let phone = "+79165550000";
    assert_eq!(asks_anew(&house, phone, "10.5.0.1").await, 303);
    for _ in 0..20 {
        assert_eq!(asks_anew(&house, phone, "10.5.0.1").await, 429);
    }
    for other in 0..9 {
        assert_eq!(asks_anew(&house, &format!("+7916555100{other}"), "10.5.0.1").await, 303);
    }
    house.passes(seconds(60));
    assert_eq!(asks_anew(&house, phone, "10.5.1.1").await, 303);
}

#[actix_web::test]
async fn when_hardly_any_code_of_an_hour_is_typed_in_none_are_sent_in_the_next() {
    let house = House::open().await;
    house.begins_an_hour();
    house.counts_in_this_hour(SENT, 200).await;
    house.counts_in_this_hour(CONFIRMED, 39).await;
    assert_eq!(
        asks_anew(&house, "+79166660000", "10.6.0.1").await,
        303,
        "their owners may still be reading them"
    );
    house.passes(hours(1));
    assert_eq!(asks_anew(&house, "+79166660001", "10.6.0.2").await, 429);
    house.passes(minutes(59));
    assert_eq!(asks_anew(&house, "+79166660001", "10.6.0.2").await, 429);
    house.passes(minutes(1));
    assert_eq!(asks_anew(&house, "+79166660001", "10.6.0.2").await, 303);
}

#[actix_web::test]
async fn when_one_in_five_is_typed_in_in_the_end_all_is_well() {
    let house = House::open().await;
    house.begins_an_hour();
    house.counts_in_this_hour(SENT, 200).await;
    house.counts_in_this_hour(CONFIRMED, 39).await;
    house.passes(hours(1));
    assert_eq!(asks_anew(&house, "+79166660002", "10.6.0.3").await, 429);
    house.counts_in_this_hour(CONFIRMED, 1).await;
    assert_eq!(asks_anew(&house, "+79166660002", "10.6.0.3").await, 303);
}

impl House {
    fn begins_an_hour(&self) {
        let micros = u64::try_from(self.now().micros() % 3_600_000_000).unwrap();
        self.passes(hours(1) - Duration::from_micros(micros));
    }

    /// As if that had happened so many times just now.
    async fn counts_in_this_hour(&self, tally: RateLimit, times: i64) {
        let hour = (self.now().micros() / 3_600_000_000).to_string();
        let spend = move |tx: &mut Tx| (0..times).try_for_each(|_| tx.spend(&tally, &hour).map(|_spent| ()));
        self.state().txs.write(spend).await.unwrap();
    }
}

/// Whoever has the password could have a phone rung without end, at the operator's expense.
#[actix_web::test]
async fn what_tells_an_owner_of_something_counts_like_a_code() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    for _ in 0..14 {
        house.visitor("Anna").signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    }
    let codes = 1;
    assert_eq!(house.letters_to(&anna.phone).await.len(), codes + 10, "ten a day to one phone");
    house.passes(days(1));
    house.visitor("Anna").signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    assert_eq!(house.letters_to(&anna.phone).await.len(), codes + 11);
}

#[actix_web::test]
async fn one_network_is_a_tenth_of_what_stops_everybody() {
    let house = House::open().await;
    house.begins_an_hour();
    for asked in 0..25 {
        let (phone, ip) = (format!("+791666601{asked:02}"), format!("10.7.{asked}.1"));
        assert_eq!(asks_anew(&house, &phone, &ip).await, 303);
    }
    let hour = (house.now().micros() / 3_600_000_000).to_string();
    let counted = house.state().txs.read(move |tx| tx.spent(&SENT, &hour)).await.unwrap();
    assert_eq!(counted.0, 20);
}
