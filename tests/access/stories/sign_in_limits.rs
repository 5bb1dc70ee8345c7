//! Wrong passwords: how long strangers wait, why the owner does not, and what nobody learns.

use std::time::Duration;

use kabinet::base::{minutes, seconds};

use crate::house::{House, PASSWORD, Visitor, link_in};
use crate::support::http::Answer;

const WRONG: &str = "wrong-password";

/// A stranger from an address that nobody has seen guesses once.
async fn guesses(house: &House, login: &str) -> Answer {
    house.visitor("Eve").signs_in(login, WRONG).await
}

fn waits(answer: &Answer) -> Duration {
    assert_eq!(answer.status, 429, "{}", answer.page().text());
    seconds(answer.header("retry-after").unwrap().parse().unwrap())
}

#[actix_web::test]
async fn strangers_have_five_tries_then_wait_twice_as_long_each_time() {
    let house = House::open().await;
    let number = house.visitor("Anna").registers().await;
    for _ in 0..5 {
        guesses(&house, &number).await.is(422);
    }
    for wait in [30, 60, 120, 240, 480, 900, 900] {
        let refused = guesses(&house, &number).await;
        assert_eq!(waits(&refused).as_secs(), wait);
        let minutes = wait.div_ceil(60);
        let says_when = if wait < 900 {
            format!("Подождите {minutes} минут")
        } else {
            "войти можно только там, где вы уже входили".to_owned()
        };
        assert!(refused.page().says(&says_when), "{}", refused.page().text());
        assert_eq!(refused.page().value("login").as_deref(), Some(number.as_str()), "what was typed stays");
        house.passes(seconds(wait - 1));
        guesses(&house, &number).await.is(429);
        house.passes(seconds(1));
        guesses(&house, &number).await.is(422);
    }
}

#[actix_web::test]
async fn the_owner_s_own_device_gets_in_at_once_after_200_failures_elsewhere() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    anna.signs_out().await.goes_to("/");
    for _ in 0..100 {
        guesses(&house, &number).await.is(422);
        house.passes(minutes(15));
    }
    for _ in 0..100 {
        guesses(&house, &number).await.is(429);
    }
    let shut = guesses(&house, &number).await;
    assert!(waits(&shut) > minutes(23 * 60), "after a hundred in a row strangers are shut out for a day");
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    // That success was hers: strangers are where they were.
    guesses(&house, &number).await.is(429);
}

#[actix_web::test]
async fn a_known_device_has_ten_tries_of_its_own() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    anna.signs_out().await.goes_to("/");
    for place in 0..10 {
        let wrong = format!("{WRONG}-{place}");
        anna.copy().from(&format!("10.200.{place}.1")).signs_in(&number, &wrong).await.is(422);
    }
    let refused = anna.copy().from("10.200.99.1").signs_in(&number, PASSWORD).await;
    assert!(waits(&refused) <= minutes(15));
    // The account itself is not shut: another device is a stranger with tries of its own.
    anna.in_another_browser().signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    house.passes(minutes(15));
    anna.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn a_right_password_costs_the_next_stranger_nothing() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    for _ in 0..4 {
        guesses(&house, &number).await.is(422);
    }
    anna.in_another_browser().signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    anna.in_another_browser().signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    // Four failures and two successes: the fifth failure is looked at, the sixth waits.
    guesses(&house, &number).await.is(422);
    guesses(&house, &number).await.is(429);
}

#[actix_web::test]
async fn one_address_fails_ten_times_a_minute_and_tries_thirty_times() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    let eve = house.visitor("Eve");
    for login in 0..10 {
        eve.signs_in(&format!("nobody{login}@example.org"), WRONG).await.is(422);
    }
    let refused = eve.signs_in("another@example.org", WRONG).await;
    assert!(
        waits(&refused) <= minutes(1) && refused.page().says("Подождите 1 минуту"),
        "{}",
        refused.page().text()
    );
    assert_eq!(eve.copy().from("10.201.0.1").signs_in("another@example.org", WRONG).await.status, 422);
    house.passes(minutes(1));
    for _ in 0..30 {
        house.visitor("Anna").from(&eve.ip).signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    }
    assert!(
        waits(&anna.from(&eve.ip).in_another_browser().from(&eve.ip).signs_in(&number, PASSWORD).await)
            <= minutes(1)
    );
}

