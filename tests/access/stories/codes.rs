//! Codes by SMS: how long they live, and how often one may guess.

use diesel::prelude::*;
use futures_util::future::join_all;
use kabinet::access::registration::CODE;
use kabinet::base::{hours, minutes, seconds};
use kabinet::db::schema::registrations;
use kabinet::one_time_code::CodeId;

use crate::house::{House, another_code};
use crate::support::html::Page;
use crate::support::http::encoded;

#[actix_web::test]
async fn a_code_dies_after_five_minutes_and_a_new_one_comes() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let first = anna.receives_code().await;
    house.passes(minutes(5));
    let late = anna.gives_code(&first).await.is(422).page();
    assert!(late.says("Код уже не действует"), "{}", late.text());
    anna.wants_another_message().await.goes_to("/registration/code");
    assert_eq!(house.letters_to(&anna.phone).await.len(), 2);
    let second = anna.receives_code().await;
    if second != first {
        anna.gives_code(&first).await.is(422);
    }
    anna.gives_code(&second).await.goes_to("/registration/privacy");
}

#[actix_web::test]
async fn until_then_it_works_and_every_message_brings_the_same_one() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let first = anna.receives_code().await;
    house.passes(seconds(60));
    anna.wants_another_message().await.goes_to("/registration/code");
    assert_eq!(anna.receives_code().await, first);
    house.passes(minutes(4) - seconds(2));
    anna.gives_code(&first).await.goes_to("/registration/privacy");
}

#[actix_web::test]
async fn there_are_three_tries_and_the_fourth_is_of_no_use() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let code = anna.receives_code().await;
    let opened_before = anna.opens("/registration/code").await;
    assert!(anna.gives_code(&another_code(&code)).await.is(422).page().says("Осталось 2 попытки"));
    assert!(anna.gives_code(&another_code(&code)).await.is(422).page().says("Осталась 1 попытка"));
    assert!(anna.gives_code(&another_code(&code)).await.is(422).page().says("Попытки закончились"));
    let page = anna.opens("/registration/code").await;
    assert!(page.form_to("/registration/code").is_none(), "there is nothing left to type in");
    // A tab that was opened before still has the form.
    anna.sends(&opened_before, "/registration/code", &[("code", &code)]).await.is(422);
    house.passes(seconds(60));
    anna.wants_another_message().await.goes_to("/registration/code");
    let code = anna.receives_code().await;
    anna.gives_code(&code).await.goes_to("/registration/privacy");
}

#[actix_web::test]
async fn of_64_guesses_at_once_three_are_judged() {
    let house = House::open().await;
    let eve = house.visitor("Eve");
    eve.registers_up_to_the_code().await;
    let code = eve.receives_code().await;
    let page = eve.opens("/registration/code").await;
    let wrong: Vec<String> = (0..64).map(|_| another_code(&code)).collect();
    let fields: Vec<_> = wrong.iter().map(|wrong| [("code", wrong.as_str())]).collect();
    let guesses = fields.iter().map(|wrong| eve.sends(&page, "/registration/code", wrong));
    let answers: Vec<Page> =
        join_all(guesses).await.into_iter().map(|answer| answer.is(422).page()).collect();
    let saying = |words: &str| answers.iter().filter(|page| page.says(words)).count();
    assert_eq!(
        (saying("Осталось 2 попытки"), saying("Осталась 1 попытка"), saying("Попытки закончились")),
        (1, 1, 62)
    );
    eve.sends(&page, "/registration/code", &[("code", &code)]).await.is(422);
    let spent = "code_id IN (SELECT id FROM one_time_codes WHERE tries_left = 0)";
    assert_eq!(house.count(&format!("registrations WHERE status = 'code' AND {spent}")), 1);
}

#[actix_web::test]
async fn the_right_code_sent_64_times_at_once_is_one_step() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_up_to_the_code().await;
    let code = anna.receives_code().await;
    let page = anna.opens("/registration/code").await;
    let right = [("code", code.as_str())];
    let clicks = (0..64).map(|_| anna.sends(&page, "/registration/code", &right));
    for answer in join_all(clicks).await {
        answer.goes_to("/registration/privacy");
    }
    assert_eq!(house.count("registrations WHERE status = 'privacy'"), 1);
}

