//! Which answers to a security question are taken.

use kabinet::credentials::security_question::{Answer, AnswerProblem, Question};
use kabinet::texts::{Args, Locale, words_with};

#[test]
fn answers_that_say_nothing_are_refused() {
    use AnswerProblem::*;
    let refused = |typed: &str| Answer::parse(Question::Dish, typed).err();
    for (typed, problem) in [
        ("", Some(Empty)),
        (" . - ! ", Some(Empty)),
        ("я", Some(Short)),
        ("а.", Some(Short)),
        ("ко\u{202e}т", Some(Control)),
        ("х\nх", Some(Control)),
        ("блюдо", Some(InQuestion)),
        ("Какое... БЛЮДО?", Some(InQuestion)),
        ("dish", Some(InQuestion)),
        ("манная каша", None),
        ("19", None),
        ("豆腐", None),
    ] {
        assert_eq!(refused(typed), problem, "{typed:?}");
    }
    assert_eq!(refused(&"к".repeat(101)), Some(Long));
    assert_eq!(refused(&"ка".repeat(50)), None);
}

#[test]
fn there_are_questions_enough_and_each_has_a_text() {
    let mut texts: Vec<String> = Vec::new();
    for locale in Locale::ALL {
        texts.extend(Question::ALL.iter().map(|question| words_with(*locale, question.key(), Args::new())));
    }
    let count = texts.len();
    assert!(count >= 3 * 12);
    assert!(texts.iter().all(|text| !text.starts_with("question-")), "{texts:?}");
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), count);
}
