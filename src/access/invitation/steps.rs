//! The steps of an invitation after its button: Agree, a password, three questions.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::access::invitation::pages::expired;
use crate::access::invitation::status::InvitationStatus;
use crate::access::invitation::{Ending, Finished, Invitation};
use crate::access::registration::steps::{AgreeForm, begin, circumstances};
use crate::accounts::account::Account;
use crate::accounts::consent::POLICY_VERSION;
use crate::base::Token;
use crate::credentials::hashing::Hashers;
use crate::credentials::new_password::{NewPasswordForm, mistakes};
use crate::credentials::password as rules;
use crate::credentials::security_question::{self, Question};
use crate::credentials::security_question_form::QuestionsForm;
use crate::credentials::signed_in::whence;
use crate::web::{Cx, Form, INVITATION, Problem, Refusal, Shown, page, see_other, shown_again};

#[derive(Template)]
#[template(path = "access/invitation/privacy.html")]
struct InvitationPrivacyPage {
    cx: Cx,
    form: Shown,
    version: &'static str,
}

#[derive(Template)]
#[template(path = "access/invitation/password.html")]
struct InvitationPasswordPage {
    cx: Cx,
    form: Shown,
}

#[derive(Template)]
#[template(path = "access/invitation/questions.html")]
struct InvitationQuestionsPage {
    cx: Cx,
    form: Shown,
    choices: &'static [Question],
}

#[derive(Template)]
#[template(path = "access/invitation/taken.html")]
struct InvitationTakenPage {
    cx: Cx,
}

crate::pages!(InvitationPrivacyPage, InvitationPasswordPage, InvitationQuestionsPage, InvitationTakenPage);

async fn found(cx: &Cx, req: &HttpRequest) -> Result<Option<(Token, Invitation)>, Refusal> {
    let Some(held) = cx.state.cookies.token(req, INVITATION) else { return Ok(None) };
    let wanted = held.clone();
    let found = cx.state.store.read(move |db| Invitation::of_browser(db, &wanted)).await?;
    Ok(found.map(|found| (held, found)))
}

/// The invitation, when it is at this step; otherwise the answer that shows where it is.
async fn at(
    cx: Cx,
    req: &HttpRequest,
    step: InvitationStatus,
) -> Result<Result<(Cx, Token, Invitation), HttpResponse>, Refusal> {
    Ok(match found(&cx, req).await? {
        Some((held, found)) if found.status == step && !found.has_expired(cx.now()) => Ok((cx, held, found)),
        found => Err(show_place(cx, found.map(|(_, found)| found))),
    })
}

/// Shows somebody where they really are.
fn show_place(cx: Cx, found: Option<Invitation>) -> HttpResponse {
    let Some(found) = found else { return see_other("/invitation/code") };
    match found.status {
        InvitationStatus::Done if cx.who.is_none() => see_other("/sign-in"),
        InvitationStatus::Done => see_other("/registration/done"),
        InvitationStatus::Replaced => expired(cx, true),
        _ if found.has_expired(cx.now()) => expired(cx, false),
        status => see_other(status.path().unwrap_or("/invitation/code")),
    }
}

async fn elsewhere(cx: Cx, req: &HttpRequest) -> Result<HttpResponse, Refusal> {
    let found = found(&cx, req).await?;
    Ok(show_place(cx, found.map(|(_, found)| found)))
}

/// GET /invitation/privacy
pub async fn privacy(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    Ok(match at(cx, &req, InvitationStatus::Privacy).await? {
        Ok((cx, ..)) => {
            page(StatusCode::OK, &InvitationPrivacyPage { cx, form: Shown::empty(), version: POLICY_VERSION })
        }
        Err(elsewhere) => elsewhere,
    })
}

/// POST /invitation/privacy
pub async fn agree(cx: Cx, req: HttpRequest, form: Form<AgreeForm>) -> Result<HttpResponse, Refusal> {
    let (cx, held, _found) = match at(cx, &req, InvitationStatus::Privacy).await? {
        Ok(here) => here,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if form.0.agree != "yes" {
        let form = Shown::empty().problem(Problem::new("agree", "agree-unticked"));
        return Ok(shown_again(&InvitationPrivacyPage { cx, form, version: POLICY_VERSION }));
    }
    let (of, now) = (circumstances(&cx), cx.now());
    cx.state.store.write(move |db| Invitation::agree(db, &held, &of, now)).await?;
    // Whether this form or another tab's was first: what counts is where the invitation is now.
    elsewhere(cx, &req).await
}

/// GET /invitation/password
pub async fn password(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    Ok(match at(cx, &req, InvitationStatus::Password).await? {
        Ok((cx, ..)) => page(StatusCode::OK, &InvitationPasswordPage { cx, form: Shown::empty() }),
        Err(elsewhere) => elsewhere,
    })
}

/// POST /invitation/password
pub async fn choose_password(
    cx: Cx,
    req: HttpRequest,
    hashers: web::Data<Hashers>,
    form: Form<NewPasswordForm>,
) -> Result<HttpResponse, Refusal> {
    let (cx, held, found) = match at(cx, &req, InvitationStatus::Password).await? {
        Ok(here) => here,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (id, email) = (found.account_id, found.address());
    let account = cx.state.store.read(move |db| Account::find(db, id)).await?.ok_or(Refusal::Broken)?;
    let problems = mistakes(&cx, &form.0, &account, email).await?;
    if !problems.is_empty() {
        return Ok(shown_again(&InvitationPasswordPage { cx, form: Shown::empty().all(problems) }));
    }
    let phc = hashers.hash(rules::normal(&form.0.password)).await?;
    let (keys, now) = (cx.state.keys.clone(), cx.now());
    cx.state.store.write(move |db| Invitation::choose_password(db, &keys, &held, &phc, now)).await?;
    elsewhere(cx, &req).await
}

/// GET /invitation/questions
pub async fn questions(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    Ok(match at(cx, &req, InvitationStatus::Questions).await? {
        Ok((cx, ..)) => page(
            StatusCode::OK,
            &InvitationQuestionsPage { choices: Question::ALL, form: Shown::empty(), cx },
        ),
        Err(elsewhere) => elsewhere,
    })
}

/// POST /invitation/questions: the account becomes its owner's.
pub async fn choose_questions(
    cx: Cx,
    req: HttpRequest,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<QuestionsForm>,
) -> Result<HttpResponse, Refusal> {
    let (cx, held, _found) = match at(cx, &req, InvitationStatus::Questions).await? {
        Ok(here) => here,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let answers = match form.0.read() {
        Ok(answers) => answers,
        Err(problems) => {
            let form = form.0.shown().all(problems);
            return Ok(shown_again(&InvitationQuestionsPage { choices: Question::ALL, form, cx }));
        }
    };
    let hashed = security_question::hash(&hashers, answers).await?;
    let (keys, now, ending) =
        (cx.state.keys.clone(), cx.now(), Ending { hashed, locale: cx.locale, from: whence(&cx) });
    match cx.state.store.write(move |db| Invitation::finish(db, &keys, now, &held, &ending)).await? {
        Finished::Account(account) => {
            cx.state.metrics.happened("registered");
            begin(&cx, &req, &session, &account).await
        }
        Finished::AddressTaken => Ok(page(StatusCode::CONFLICT, &InvitationTakenPage { cx })),
        Finished::Elsewhere => elsewhere(cx, &req).await,
    }
}
