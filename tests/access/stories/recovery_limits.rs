//! What strangers learn and can do by asking for ways back in: nothing.

use diesel::prelude::*;
use kabinet::accounts::account::{Account, AccountStatus};
use kabinet::accounts::identifiers::login_name::LoginName;
use kabinet::base::hours;
use kabinet::db::schema::accounts;

use crate::house::{ANSWERS, House, Visitor};
use crate::support::html::Page;
use crate::support::http::Answer;

const ANNA: &str = "anna@example.org";

/// What an answer shows, without what is drawn anew each time.
fn seen(answer: &Answer) -> (u16, Vec<(String, String)>, usize) {
    let drawn = |name: &str, value: &str| match name {
        "set-cookie" => value.split_once('=').map_or("", |(name, _)| name).to_owned(),
        _ => value.to_owned(),
    };
    let headers = answer.headers.iter().map(|(name, value)| (name.clone(), drawn(name, value))).collect();
    (answer.status, headers, answer.body.len())
}

/// Each reads the address that they have typed; they are equally long.
fn text(page: &Page) -> String {
    page.text()
        .replace("nobo@example.org", ANNA)
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect()
}

#[actix_web::test]
async fn a_known_and_an_unknown_address_look_alike_at_every_step() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    let (eve, mallory) = (house.visitor("Eve"), house.visitor("Mallory"));
    let before = house.hashers.done();
    for round in 0..4 {
        let asked = [eve.has_forgotten(ANNA).await, mallory.has_forgotten("nobo@example.org").await];
        assert_eq!(seen(&asked[0]), seen(&asked[1]), "round {round}");
        // The fourth sends nothing, and leads to where the code is typed that was sent before.
        assert_eq!(asked[0].status, 303);
    }
    let pages = [eve.opens("/recovery/code").await, mallory.opens("/recovery/code").await];
    assert_eq!(text(&pages[0]), text(&pages[1]));
    for _ in 0..4 {
        let wrong = [("code", "000000")];
        let [known, unknown] = [
            eve.sends(&pages[0], "/recovery/code", &wrong).await,
            mallory.sends(&pages[1], "/recovery/code", &wrong).await,
        ];
        assert_eq!((seen(&known), text(&known.page())), (seen(&unknown), text(&unknown.page())));
    }
    assert_eq!(house.hashers.done(), before, "no hash was made for either");
    assert_eq!(house.letters_to("nobo@example.org").await.len(), 0);
    // The address was to be confirmed, and then was the account's: two mails before these.
    assert_eq!(house.letters_to(ANNA).await.len(), 2 + 3);
    assert_eq!(house.count("recoveries"), 6, "a row for each");
    anna.gets("/cabinet").await.is(200);
}

#[actix_web::test]
async fn three_mails_an_hour_to_one_address_and_ten_wishes_an_hour_from_one_place() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    for eve in ["a", "b", "c"].map(|_| house.visitor("Eve")) {
        eve.has_forgotten(ANNA).await.goes_to("/recovery/code");
    }
    let refused = anna.has_forgotten(ANNA).await.is(429);
    assert!(refused.header("retry-after").is_some());
    assert!(refused.page().says("Мы уже отправили несколько сообщений"));
    house.passes(hours(1));
    anna.has_forgotten(ANNA).await.goes_to("/recovery/code");
    let eve = house.visitor("Eve");
    for number in 0..10 {
        eve.has_forgotten(&format!("nobody{number}@example.org")).await.goes_to("/recovery/code");
    }
    eve.has_forgotten("nobody11@example.org").await.is(429);
    house.visitor("Boris").has_forgotten("nobody11@example.org").await.goes_to("/recovery/code");
}

#[actix_web::test]
async fn asking_changes_nothing_at_the_account() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.has_an_account_with(ANNA).await;
    house.visitor("Eve").has_forgotten(ANNA).await;
    assert!(anna.is_signed_in().await);
    anna.in_another_browser().signs_in(&number, crate::house::PASSWORD).await.goes_to("/cabinet");
}