#[actix_web::test]
async fn an_attempt_ends_after_an_hour_and_its_page_says_so() {
    let house = House::open().await;
    let at_each_step = [house.visitor("Anna"), house.visitor("Boris"), house.visitor("Vera")];
    let [anna, boris, vera] = &at_each_step;
    anna.registers_up_to_the_code().await;
    boris.registers_up_to_the_consent().await;
    vera.registers_up_to_the_password().await;
    house.passes(minutes(59));
    anna.gets("/registration/code").await.is(200);
    boris.gets("/registration/privacy").await.is(200);
    let form = vera.opens("/registration/password").await;
    house.passes(minutes(1));
    anna.copy().gets("/registration/code").await.is(410);
    anna.copy().gets("/registration/no-code").await.is(410);
    boris.copy().gets("/registration/privacy").await.is(410);
    vera.sends(&form, "/registration/password", &[("password", "x"), ("again", "x")]).await.is(410);
    assert_eq!(house.count("accounts"), 0);
    let page = anna.gets("/registration/code").await.is(410).page();
    assert_eq!(page.headings(), ["Время регистрации вышло"]);
    assert_eq!(page.link("Начать заново").map(|link| link.href), Some("/registration".to_owned()));
    anna.gives_phone().await.goes_to("/registration/code");
}

#[actix_web::test]
async fn a_phone_that_has_an_account_looks_like_any_other_and_its_owner_is_told() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(hours(24));
    let eve = house.visitor("Eve").calling(&anna.phone);
    let mallory = house.visitor("Mallory");
    let answers = [eve.gives_phone().await, mallory.gives_phone().await];
    assert_eq!(same_but_secrets(&answers[0].headers), same_but_secrets(&answers[1].headers));
    assert_eq!(
        without_digits(&eve.opens("/registration/code").await),
        without_digits(&mallory.opens("/registration/code").await)
    );
    let told = house.letter_to(&anna.phone).await;
    assert!(
        told.text.contains("уже есть аккаунт") && told.text.ends_with("http://127.0.0.1:8080/sign-in"),
        "{}",
        told.text
    );
    // The code that the row would have: whoever guessed it gets no further.
    let code = house
        .reads(|db| {
            let ids = registrations::table.order(registrations::id.desc()).offset(1);
            let id: CodeId = ids.select(registrations::code_id).first(db)?;
            CODE.find(db, id)
        })
        .await
        .unwrap();
    let code = CODE.text(&house.keys, &code, &anna.phone);
    let refused = eve.gives_code(&code).await.is(422).page();
    assert!(refused.says("Код не подошёл. Осталось 2 попытки."), "{}", refused.text());
    eve.gets("/registration/privacy").await.goes_to("/registration/code");
    assert_eq!(house.count("accounts"), 1);
}

/// The phone's last digits and the time of day differ.
fn without_digits(page: &Page) -> String {
    page.text().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// Headers without what is drawn anew for each answer.
fn same_but_secrets(headers: &[(String, String)]) -> Vec<(String, String)> {
    let drawn = |name: &str, value: &str| match name {
        "set-cookie" => value.split_once('=').map_or("", |(name, _)| name).to_owned(),
        _ => value.to_owned(),
    };
    headers.iter().map(|(name, value)| (name.clone(), drawn(name, value))).collect()
}

#[actix_web::test]
async fn a_code_belongs_to_the_attempt_that_it_was_sent_for() {
    let house = House::open().await;
    let (anna, eve) = (house.visitor("Anna"), house.visitor("Eve"));
    anna.registers_up_to_the_code().await;
    eve.registers_up_to_the_code().await;
    let (hers, eves) = (anna.receives_code().await, eve.receives_code().await);
    if hers != eves {
        eve.gives_code(&hers).await.is(422);
    }
    // Nor does it help to post it without an attempt.
    let stranger = house.visitor("Stranger");
    let token = stranger.token().await;
    let body = encoded(&[("csrf", &token), ("code", &hers)]);
    stranger.posts("/registration/code", &body).await.goes_to("/registration");
}
