//! What is compared when somebody answers their security questions.

use diesel::prelude::*;
use kabinet::credentials::security_question::{Answer, Question, SecurityQuestions, hash, store};
use kabinet::db::schema::security_answers;

use crate::house::Owner;

#[actix_web::test]
async fn three_answers_are_right_together_or_wrong_together() {
    let anna = Owner::new().await;
    let (id, hashers) = (anna.account.id, anna.house.hashers.clone());
    let answer = |question, typed: &str| (question, Answer::parse(question, typed).unwrap());
    let hashed = hash(
        &hashers,
        [
            answer(Question::Toy, "Ёжик Тоша"),
            answer(Question::Fear, "пылесос"),
            answer(Question::Poem, "Бородино"),
        ],
    );
    let hashed = hashed.await.unwrap();
    anna.writes(move |tx| store(tx, id, &hashed)).await;
    let check = async |typed: [&str; 3]| {
        let asked = anna.writes(move |tx| SecurityQuestions::of(tx.db, tx.keys, id)).await.unwrap();
        asked.check(&hashers, typed.map(|typed| Answer::read(typed).unwrap())).await.unwrap()
    };
    assert!(check([" ежик  тоша", "ПЫЛЕСОС.", "«Бородино»"]).await);
    assert!(!check(["ежик тоша", "пылесос", "Мцыри"]).await);
    assert!(!check(["пылесос", "ежик тоша", "бородино"]).await, "each at its own question");
    let damaged = security_answers::table.filter(security_answers::question.eq(Question::Toy));
    anna.writes(move |tx| {
        diesel::update(damaged).set(security_answers::answer.eq(vec![1_u8; 90])).execute(tx.db)
    })
    .await;
    assert!(!check(["ежик тоша", "пылесос", "бородино"]).await);
}
