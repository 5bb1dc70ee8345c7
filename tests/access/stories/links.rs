//! The mailed link: opened by anybody and anything, used by one press of its button.

use futures_util::future::join_all;
use kabinet::accounts::mailed_link::LinkState;
use kabinet::base::{Token, hours, minutes, seconds};
use kabinet::profile::email_change::{self, ConfirmOutcome};

use crate::house::{House, code_in, link_in};

const ADDRESS: &str = "anna@example.org";

#[actix_web::test]
async fn opening_a_link_uses_nothing_up_and_pressing_its_button_does() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_with(ADDRESS).await;
    let link = link_in(&house.letter_to(ADDRESS).await);
    let scanner = house.visitor("Scanner");
    for _ in 0..10 {
        assert_eq!(scanner.opens(&link).await.forms()[0].captions, ["Confirm"]);
    }
    assert!(
        anna.opens("/cabinet").await.says("Сейчас пароль восстановить нельзя"),
        "nothing is confirmed yet"
    );
    let answer = scanner.gets(&link).await;
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    // At another browser, signed in to nothing.
    let phone = house.visitor("Anna's phone");
    phone.submits(&link, &[]).await.goes_to(&link);
    assert!(phone.opens(&link).await.says("Адрес подтверждён"));
    assert!(!phone.is_signed_in().await, "a link signs nobody in");
    anna.gets("/email/code").await.goes_to("/email/confirmed");
    phone.signs_in(ADDRESS, crate::house::PASSWORD).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn a_newer_mail_takes_the_place_of_the_older_one() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_with(ADDRESS).await;
    let older = link_in(&house.letter_to(ADDRESS).await);
    let button = anna.opens(&older).await;
    anna.asks_to_confirm(ADDRESS).await;
    let newer = link_in(&house.letter_to(ADDRESS).await);
    assert!(anna.opens(&older).await.says("Есть ссылка новее"));
    anna.sends(&button, &older, &[]).await.goes_to(&older);
    assert_eq!(house.count("accounts WHERE email IS NOT NULL"), 0);
    anna.submits(&newer, &[]).await.goes_to(&newer);
    assert_eq!(house.count("accounts WHERE email IS NOT NULL"), 1);
}

#[actix_web::test]
async fn a_link_and_its_code_die_after_a_day() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_with(ADDRESS).await;
    let letter = house.letter_to(ADDRESS).await;
    let link = link_in(&letter);
    let reader = house.visitor("Reader");
    house.passes(hours(24) - seconds(1));
    let button = reader.opens(&link).await;
    assert_eq!(button.forms().len(), 1);
    house.passes(seconds(1));
    let late = reader.opens(&link).await;
    assert!(late.says("Ссылка устарела") && late.forms().is_empty(), "{}", late.text());
    reader.sends(&button, &link, &[]).await.goes_to(&link);
    assert_eq!(house.count("accounts WHERE email IS NOT NULL"), 0);
    // Her session is over too; the code in the mail is of no use in a new one.
    anna.signs_in(&anna.phone, crate::house::PASSWORD).await.goes_to("/cabinet");
    anna.posts_with_token("/email/code", &[("code", &code_in(&letter, 6))]).await.is(303).goes_to("/email");
}

#[actix_web::test]
async fn of_64_uses_of_a_link_at_once_one_succeeds() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_with(ADDRESS).await;
    let link = link_in(&house.letter_to(ADDRESS).await);
    let page = anna.opens(&link).await;
    for answer in join_all((0..64).map(|_| anna.sends(&page, &link, &[]))).await {
        answer.goes_to(&link);
    }
    assert_eq!(house.count("accounts WHERE email = 'anna@example.org'"), 1);

    anna.asks_to_confirm("new@example.org").await;
    let link = link_in(&house.letter_to("new@example.org").await);
    let token = Token::read(link.rsplit('/').next().unwrap()).unwrap();
    let uses = join_all((0..64).map(|_| {
        let token = token.clone();
        house.transacts(move |tx| email_change::use_link(tx, &token))
    }));
    let outcomes = uses.await;
    let confirmed = outcomes.iter().filter(|outcome| **outcome == Some(ConfirmOutcome::Confirmed)).count();
    let dead =
        outcomes.iter().filter(|outcome| **outcome == Some(ConfirmOutcome::Dead(LinkState::Used))).count();
    assert_eq!((confirmed, dead), (1, 63));
}

#[actix_web::test]
async fn the_link_of_a_mail_is_built_from_the_public_address_whatever_a_request_says() {
    let house = House::open().await;
    // Under another name there is nothing at all.
    house.visitor("Liar").sending("host", "evil.example").gets("/registration").await.is(421);
    let liar = house
        .visitor("Liar")
        .sending("x-forwarded-host", "evil.example")
        .sending("x-forwarded-proto", "https")
        .sending("forwarded", "host=evil.example;proto=https");
    liar.registers_with(ADDRESS).await;
    let letter = house.letter_to(ADDRESS).await;
    assert!(letter.text.contains("\nhttp://127.0.0.1:8080/confirmations/"), "{}", letter.text);
    for text in [&letter.text, &letter.html, &house.letter_to(&liar.phone).await.text] {
        assert!(!text.contains("evil"), "{text}");
    }
    house.passes(minutes(15));
    let again = house.visitor("Liar").calling(&liar.phone).sending("x-forwarded-host", "evil.example");
    again.registers_up_to_the_code().await;
    assert!(house.letter_to(&liar.phone).await.text.ends_with(" http://127.0.0.1:8080/sign-in"));
}

#[actix_web::test]
async fn of_a_blocked_account_nothing_is_changed_by_a_link_that_was_mailed_before() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers_with(ADDRESS).await;
    let link = link_in(&house.letter_to(ADDRESS).await);
    // Elsewhere: the session that belongs to the account ends with the block.
    let reader = house.visitor("Reader");
    let page = reader.opens(&link).await;
    house
        .writes(|db| {
            diesel::RunQueryDsl::execute(diesel::sql_query("UPDATE accounts SET status = 'blocked'"), db)
        })
        .await;
    let late = house.visitor("Thief").opens(&link).await;
    assert!(
        late.form_to(&link).is_none_or(|form| form.action != link),
        "there is no button: {}",
        late.text()
    );
    reader.sends(&page, &link, &[]).await.goes_to(&link);
    assert_eq!(house.count("accounts WHERE email IS NOT NULL"), 0);
}
