use proptest::prelude::*;

use super::*;
use crate::base::minutes;

fn said(typed: &str) -> String {
    normal(typed).to_string()
}

#[test]
fn spellings_of_one_answer_are_one() {
    for (typed, same) in [
        ("  Пётр   Ильич ", "петр ильич"),
        ("Санкт-Петербург", "санкт петербург"),
        ("Санкт – Петербург!", "санкт петербург"),
        ("О'Нил", "онил"),
        ("О’НИЛ", "онил"),
        ("«Мцыри»", "мцыри"),
        ("ＡＢＣ　１", "abc 1"),
        ("Straße", "strasse"),
        ("ΟΔΟΣ", "οδοσ"),
        ("οδος", "οδοσ"),
        ("王 小明。", "王 小明"),
        ("й", "и\u{306}"),
        ("... -- ...", ""),
    ] {
        assert_eq!(said(typed), said(same), "{typed}");
    }
    assert_eq!(said("  Пётр   Ильич "), "петр ильич");
    assert_ne!(said("Иван"), said("Ивана"));
}

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

#[tokio::test]
async fn three_answers_are_right_together_or_wrong_together() {
    let hashers = Hashers::start(minutes(1)).unwrap();
    let answer = |question, typed: &str| (question, Answer::parse(question, typed).unwrap());
    let hashed = hash(
        &hashers,
        [
            answer(Question::Toy, "Ёжик Тоша"),
            answer(Question::Fear, "пылесос"),
            answer(Question::Poem, "Бородино"),
        ],
    );
    let [(a, first), (b, second), (c, third)] = hashed.await.unwrap();
    let asked = Asked {
        questions: [a, b, c],
        phcs: [Zeroizing::new(first), Zeroizing::new(second), Zeroizing::new(third)],
    };
    let check = async |typed: [&str; 3]| {
        asked.check(&hashers, typed.map(|typed| Answer::read(typed).unwrap())).await.unwrap()
    };
    assert!(check([" ежик  тоша", "ПЫЛЕСОС.", "«Бородино»"]).await);
    assert!(!check(["ежик тоша", "пылесос", "Мцыри"]).await);
    assert!(!check(["пылесос", "ежик тоша", "бородино"]).await, "each at its own question");
    let damaged = Asked {
        phcs: [Zeroizing::new(String::new()), asked.phcs[1].clone(), asked.phcs[2].clone()],
        ..asked.clone()
    };
    let all = ["ежик тоша", "пылесос", "бородино"].map(|typed| Answer::read(typed).unwrap());
    assert!(!damaged.check(&hashers, all).await.unwrap());
}

proptest! {
    #[test]
    fn normal_is_normal_already(typed in any::<String>()) {
        let once = said(&typed);
        prop_assert_eq!(said(&once), once.clone());
        prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
    }

    #[test]
    fn case_and_spaces_make_no_difference(typed in "[а-яёА-ЯЁa-zA-Z0-9 ]{0,40}") {
        prop_assert_eq!(said(&typed.to_uppercase()), said(&format!("  {}  ", typed.to_lowercase().replace(' ', "   "))));
    }
}
