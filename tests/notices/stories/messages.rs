//! «Что мы вам отправляли» and «Это письмо от нас?».

use diesel::prelude::*;
use kabinet::accounts::identifiers::phone::Phone;
use kabinet::base::AccountId;
use kabinet::base::{minutes, seconds};
use kabinet::db::schema::outbox;
use kabinet::notices::Channel;
use kabinet::notices::outbox::{Outcome, claim, due, finish};
use kabinet::texts::Locale;

use crate::house::{House, Visitor};
use crate::profile::stories::profile::owner;
use crate::support::html::Page;

/// The numbers of the messages on a page, from the top.
fn numbers(page: &Page) -> Vec<String> {
    let text = page.text();
    let after = text.split("Номер сообщения: ").skip(1);
    after.map(|rest| rest.split_whitespace().next().unwrap().to_owned()).collect()
}

/// As its owner writes it: `+7 916 123-45-67`.
fn spaced(phone: &str) -> String {
    Phone::from_stored(phone).unwrap().spaced()
}

async fn newest(house: &House) -> String {
    house.reads(|db| outbox::table.order(outbox::id.desc()).select(outbox::number).first(db)).await
}

async fn asks(person: &Visitor<'_>, number: &str) -> Page {
    person.submits("/messages/verify", &[("number", number)]).await.is(200).page()
}

#[actix_web::test]
async fn an_owner_sees_everything_that_was_sent_and_how_far_it_came() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    // The code came before there was an account.
    let page = anna.opens("/messages").await;
    assert!(
        page.says("Код для регистрации") && page.says(&format!("SMS на {}", spaced(&anna.phone))),
        "{}",
        page.text()
    );
    assert_eq!(numbers(&page), [newest(&house).await]);
    anna.asks_to_confirm("anna@example.org").await;
    let page = anna.opens("/messages").await;
    assert!(
        page.says("Подтвердите адрес электронной почты") && page.says("письмо на anna@example.org"),
        "{}",
        page.text()
    );
    assert!(page.says("Ждёт отправки"));
    house.delivers().await;
    assert!(anna.opens("/messages").await.says("Отправлено"));

    anna.submits("/email", &[("email", "nobody@example.org")]).await.goes_to("/email/code");
    let now = house.now();
    let refused = Outcome::Failed { class: "refused 550".to_owned() };
    house
        .writes(move |db| {
            let due = due(db, now, Channel::Mail, 10)?;
            let claims = claim(db, now, minutes(1), &due)?;
            finish(db, now, claims[0].id, claims[0].attempt, &refused)
        })
        .await;
    let page = anna.opens("/messages").await;
    assert!(page.says("Не доставлено: почтовый сервер или оператор связи отказался"), "{}", page.text());
    assert!(!page.text().contains("refused"), "in words");
    assert_eq!(numbers(&page)[0], newest(&house).await, "the newest first");
}

#[actix_web::test]
async fn no_code_or_link_stands_in_the_list() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", "anna@example.org").await;
    anna.submits("/profile/phone", &[("country", "RU"), ("phone", "+79265550101")])
        .await
        .goes_to("/profile/phone/code");
    let page = anna.opens("/messages").await.text();
    let mut secrets = Vec::new();
    for address in ["anna@example.org", "+79265550101"] {
        for letter in house.letters_to(address).await {
            let words = letter.text.split_whitespace().map(|word| word.trim_end_matches('.').to_owned());
            let is_code = |word: &str| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_digit());
            let is_link = |word: &str| word.contains("://") && !word.ends_with("/messages/verify");
            secrets.extend(words.filter(|word| is_code(word) || is_link(word)));
        }
    }
    assert!(secrets.len() >= 2, "a link and a code at least: {secrets:?}");
    for secret in secrets {
        assert!(!page.contains(&secret), "{secret}");
    }
    assert!(page.contains("SMS на +7 926 555-01-01"), "{page}");
}

#[actix_web::test]
async fn pages_follow_each_other_without_gaps_while_new_messages_come() {
    let house = House::open().await;
    let (anna, boris) = (house.visitor("Anna"), owner(&house, "Boris", "boris@example.org").await);
    let id: i64 = {
        anna.registers().await;
        house
            .reads(|db| {
                kabinet::db::schema::accounts::table
                    .select(diesel::dsl::max(kabinet::db::schema::accounts::id))
                    .first::<Option<i64>>(db)
            })
            .await
            .unwrap()
    };
    let post = async |count: usize| {
        house
            .transacts(move |tx| {
                let message = kabinet::access::messages::unlock(&kabinet::base::Token::random());
                let (account_id, locale) = (Some(AccountId::from_i64(id)), Locale::Ru);
                (0..count).try_for_each(|_| {
                    let to = kabinet::notices::Recipient::mail("anna@example.org", String::new());
                    tx.queue_message(to, account_id, locale, &message).map(|_number| ())
                })
            })
            .await;
    };
    post(120).await;
    let all: Vec<String> = house
        .reads(move |db| {
            outbox::table
                .filter(outbox::account_id.eq(id))
                .order(outbox::id.desc())
                .select(outbox::number)
                .load(db)
        })
        .await;
    let mut page = anna.opens("/messages").await;
    let mut seen = numbers(&page);
    assert_eq!(seen.len(), 50);
    while let Some(older) = page.link("Более ранние") {
        post(3).await;
        page = anna.opens(&older.href).await;
        assert!(page.link("К самым новым").is_some());
        seen.extend(numbers(&page));
    }
    assert_eq!(seen, all);
    // Somebody else's number, or nonsense, begins at the newest, and shows nothing of theirs.
    let his = numbers(&boris.opens("/messages").await);
    for before in [his[0].as_str(), "00000-00000", "x", "%00", "'", "-1", "9223372036854775808"] {
        let page = anna.opens(&format!("/messages?before={before}")).await;
        assert_eq!(numbers(&page).first(), Some(&newest(&house).await), "{before}");
    }
    anna.opens("/messages?before=a&before=b").await;
}

