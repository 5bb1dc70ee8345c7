//! The form in which three security questions are chosen: the owner's, and a step of an invitation.

use serde::Deserialize;
use zeroize::Zeroizing;

use crate::credentials::security_question::{ANSWER_MAX_CHARS, Answer, QUESTION_COUNT, Question};
use crate::web::{FormState, Problem};

#[derive(Deserialize)]
pub struct QuestionsForm {
    #[serde(default)]
    question1: String,
    #[serde(default)]
    answer1: Zeroizing<String>,
    #[serde(default)]
    question2: String,
    #[serde(default)]
    answer2: Zeroizing<String>,
    #[serde(default)]
    question3: String,
    #[serde(default)]
    answer3: Zeroizing<String>,
    #[serde(default)]
    pub(crate) password: Zeroizing<String>,
}

crate::shown_again!(QuestionsForm: ["question1", "question2", "question3"]);

/// The pairs of fields.
pub(crate) const FIELDS: [(&str, &str); QUESTION_COUNT] =
    [("question1", "answer1"), ("question2", "answer2"), ("question3", "answer3")];

impl QuestionsForm {
    /// The chosen questions stay in the form; answers are secrets.
    pub(crate) fn shown(&self) -> FormState {
        FormState::empty()
            .with("question1", &self.question1)
            .with("question2", &self.question2)
            .with("question3", &self.question3)
    }

    /// Three different questions with three different answers, or what is wrong with them.
    pub(crate) fn read(&self) -> Result<[(Question, Answer); QUESTION_COUNT], Vec<Problem>> {
        let typed = [
            (&self.question1, &self.answer1),
            (&self.question2, &self.answer2),
            (&self.question3, &self.answer3),
        ];
        let mut problems = Vec::new();
        let mut read: Vec<(Question, Answer)> = Vec::new();
        for ((question, answer), (question_field, answer_field)) in typed.into_iter().zip(FIELDS) {
            let Some(question) = Question::from_word(question) else {
                problems.push(Problem::new(question_field, "question-missing"));
                continue;
            };
            if read.iter().any(|(known, _)| *known == question) {
                problems.push(Problem::new(question_field, "question-twice"));
                continue;
            }
            match Answer::parse(question, answer) {
                Ok(answer) if read.iter().any(|(_, known)| *known == answer) => {
                    problems.push(Problem::new(answer_field, "answer-twice"));
                }
                Ok(answer) => read.push((question, answer)),
                Err(problem) => {
                    problems.push(Problem::new(answer_field, problem.key()).arg("max", ANSWER_MAX_CHARS))
                }
            }
        }
        if problems.is_empty() { read.try_into().map_err(|_never| problems) } else { Err(problems) }
    }
}
