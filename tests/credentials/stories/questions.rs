//! Security questions, as their owner chooses them.

use diesel::prelude::*;
use kabinet::base::minutes;
use kabinet::db::schema::security_answers;

use crate::house::{ANSWERS, House, PASSWORD, QUESTIONS};

const ANNA: &str = "anna@example.org";

#[actix_web::test]
async fn three_questions_are_chosen_and_their_owner_is_told() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.has_an_account_with(ANNA).await;
    let page = anna.opens("/questions").await;
    let options = page.attributes("option", "value").len();
    assert!(options >= 3 * (1 + 12), "{options} in three lists");
    assert_eq!(page.form_to("/questions").unwrap().captions, ["Отправить"]);
    anna.chooses_questions().await;
    assert!(anna.opens("/questions").await.says("Сейчас выбраны вопросы"));
    assert_eq!(house.letter_to(ANNA).await.subject, "Контрольные вопросы заданы");
    assert_eq!(house.count("activity WHERE kind = 'questions-set'"), 1);
    anna.chooses_questions().await;
    let told = house.letters_to(ANNA).await;
    assert!(told.iter().any(|letter| letter.subject == "Контрольные вопросы изменены"), "{told:?}");
    assert_eq!(house.count("activity WHERE kind = 'questions-changed'"), 1);
}

#[actix_web::test]
async fn the_database_does_not_know_the_answers() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    anna.chooses_questions().await;
    let rows =
        house
            .reads(|db| {
                security_answers::table
                    .select((security_answers::question, security_answers::answer))
                    .load::<(String, Vec<u8>)>(db)
            })
            .await;
    assert_eq!(rows.len(), 3);
    for (question, sealed) in rows {
        assert!(QUESTIONS.contains(&question.as_str()));
        let text = String::from_utf8_lossy(&sealed).to_lowercase();
        assert!(
            !text.contains("argon2") && !ANSWERS.iter().any(|answer| text.contains(&answer.to_lowercase()))
        );
    }
}

#[actix_web::test]
async fn what_is_wrong_stands_at_its_field_and_answers_are_never_shown_again() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    let [toy, dish, poem] = QUESTIONS;
    let send = async |fields: &[(&str, &str)]| anna.submits("/questions", fields).await.is(422).page();
    let page = send(&[]).await;
    for field in ["question1", "question2", "question3"] {
        assert!(page.description(field).contains("Выберите вопрос"), "{}", page.text());
    }
    let page = send(&[
        ("question1", toy),
        ("answer1", "Тоша"),
        ("question2", toy),
        ("answer2", "каша"),
        ("question3", "invented"),
        ("answer3", "x"),
    ])
    .await;
    assert!(page.description("question2").contains("уже выбран"), "{}", page.text());
    assert!(page.description("question3").contains("Выберите вопрос"));
    assert!(page.description("answer1").contains("Введите ответ снова"), "{}", page.text());
    assert!(!page.text().contains("Тоша") && page.value("answer1").unwrap_or_default().is_empty());
    let page = send(&[
        ("question1", toy),
        ("answer1", "игрушку"),
        ("question2", dish),
        ("answer2", "Каша!"),
        ("question3", poem),
        ("answer3", " каша "),
    ])
    .await;
    assert!(page.description("answer1").contains("слова самого вопроса"), "{}", page.text());
    assert!(page.description("answer3").contains("уже дали"), "{}", page.text());
    assert_eq!(house.count("security_answers"), 0);
}

#[actix_web::test]
async fn after_five_minutes_the_password_is_asked_for_again() {
    let house = House::open().await;
    let anna = house.visitor("Anna");
    anna.registers().await;
    house.passes(minutes(6));
    let fields = [
        ("question1", QUESTIONS[0]),
        ("answer1", ANSWERS[0]),
        ("question2", QUESTIONS[1]),
        ("answer2", ANSWERS[1]),
        ("question3", QUESTIONS[2]),
        ("answer3", ANSWERS[2]),
    ];
    let page = anna.submits("/questions", &fields).await.is(422).page();
    assert!(page.is_invalid("password"), "{}", page.text());
    let wrong: Vec<_> = fields.into_iter().chain([("password", "ne-tot-parol-5")]).collect();
    assert!(anna.submits("/questions", &wrong).await.is(422).page().is_invalid("password"));
    assert_eq!(house.count("security_answers"), 0);
    let right: Vec<_> = fields.into_iter().chain([("password", PASSWORD)]).collect();
    anna.submits("/questions", &right).await.goes_to("/questions/set");
    anna.in_another_browser().gets("/questions").await.asks_to_sign_in();
}
