//! GET and POST /questions: the owner chooses three control questions. Their form is a step of an invitation as well.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::proof::prove;
use super::{occasion, write_for};
use crate::accounts::account::{Account, AccountId};
use crate::accounts::hashing::Hashers;
use crate::accounts::question::{self, ANSWER_MAX_CHARS, ASKED, Answer, Asked, Question};
use crate::web::{Cx, Form, Problem, Refusal, Shown, SignedIn, Visit, page, see_other, shown_again};

#[derive(Template)]
#[template(path = "accounts/questions.html")]
struct QuestionsPage {
    cx: Cx,
    form: Shown,
    choices: &'static [Question],
    current: Option<[Question; ASKED]>,
    ask_password: bool,
}

#[derive(Template)]
#[template(path = "accounts/questions_set.html")]
struct QuestionsSetPage {
    cx: Cx,
    current: [Question; ASKED],
}

crate::pages!(QuestionsPage, QuestionsSetPage);

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
    password: Zeroizing<String>,
}

/// The pairs of fields.
pub(super) const FIELDS: [(&str, &str); ASKED] =
    [("question1", "answer1"), ("question2", "answer2"), ("question3", "answer3")];

impl QuestionsForm {
    /// The chosen questions stay in the form; answers are secrets.
    pub(super) fn shown(&self) -> Shown {
        Shown::empty()
            .with("question1", &self.question1)
            .with("question2", &self.question2)
            .with("question3", &self.question3)
    }

    /// Three different questions with three different answers, or what is wrong with them.
    pub(super) fn read(&self) -> Result<[(Question, Answer); ASKED], Vec<Problem>> {
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

async fn questions_page(cx: Cx, visit: &Visit, form: Shown) -> Result<(QuestionsPage, Account), Refusal> {
    let (id, keys) = (AccountId::from_i64(visit.account_id), cx.state.keys.clone());
    let found = cx.state.store.read(move |db| {
        let asked = Asked::of(db, &keys, id)?;
        Ok(Account::find(db, id)?.map(|account| (account, asked)))
    });
    let (account, asked) = found.await?.ok_or(Refusal::SignIn)?;
    let current = asked.map(|asked| asked.questions);
    let ask_password = !visit.is_fresh(cx.now());
    Ok((QuestionsPage { choices: Question::ALL, current, ask_password, form, cx }, account))
}

/// GET /questions
pub async fn new(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let (shown, _account) = questions_page(cx, &who.0, Shown::empty()).await?;
    Ok(page(StatusCode::OK, &shown))
}

/// POST /questions
pub async fn set(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<QuestionsForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(form) = form;
    let (mut shown, account) = questions_page(cx, &who.0, form.shown()).await?;
    let answers = match form.read() {
        Ok(answers) => answers,
        Err(problems) => {
            shown.form = shown.form.all(problems);
            return Ok(shown_again(&shown));
        }
    };
    if let Some(problem) = prove(&shown.cx, &session, &who.0, &hashers, &account, &form.password).await? {
        shown.form = shown.form.problem(problem);
        return Ok(shown_again(&shown));
    }
    let cx = shown.cx;
    let hashed = question::hash(&hashers, answers).await?;
    let (keys, on) = (cx.state.keys.clone(), occasion(&cx));
    write_for(&cx, &who.0, move |db| question::change(db, &keys, &on, &account, &hashed)).await?;
    cx.state.wake_worker();
    Ok(see_other("/questions/set"))
}

/// GET /questions/set
pub async fn done(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let (id, keys) = (AccountId::from_i64(who.0.account_id), cx.state.keys.clone());
    Ok(match cx.state.store.read(move |db| Asked::of(db, &keys, id)).await? {
        Some(asked) => page(StatusCode::OK, &QuestionsSetPage { current: asked.questions, cx }),
        None => see_other("/questions"),
    })
}