#[actix_web::test]
async fn a_blocked_account_has_no_way_back_in() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    let number = anna.has_an_account_with(ANNA).await;
    anna.has_forgotten(ANNA).await;
    let link = house.recovery_link_to(ANNA).await;
    anna.opens_recovery(&link).await;
    let name = LoginName::read(&number);
    house
        .writes(move |db| {
            let id = Account::find_by_login(db, &name)?.unwrap().id;
            diesel::update(accounts::table.find(id))
                .set(accounts::status.eq(AccountStatus::Blocked))
                .execute(db)
        })
        .await;
    assert_ne!(anna.submits("/recovery/step", &[]).await.location(), "/recovery/password");
    let mails = house.letters_to(ANNA).await.len();
    anna.has_forgotten(ANNA).await.goes_to("/recovery/code");
    assert_eq!(house.letters_to(ANNA).await.len(), mails);
}

async fn at_the_questions<'h>(house: &'h House, anna: &Visitor<'h>) -> Visitor<'h> {
    let browser = anna.in_another_browser();
    browser.has_forgotten(ANNA).await.goes_to("/recovery/code");
    browser.follows_recovery(ANNA).await.goes_to("/recovery/questions");
    let _ = house;
    browser
}

#[actix_web::test]
async fn wrong_answers_cost_a_try_and_nobody_is_told_which_was_wrong() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.chooses_questions().await;
    let eve = at_the_questions(&house, &anna).await;
    let before = house.hashers.done();
    let first_wrong = eve.answers(&["кукла", ANSWERS[1], ANSWERS[2]]).await.is(422).page();
    let last_wrong = eve.answers(&[ANSWERS[0], ANSWERS[1], "кукла"]).await.is(422).page();
    assert_eq!(house.hashers.done(), before + 6, "all three are compared each time");
    assert_eq!(
        text(&first_wrong).replace("попытки", "попытка").replace("Осталось", "Осталась"),
        text(&last_wrong)
    );
    assert!(first_wrong.says("Ответы не подошли. Осталось 2 попытки."), "{}", first_wrong.text());
    for field in ["answer1", "answer2", "answer3"] {
        assert!(!first_wrong.is_invalid(field));
        assert_eq!(first_wrong.value(field).unwrap_or_default(), "", "answers are secrets");
    }
    let empty = eve.answers(&["", ANSWERS[1], ANSWERS[2]]).await.is(422).page();
    assert!(empty.is_invalid("answer1"), "what is no answer costs no try");
    eve.answers(&["кукла", "кукла", "кукла"]).await.is(410);
    let closed = eve.gets("/recovery/questions").await.is(410).page();
    assert!(closed.says("Попытки закончились"), "{}", closed.text());
    eve.posts_with_token(
        "/recovery/questions",
        &[("answer1", ANSWERS[0]), ("answer2", ANSWERS[1]), ("answer3", ANSWERS[2])],
    )
    .await
    .is(410);
    eve.posts_with_token("/recovery/password", &[]).await.is(410);
}

#[actix_web::test]
async fn of_64_right_answers_at_once_one_goes_on_and_three_are_compared() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.chooses_questions().await;
    let phone = at_the_questions(&house, &anna).await;
    let page = phone.opens("/recovery/questions").await;
    let before = house.hashers.done();
    let fields = [("answer1", ANSWERS[0]), ("answer2", ANSWERS[1]), ("answer3", ANSWERS[2])];
    let answers =
        futures_util::future::join_all((0..64).map(|_| phone.sends(&page, "/recovery/questions", &fields)))
            .await;
    assert!(answers.iter().any(|answer| answer.location() == "/recovery/password"));
    assert!(house.hashers.done() - before <= 9, "{} hashes", house.hashers.done() - before);
    assert_eq!(house.count("recoveries WHERE status = 'password'"), 1);
}

#[actix_web::test]
async fn ten_tries_a_day_at_one_account_whatever_the_links() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    anna.chooses_questions().await;
    let wrong = ["кукла", "кукла", "кукла"];
    for _ in 0..3 {
        let eve = at_the_questions(&house, &anna).await;
        for (status, guess) in [(422, "кукла"), (422, "мяч"), (410, "кубик")] {
            eve.answers(&[guess, guess, guess]).await.is(status);
        }
        house.passes(hours(1));
    }
    let eve = at_the_questions(&house, &anna).await;
    eve.answers(&wrong).await.is(422);
    eve.answers(&ANSWERS).await.is(429);
    house.passes(hours(24));
    let anna = at_the_questions(&house, &anna).await;
    anna.answers(&ANSWERS).await.goes_to("/recovery/password");
}
