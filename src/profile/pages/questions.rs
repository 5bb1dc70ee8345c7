//! GET and POST /questions: the owner chooses three control questions.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::accounts::account::Account;
use crate::credentials::hashing::Hashers;
use crate::credentials::reauthentication::prove;
use crate::credentials::security_question::{self, ASKED, Asked, Question};
use crate::credentials::security_question_form::QuestionsForm;
use crate::credentials::signed_in::{occasion, write_for_db};
use crate::web::{Cx, Form, Refusal, Shown, SignedIn, Visit, page, see_other, shown_again};

#[derive(Template)]
#[template(path = "profile/questions.html")]
struct QuestionsPage {
    cx: Cx,
    form: Shown,
    choices: &'static [Question],
    current: Option<[Question; ASKED]>,
    ask_password: bool,
}

#[derive(Template)]
#[template(path = "profile/questions_set.html")]
struct QuestionsSetPage {
    cx: Cx,
    current: [Question; ASKED],
}

crate::pages!(QuestionsPage, QuestionsSetPage);

async fn questions_page(cx: Cx, visit: &Visit, form: Shown) -> Result<(QuestionsPage, Account), Refusal> {
    let (id, keys) = (visit.account_id, cx.state.keys.clone());
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
    let hashed = security_question::hash(&hashers, answers).await?;
    let (keys, on) = (cx.state.keys.clone(), occasion(&cx));
    write_for_db(&cx, &who.0, move |db| security_question::change(db, &keys, &on, &account, &hashed)).await?;
    cx.state.wake_worker();
    Ok(see_other("/questions/set"))
}

/// GET /questions/set
pub async fn done(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let (id, keys) = (who.0.account_id, cx.state.keys.clone());
    Ok(match cx.state.store.read(move |db| Asked::of(db, &keys, id)).await? {
        Some(asked) => page(StatusCode::OK, &QuestionsSetPage { current: asked.questions, cx }),
        None => see_other("/questions"),
    })
}
