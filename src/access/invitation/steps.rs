//! The steps of an invitation after its button: Agree, a password, three questions.

use actix_session::Session as SessionCookie;
use actix_web::http::StatusCode;
use actix_web::{Error, HttpRequest, HttpResponse, web};

use crate::access::invitation::pages::{CODE_PATH, expired};
use crate::access::invitation::status::InvitationStatus;
use crate::access::invitation::{FinishOutcome, FinishRequest, Invitation};
use crate::access::registration::steps::{AgreeForm, Entry, begin};
use crate::accounts::account::Account;
use crate::accounts::consent::CONSENT_VERSION;
use crate::base::Token;
use crate::credentials::hashing::Hashers;
use crate::credentials::new_password::{NewPasswordForm, mistakes};
use crate::credentials::password as rules;
use crate::credentials::security_question::{self, Question};
use crate::credentials::security_question_form::QuestionsForm;
use crate::web::{
    Cx, Flash, Form, FormState, INVITATION, Problem, Refusal, out_of_order, page, see_other, unprocessable,
};

crate::pages! {
    "access/invitation/privacy.html" => struct InvitationPrivacyPage {
        form: FormState,
        version: &'static str,
    }
    "access/invitation/password.html" => struct InvitationPasswordPage { form: FormState, login: String }
    "access/invitation/questions.html" => struct InvitationQuestionsPage {
        form: FormState,
        choices: &'static [Question],
    }
    "access/invitation/taken.html" => struct InvitationTakenPage {}
}

async fn found(cx: &Cx, req: &HttpRequest) -> Result<Option<(Token, Invitation)>, Refusal> {
    let Some(held) = cx.state.cookies.token(req, INVITATION) else { return Ok(None) };
    let wanted = held.clone();
    let found = cx.read(move |tx| Invitation::of_browser(tx.db, &wanted)).await?;
    Ok(found.map(|found| (held, found)))
}

/// The invitation, when it is at this step; otherwise the answer that shows where it is.
async fn at(cx: Cx, req: &HttpRequest, step: InvitationStatus) -> Result<(Cx, Token, Invitation), Error> {
    match found(&cx, req).await? {
        Some((held, found)) if found.status == step && !found.has_expired(cx.now()) => Ok((cx, held, found)),
        found => {
            let said = cx.saying(Flash::STEP_ELSEWHERE);
            Err(out_of_order(&said, show_progress(cx, found.map(|(_, found)| found))))
        }
    }
}

/// Shows somebody where they really are.
async fn elsewhere(cx: Cx, req: &HttpRequest) -> Result<HttpResponse, Error> {
    let found = found(&cx, req).await?;
    Ok(show_progress(cx, found.map(|(_, found)| found)))
}

fn show_progress(cx: Cx, found: Option<Invitation>) -> HttpResponse {
    let Some(found) = found else { return see_other(CODE_PATH) };
    match found.status {
        InvitationStatus::Done if cx.session.is_none() => see_other("/sign-in"),
        InvitationStatus::Done => see_other("/registration/done"),
        InvitationStatus::Replaced => expired(cx, true),
        _ if found.has_expired(cx.now()) => expired(cx, false),
        status => see_other(status.path().unwrap_or(CODE_PATH)),
    }
}

/// GET /invitation/privacy
pub async fn privacy(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, ..) = at(cx, &req, InvitationStatus::Privacy).await?;
    Ok(page(
        StatusCode::OK,
        &InvitationPrivacyPage { cx, form: FormState::empty(), version: CONSENT_VERSION },
    ))
}

/// POST /invitation/privacy
pub async fn agree(cx: Cx, req: HttpRequest, form: Form<AgreeForm>) -> Result<HttpResponse, Error> {
    let (cx, held, _found) = at(cx, &req, InvitationStatus::Privacy).await?;
    if form.0.agree != "yes" {
        let form = FormState::empty().problem(Problem::new("agree", "invitation-unticked"));
        return Ok(unprocessable(&InvitationPrivacyPage { cx, form, version: CONSENT_VERSION }));
    }
    let locale = cx.locale;
    cx.write(move |tx| Invitation::agree(tx, &held, locale)).await?;
    // Whether this form or another tab's was first: what counts is where the invitation is now.
    elsewhere(cx, &req).await
}

/// GET /invitation/password
pub async fn password(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, _held, found) = at(cx, &req, InvitationStatus::Password).await?;
    let login = found.email.as_str().to_owned();
    Ok(page(StatusCode::OK, &InvitationPasswordPage { login, form: FormState::empty(), cx }))
}

/// POST /invitation/password
pub async fn choose_password(
    cx: Cx,
    req: HttpRequest,
    hashers: web::Data<Hashers>,
    form: Form<NewPasswordForm>,
) -> Result<HttpResponse, Error> {
    let (cx, held, found) = at(cx, &req, InvitationStatus::Password).await?;
    let (id, login, email) = (found.account_id, found.email.as_str().to_owned(), Some(found.email));
    let account = cx.read(move |tx| Account::find(tx.db, id)).await?.ok_or(Refusal::Broken)?;
    let problems = mistakes(&cx, &form.0, &account, email).await?;
    if !problems.is_empty() {
        let form = FormState::empty().all(problems);
        return Ok(unprocessable(&InvitationPasswordPage { login, form, cx }));
    }
    let password_hash = hashers.hash(rules::normal(&form.0.password)).await?;
    cx.write(move |tx| Invitation::choose_password(tx, &held, &password_hash)).await?;
    elsewhere(cx, &req).await
}

/// GET /invitation/questions
pub async fn questions(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, ..) = at(cx, &req, InvitationStatus::Questions).await?;
    let shown = InvitationQuestionsPage { choices: Question::ALL, form: FormState::empty(), cx };
    Ok(page(StatusCode::OK, &shown))
}

/// POST /invitation/questions: the account becomes its owner's.
pub async fn choose_questions(
    cx: Cx,
    req: HttpRequest,
    cookie: SessionCookie,
    hashers: web::Data<Hashers>,
    form: Form<QuestionsForm>,
) -> Result<HttpResponse, Error> {
    let (cx, held, _found) = at(cx, &req, InvitationStatus::Questions).await?;
    let answers = match form.0.read() {
        Ok(answers) => answers,
        Err(problems) => {
            let form = form.0.shown().all(problems);
            return Ok(unprocessable(&InvitationQuestionsPage { choices: Question::ALL, form, cx }));
        }
    };
    let request =
        FinishRequest { hashed: security_question::hash(&hashers, answers).await?, locale: cx.locale };
    match cx.write(move |tx| Invitation::finish(tx, &held, &request)).await? {
        FinishOutcome::Account(account) => {
            cx.state.metrics.count_event("registered");
            Ok(begin(&cx, &req, &cookie, &account, Entry::First).await?)
        }
        FinishOutcome::AddressTaken => Ok(page(StatusCode::CONFLICT, &InvitationTakenPage { cx })),
        FinishOutcome::WrongStep => elsewhere(cx, &req).await,
    }
}
