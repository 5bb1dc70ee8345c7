//! Another phone for an account.

use futures_util::future::join_all;
use kabinet::base::{hours, minutes, seconds};

use crate::house::{House, PASSWORD, Visitor, another_code, code_in, each_sends};
use crate::profile::stories::profile::owner;
use crate::support::http::Answer;

const NEW: &str = "+79265550101";
const ASK: &str = "/profile/phone";
const CODE: &str = "/profile/phone/code";

async fn asks(anna: &Visitor<'_>, phone: &str) -> Answer {
    anna.submits(ASK, &[("country", "RU"), ("phone", phone), ("password", PASSWORD)]).await
}

#[actix_web::test]
async fn a_phone_is_replaced_by_its_code_and_the_old_one_is_told() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", "anna@example.org").await;
    asks(&anna, NEW).await.goes_to(CODE);
    assert!(
        anna.opens(CODE).await.says("+7 926 555-01-01"),
        "a slip of the finger must show: {}",
        anna.opens(CODE).await.text()
    );
    house.visitor("Anna").signs_in(NEW, PASSWORD).await.is(422);
    let code = code_in(&house.letter_to(NEW).await, 4);
    anna.submits(CODE, &[("code", &code)]).await.goes_to("/profile/phone/changed");
    let (mail, sms) = (house.letter_to("anna@example.org").await, house.letter_to(&anna.phone).await);
    assert_eq!(mail.subject, "Телефон изменён");
    assert!(sms.text.contains("новый телефон +7 ••• •••-01-01"), "{}", sms.text);
    assert!(!sms.text.contains(NEW), "{}", sms.text);
    house.visitor("Anna").signs_in(NEW, PASSWORD).await.goes_to("/cabinet");
    house.visitor("Anna").signs_in(&anna.phone, PASSWORD).await.is(422);
    assert_eq!(house.count("phone_changes"), 0);
    assert_eq!(house.count("activity WHERE kind = 'phone-changed'"), 1);
    // The code has done its work, and the old phone is free.
    anna.posts_with_token(CODE, &[("code", &code)]).await.goes_to(ASK);
    assert_eq!(house.count(&format!("accounts WHERE phone = '{}'", anna.phone)), 0);
}

#[actix_web::test]
async fn the_password_is_asked_for_after_five_minutes() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(5) + seconds(1));
    for password in ["", "wrong-password"] {
        let page = anna
            .submits(ASK, &[("country", "RU"), ("phone", NEW), ("password", password)])
            .await
            .is(422)
            .page();
        assert!(page.is_invalid("password"), "{}", page.text());
        assert_eq!(page.value("phone").as_deref(), Some(NEW), "kept as it was typed");
    }
    assert!(house.letters_to(NEW).await.is_empty());
}

#[actix_web::test]
async fn somebody_else_s_phone_is_never_taken_and_its_owner_is_told() {
    let house = House::open().await;
    let (anna, boris, eve) = (house.visitor("Anna"), house.visitor("Boris"), house.visitor("Eve"));
    for person in [&anna, &boris, &eve] {
        person.registers().await;
    }
    house.passes(minutes(4));
    let before = house.letters_to(&anna.phone).await.len();
    let (taken, free) = (asks(&eve, &anna.phone).await, asks(&boris, NEW).await);
    assert_eq!((taken.status, taken.location()), (free.status, free.location()));
    // The same page, whosever the phone is.
    let bare = |text: String| text.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(bare(eve.opens(CODE).await.text()), bare(boris.opens(CODE).await.text()));
    let told = house.letters_to(&anna.phone).await;
    assert_eq!(told.len(), before + 1);
    assert!(told[before].text.contains("ваш номер указали в другом аккаунте"), "{}", told[before].text);
    assert!(anna.opens("/messages").await.says("Этот номер пытались добавить в другой аккаунт"));
    assert!(
        !eve.opens("/messages").await.says("в другой аккаунт"),
        "whoever tried learns nothing from the list"
    );
    // No code is right, whatever it is: three tries, then none.
    for code in ["0000", "0001", "0002", "0003"] {
        let hers = eve.posts_with_token(CODE, &[("code", code)]).await.is(422).page();
        let wrong = another(&house, code).await;
        let his = boris.posts_with_token(CODE, &[("code", &wrong)]).await.is(422).page();
        assert_eq!(bare(hers.text()), bare(his.text()), "{code}");
    }
    assert_eq!(house.count(&format!("accounts WHERE phone = '{}'", anna.phone)), 1);
    assert_eq!(house.count("accounts WHERE phone IS NOT NULL"), 3);
}

/// A wrong code for the new phone, like `code` otherwise.
async fn another(house: &House, code: &str) -> String {
    let right = code_in(&house.letter_to(NEW).await, 4);
    if right == code { another_code(code) } else { code.to_owned() }
}

