//! GET and POST /questions: the owner chooses three security questions.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::accounts::account::Account;
use crate::credentials::current_session::write_for;
use crate::credentials::security_question::{self, QUESTION_COUNT, Question, SecurityQuestions};
use crate::credentials::security_question_form::QuestionsForm;
use crate::profile::pages::reauthentication::Reauthentication;
use crate::web::{CurrentSession, Cx, Form, FormState, Refusal, Session, page, see_other, unprocessable};

crate::pages! {
    "profile/questions/choice.html" => struct QuestionsPage {
        form: FormState,
        choices: &'static [Question],
        current: Option<[Question; QUESTION_COUNT]>,
        ask_password: bool,
    }
    "profile/questions/set.html" => struct QuestionsSetPage { current: [Question; QUESTION_COUNT] }
}

async fn questions_page(
    cx: Cx,
    session: &Session,
    form: FormState,
) -> Result<(QuestionsPage, Account), Refusal> {
    let id = session.account_id;
    let found = cx.read(move |tx| {
        let asked = SecurityQuestions::of(tx.db, tx.keys, id)?;
        Ok(Account::find(tx.db, id)?.map(|account| (account, asked)))
    });
    let (account, asked) = found.await?.ok_or(Refusal::SignIn)?;
    let current = asked.map(|asked| asked.questions);
    let ask_password = !session.is_fresh(cx.now());
    Ok((QuestionsPage { choices: Question::ALL, current, ask_password, form, cx }, account))
}

/// GET /questions
pub async fn new(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let (shown, _account) = questions_page(cx, &session, FormState::empty()).await?;
    Ok(page(StatusCode::OK, &shown))
}

/// POST /questions
pub async fn set(
    cx: Cx,
    owner: Reauthentication,
    form: Form<QuestionsForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(form) = form;
    let (mut shown, account) = questions_page(cx, &owner.session, form.shown()).await?;
    let answers = match form.read() {
        Ok(answers) => answers,
        Err(problems) => {
            shown.form = shown.form.all(problems);
            return Ok(unprocessable(&shown));
        }
    };
    if let Some(problem) = owner.problem(&shown.cx, &account, &form.password).await? {
        shown.form = shown.form.problem(problem);
        return Ok(unprocessable(&shown));
    }
    let cx = shown.cx;
    let hashed = security_question::hash(&owner.hashers, answers).await?;
    write_for(&cx, &owner.session, move |tx| security_question::change(tx, &account, &hashed)).await?;
    cx.state.wake_worker();
    Ok(see_other("/questions/set"))
}

/// GET /questions/set
pub async fn done(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let id = session.account_id;
    Ok(match cx.read(move |tx| SecurityQuestions::of(tx.db, tx.keys, id)).await? {
        Some(asked) => page(StatusCode::OK, &QuestionsSetPage { current: asked.questions, cx }),
        None => see_other("/questions"),
    })
}
