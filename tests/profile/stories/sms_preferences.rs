//! What an owner wants to be told by SMS.

use diesel::prelude::*;
use kabinet::accounts::account::Account;
use kabinet::accounts::sms_preferences::{SmsTopic, wants};
use kabinet::base::{AccountId, Currency, Money, minutes};
use kabinet::db::schema::accounts;

use crate::house::{House, PASSWORD};
use crate::profile::stories::profile::owner;

const PATH: &str = "/sms-settings";

async fn wanted(house: &House, topic: SmsTopic, roubles: Option<i64>) -> bool {
    let sum = roubles.map(|roubles| Money::new(roubles * 100, Currency::Rub));
    house
        .reads(move |db| {
            let id: AccountId = accounts::table.order(accounts::id).select(accounts::id).first(db)?;
            let account = Account::find(db, id)?.unwrap();
            wants(db, &account, topic, sum)
        })
        .await
}

#[actix_web::test]
async fn confirming_an_address_leaves_sms_as_they_were() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    assert!(anna.opens(PATH).await.says("SMS включены"));
    assert!(wanted(&house, SmsTopic::Purchases, Some(1)).await);
    anna.confirms_address("anna@example.org").await;
    let page = anna.opens(PATH).await;
    assert!(page.says("SMS включены") && page.says("При выключенных SMS остаются письма и журнал"));
    assert!(page.says("161-ФЗ"));
    for topic in SmsTopic::ALL {
        assert!(wanted(&house, *topic, Some(1)).await, "{topic:?}");
    }
    let texts = house.letters_to(&anna.phone).await.len();
    let change =
        [("current", PASSWORD), ("password", "лодка 7 корица смычок"), ("again", "лодка 7 корица смычок")];
    anna.submits("/profile/password", &change).await.goes_to("/profile/password/changed");
    assert_eq!(house.letters_to(&anna.phone).await.len(), texts + 1);
    assert_eq!(house.letter_to("anna@example.org").await.subject, "Пароль изменён");
}

#[actix_web::test]
async fn whoever_turned_sms_off_keeps_them_off_with_an_address_and_with_another() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.submits(PATH, &[("on", "")]).await.goes_to(PATH);
    for address in ["anna@example.org", "anna@example.net"] {
        anna.confirms_address(address).await;
        assert!(anna.opens(PATH).await.says("выключены"), "{address}");
        assert!(!wanted(&house, SmsTopic::Purchases, Some(1)).await, "{address}");
        assert!(!wanted(&house, SmsTopic::Security, None).await, "{address}");
    }
}

#[actix_web::test]
async fn kinds_and_a_least_sum_are_chosen_and_told_of() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", "anna@example.org").await;
    let chosen = [
        ("on", "yes"),
        ("refunds", ""),
        ("disputes", ""),
        ("cards", ""),
        ("security", ""),
        ("least", "1 500,50"),
    ];
    anna.submits(PATH, &chosen).await.goes_to(PATH);
    let page = anna.opens(PATH).await;
    assert!(page.says("SMS включены"));
    assert_eq!(page.value("least").as_deref(), Some("1500,50"));
    assert_eq!((page.value("purchases").as_deref(), page.value("refunds")), (Some("yes"), None));
    assert!(wanted(&house, SmsTopic::Purchases, Some(1_501)).await);
    assert!(!wanted(&house, SmsTopic::Purchases, Some(1_500)).await);
    assert!(!wanted(&house, SmsTopic::Refunds, Some(9_999)).await);
    assert_eq!(house.letter_to("anna@example.org").await.subject, "Настройки SMS изменены");
    assert_eq!(house.count("activity WHERE kind = 'sms-on'"), 1);
    // Saved once more as they are: nothing happens.
    anna.submits(PATH, &[]).await.goes_to(PATH);
    assert_eq!(house.count("activity WHERE kind LIKE 'sms-%'"), 1);
}

#[actix_web::test]
async fn whoever_turns_security_sms_off_is_told_so_by_sms_too() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", "anna@example.org").await;
    anna.submits(PATH, &[("on", "yes")]).await.goes_to(PATH);
    let before = house.letters_to(&anna.phone).await.len();
    anna.submits(PATH, &[("security", "")]).await.goes_to(PATH);
    assert_eq!(house.letters_to(&anna.phone).await.len(), before + 1);
    anna.submits(PATH, &[("on", "")]).await.goes_to(PATH);
    assert_eq!(house.letters_to(&anna.phone).await.len(), before + 1);
}

#[actix_web::test]
async fn without_mail_sms_about_security_cannot_be_turned_off() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let page = anna.opens(PATH).await;
    assert!(
        page.says("SMS о безопасности приходят всегда")
            && !page.form_to(PATH).unwrap().names.contains(&"security".to_owned())
    );
    anna.submits(PATH, &[("on", ""), ("security", "")]).await.goes_to(PATH);
    assert!(wanted(&house, SmsTopic::Security, None).await);
    assert!(!wanted(&house, SmsTopic::Purchases, Some(9_999)).await);
    let before = house.letters_to(&anna.phone).await.len();
    anna.submits(
        "/profile/password",
        &[("current", PASSWORD), ("password", "лодка 7 корица смычок"), ("again", "лодка 7 корица смычок")],
    )
    .await
    .goes_to("/profile/password/changed");
    assert_eq!(house.letters_to(&anna.phone).await.len(), before + 1);
}

#[actix_web::test]
async fn hostile_settings_are_refused_and_kept_as_they_were_typed() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", "anna@example.org").await;
    for least in [
        "-1",
        "1e3",
        "1.500",
        "1,500.00",
        "NaN",
        "0x10",
        "9223372036854775808",
        "100000001",
        "1$",
        "'; DROP TABLE",
        "\u{202e}1",
    ] {
        let page = anna.submits(PATH, &[("on", "yes"), ("least", least)]).await.is(422).page();
        assert!(page.is_invalid("least"), "{least}");
        assert_eq!(page.value("on").as_deref(), Some("yes"));
    }
    let none = [
        ("on", "yes"),
        ("purchases", ""),
        ("refunds", ""),
        ("disputes", ""),
        ("cards", ""),
        ("security", ""),
    ];
    assert!(anna.submits(PATH, &none).await.is(422).page().is_invalid("purchases"));
    // Values that no box has are no ticks.
    anna.submits(PATH, &[("on", "maybe"), ("purchases", "1"), ("is_on", "true"), ("account_id", "1")])
        .await
        .goes_to(PATH);
    assert!(!wanted(&house, SmsTopic::Purchases, None).await);
    house.passes(minutes(6));
    anna.submits(PATH, &[("on", "yes")]).await.is(422);
    anna.submits(PATH, &[("on", "yes"), ("password", "wrong-password")]).await.is(422);
    anna.submits(PATH, &[("on", "yes"), ("purchases", "yes"), ("password", PASSWORD)]).await.goes_to(PATH);
    assert!(wanted(&house, SmsTopic::Purchases, None).await);
}

#[actix_web::test]
async fn without_a_phone_there_is_nothing_to_set() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", "anna@example.org").await;
    anna.submits("/profile/phone/removal", &[]).await.goes_to("/profile");
    let page = anna.opens(PATH).await;
    assert!(
        page.form_to(PATH).is_none() && page.says("сначала добавьте и подтвердите телефон"),
        "{}",
        page.text()
    );
    anna.posts_with_token(PATH, &[("on", "yes"), ("purchases", "yes")]).await.is(422);
    assert_eq!(house.count("sms_preferences"), 0);
    assert!(!wanted(&house, SmsTopic::Security, None).await);
}