#[actix_web::test]
async fn even_the_right_code_takes_no_phone_that_was_registered_meanwhile() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), house.visitor("Boris").calling(NEW));
    anna.registers().await;
    asks(&anna, NEW).await.goes_to(CODE);
    let code = code_in(&house.letter_to(NEW).await, 4);
    house.passes(minutes(2));
    boris.registers().await;
    anna.submits(CODE, &[("code", &code)]).await.is(422);
    assert_eq!(house.count(&format!("accounts WHERE phone = '{NEW}'")), 1);
    boris.in_another_browser().signs_in(NEW, PASSWORD).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn a_code_has_three_tries_and_five_minutes_and_belongs_to_its_account() {
    let house = House::open().await;
    let (anna, eve) = (house.visitor("Anna"), house.visitor("Eve"));
    anna.registers().await;
    eve.registers().await;
    asks(&anna, NEW).await.goes_to(CODE);
    let code = code_in(&house.letter_to(NEW).await, 4);
    eve.posts_with_token(CODE, &[("code", &code)]).await.goes_to(ASK);
    for says in ["Осталось 2 попытки", "Осталась 1 попытка", "Попытки закончились"]
    {
        let page = anna.submits(CODE, &[("code", &another_code(&code))]).await.is(422).page();
        assert!(page.says(says), "{}", page.text());
    }
    anna.posts_with_token(CODE, &[("code", &code)]).await.is(422);
    assert!(anna.opens(CODE).await.form_to(CODE).is_none());
    house.passes(seconds(61));
    anna.submits_on(CODE, "/profile/phone/messages", &[]).await.goes_to(CODE);
    let fresh = code_in(&house.letter_to(NEW).await, 4);
    house.passes(minutes(5));
    let late = anna.posts_with_token(CODE, &[("code", &fresh)]).await.is(422).page();
    assert!(late.says("Код уже не действует"), "{}", late.text());
    for code in ["12a4", "12345", "", "１２３４"] {
        anna.posts_with_token(CODE, &[("code", code)]).await.is(422);
    }
    assert_eq!(house.count(&format!("accounts WHERE phone = '{NEW}'")), 0);
}

#[actix_web::test]
async fn of_64_guesses_at_once_three_are_judged_and_of_64_right_ones_one_changes() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", "anna@example.org").await;
    asks(&anna, NEW).await.goes_to(CODE);
    let code = code_in(&house.letter_to(NEW).await, 4);
    let page = anna.opens(CODE).await;
    let wrong: Vec<String> = (0..64).map(|_| another_code(&code)).collect();
    let fields: Vec<_> = wrong.iter().map(|wrong| [("code", wrong.as_str())]).collect();
    let answers = join_all(fields.iter().map(|wrong| anna.sends(&page, CODE, wrong))).await;
    let saying = |words: &str| answers.iter().filter(|answer| answer.page().says(words)).count();
    assert_eq!(
        (saying("Осталось 2 попытки"), saying("Осталась 1 попытка"), saying("Попытки закончились")),
        (1, 1, 62)
    );
    anna.sends(&page, CODE, &[("code", &code)]).await.is(422);

    house.passes(minutes(2));
    anna.submits_on(CODE, "/profile/phone/messages", &[]).await.goes_to(CODE);
    let code = code_in(&house.letter_to(NEW).await, 4);
    let right = [("code", code.as_str())];
    let hands: Vec<_> = (0..64).map(|_| anna.copy()).collect();
    let answers = each_sends(&hands, CODE, CODE, &right).await;
    assert_eq!(answers.iter().filter(|answer| answer.location() == "/profile/phone/changed").count(), 1);
    assert_eq!(house.count("activity WHERE kind = 'phone-changed'"), 1);
    assert_eq!(house.count("outbox WHERE kind = 'phone-changed'"), 2, "a mail, and an SMS to the old phone");
}

#[actix_web::test]
async fn messages_are_as_few_as_at_a_registration_and_ten_a_day_for_an_account() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    asks(&anna, NEW).await.goes_to(CODE);
    asks(&anna, NEW).await.goes_to(CODE);
    assert!(anna.opens(CODE).await.says("Следующее можно запросить после"));
    assert_eq!(house.letters_to(NEW).await.len(), 1);
    anna.posts_with_token("/profile/phone/messages", &[]).await.is(429);
    // Other phones, from everywhere: the account itself has had enough after ten.
    for number in 1..10 {
        let elsewhere = anna.copy().from(&format!("10.77.{number}.1"));
        asks(&elsewhere, &format!("+7926555020{number}")).await.goes_to(CODE);
    }
    let elsewhere = anna.copy().from("10.78.0.1");
    asks(&elsewhere, "+79265550300").await.is(429);
    house.passes(hours(24));
    elsewhere.signs_in_again().await;
    asks(&elsewhere, "+79265550300").await.goes_to(CODE);
    let own = anna.phone.clone();
    assert!(asks(&elsewhere, &own).await.is(422).page().says("Этот номер уже подтверждён"));
}