/// An answer without what was typed and what is drawn anew.
fn bare(answer: &Answer, login: &str) -> (u16, Vec<(String, String)>, String) {
    let page = answer.page();
    let secret = page.value("csrf").unwrap_or_default();
    let body = page.source.replace(&secret, "TOKEN").replace(login, "LOGIN");
    let headers = answer.headers.iter().filter(|(name, _)| name != "content-length" && name != "retry-after");
    // What was typed is kept sealed for another language of the page: its length tells as little as the page does.
    let headers = headers.map(|(name, value)| match value.split_once('=') {
        Some(("flash-dev", _)) => (name.clone(), "flash-dev".to_owned()),
        _ => (name.clone(), value.clone()),
    });
    (answer.status, headers.collect(), body)
}

#[actix_web::test]
async fn known_and_unknown_accounts_are_answered_alike() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers_with("anna@example.org").await;
    anna.confirms_address("anna@example.org").await;
    let known = [number.as_str(), "anna@example.org", &anna.phone];
    let unknown = ["123456789015", "nobody@example.org", "+79169999999"];
    for (known, unknown) in known.into_iter().zip(unknown) {
        // Eight tries: into the pause that both must have.
        for _ in 0..8 {
            let (one, two) = (guesses(&house, known).await, guesses(&house, unknown).await);
            assert_eq!(bare(&one, known), bare(&two, unknown));
        }
        house.passes(minutes(16));
        house.passes(kabinet::base::days(1));
    }
}

/// What takes time in a sign-in is argon2; everything else is lost in it. It runs once, whoever is named.
#[actix_web::test]
async fn known_and_unknown_accounts_cost_the_same_work() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    let hashes = async |person: Visitor<'_>, login: &str, password: &str| {
        let before = house.hashers.done();
        person.signs_in(login, password).await;
        house.hashers.done() - before
    };
    for login in [number.as_str(), "123456789015", "nobody@example.org", "+79169999999", "x", "' OR 1=1"] {
        assert_eq!(hashes(house.visitor("Eve"), login, WRONG).await, 1, "{login}");
        assert_eq!(hashes(house.visitor("Eve"), login, "").await, 0, "{login}: there is nothing to compare");
    }
    assert_eq!(hashes(anna.in_another_browser(), &number, PASSWORD).await, 1);
}

#[actix_web::test]
async fn whoever_waits_longest_is_let_in_by_a_mailed_link_and_the_password() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.registers().await;
    for _ in 0..10 {
        guesses(&house, &number).await.is(422);
        house.passes(minutes(15));
    }
    guesses(&house, &number).await.is(422);
    guesses(&house, &number).await.is(429);
    let far = anna.in_another_browser();
    far.signs_in(&number, PASSWORD).await.is(429);
    let link = link_in(&house.letter_to(&anna.phone).await);
    assert!(link.starts_with("/unlock/"), "{link}");
    for _ in 0..10 {
        assert_eq!(far.opens(&link).await.forms()[0].captions, ["Confirm"], "opening it uses nothing up");
    }
    far.submits(&link, &[]).await.goes_to("/sign-in");
    assert!(!far.is_signed_in().await, "a link signs nobody in");
    far.signs_in(&number, WRONG).await.is(422);
    far.signs_in(&number, PASSWORD).await.goes_to("/cabinet");
    assert!(house.visitor("Eve").opens(&link).await.says("Ссылка больше не действует"), "one browser, once");
    for _ in 0..20 {
        guesses(&house, &number).await.is(429);
    }
    assert_eq!(
        house.letters_to(&anna.phone).await.len(),
        3,
        "the code, her link, and one more that waits for her"
    );
}
