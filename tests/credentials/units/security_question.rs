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
        ("\u{200b}\u{3164}\u{fe0f}", Some(Empty)),
        ("я\u{200b}", Some(Short)),
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
    // What nobody sees is no part of an answer, whenever it was pasted.
    let plain = Answer::read("каша").ok();
    for unseen in [
        '\u{200b}', '\u{3164}', '\u{ad}', '\u{feff}', '\u{2800}', '\u{200d}', '\u{200e}', '\u{202e}',
        '\u{7}', '\u{fe0d}', '\u{34f}',
    ] {
        assert!(Answer::read(&format!("ка{unseen}ша")).ok() == plain, "{unseen:?}");
    }
    assert_eq!(refused(&"ка".repeat(50)), None);
}

#[test]
fn why_an_answer_is_not_taken_is_told_in_every_language() {
    use AnswerProblem::*;
    for problem in [Empty, Long, Short, InQuestion] {
        for locale in Locale::ALL {
            let args = Args::from([("max".into(), 100.into())]);
            assert_ne!(words_with(*locale, problem.key(), args), problem.key());
        }
    }
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