#[actix_web::test]
async fn nobody_sees_what_somebody_else_was_sent() {
    let house = House::open().await;
    let (anna, boris) =
        (owner(&house, "Anna", "anna@example.org").await, owner(&house, "Boris", "boris@example.org").await);
    let (hers, his) = (numbers(&anna.opens("/messages").await), numbers(&boris.opens("/messages").await));
    assert!(!hers.is_empty() && !his.is_empty() && hers.iter().all(|number| !his.contains(number)));
    for number in &hers {
        let text = boris.opens(&format!("/messages?before={number}")).await.text();
        assert!(
            !text.contains("a•••@")
                && !text.contains("anna@")
                && hers.iter().all(|number| !text.contains(number)),
            "{text}"
        );
    }
    house.visitor("Stranger").gets("/messages").await.asks_to_sign_in();
}

#[actix_web::test]
async fn whoever_holds_a_number_learns_that_it_is_ours_and_never_to_whom_it_went() {
    let house = House::open().await;
    let anna = owner(&house, "Anna", "anna.karenina@example.org").await;
    let letter = house.letter_to("anna.karenina@example.org").await;
    assert!(letter.text.contains("http://127.0.0.1:8080/messages/verify\n"), "{}", letter.text);
    let number = numbers(&anna.opens("/messages").await)[0].clone();
    let stranger = house.visitor("Stranger");
    let bare = number.replace('-', "");
    for typed in [
        number.clone(),
        bare.to_lowercase(),
        format!(" {} {} ", &bare[..4], &bare[4..]),
        bare.replace('0', "O").replace('1', "l"),
    ] {
        let page = asks(&stranger, &typed).await;
        assert!(page.says(&format!("Сообщение {number} отправили мы")), "{typed}: {}", page.text());
        assert!(page.says("Почта добавлена в аккаунт") && page.says("Письмо"), "{}", page.text());
        for secret in
            ["anna", "a•••", "example.org", &anna.phone, &anna.phone[2..], &anna.account_number().await]
        {
            assert!(!page.source.contains(secret), "{secret} in {}", page.source);
        }
    }
    let unknown = asks(&stranger, "00000-00000").await;
    assert!(
        unknown.says("Сообщения 00000-00000 у нас нет") && unknown.says("Не открывайте ссылки"),
        "{}",
        unknown.text()
    );
    // The owner learns here no more than a stranger.
    let (hers, theirs) = (asks(&anna, &number).await, asks(&stranger, &number).await);
    assert_eq!(hers.by_id("main"), theirs.by_id("main"));
}

#[actix_web::test]
async fn what_is_no_number_is_said_so_and_costs_nothing() {
    let house = House::open().await;
    let stranger = house.visitor("Stranger");
    for typed in [
        "",
        " ",
        "12345",
        "7Q3KM-0F9TX0",
        "' OR 1=1",
        "<script>",
        "письмо",
        &"A".repeat(5_000),
        "7Q3KM\u{0}0F9TX",
    ] {
        let page = stranger.submits("/messages/verify", &[("number", typed)]).await.is(422).page();
        assert!(page.is_invalid("number"), "{typed}");
    }
    assert_eq!(house.count("counters"), 0);
}

#[actix_web::test]
async fn twenty_numbers_in_ten_minutes_are_looked_up_for_one_address() {
    let house = House::open().await;
    let stranger = house.visitor("Stranger");
    for _ in 0..20 {
        asks(&stranger, "00000-00000").await;
    }
    stranger.submits("/messages/verify", &[("number", "00000-00000")]).await.is(429);
    house.visitor("Neighbour").submits("/messages/verify", &[("number", "00000-00000")]).await.is(200);
    house.passes(minutes(10) + seconds(1));
    asks(&stranger, "00000-00000").await;
}

#[actix_web::test]
async fn a_message_to_a_phone_that_was_registered_again_is_in_its_owner_s_list() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(15));
    house.visitor("Eve").calling(&anna.phone).registers_up_to_the_code().await;
    assert!(anna.opens("/messages").await.says("Этот номер пытались зарегистрировать ещё раз"));
}
