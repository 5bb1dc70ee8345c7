//! The steps back into an account: the mailed link's button, the security questions, a new password.

use actix_web::http::StatusCode;
use actix_web::{Error, HttpRequest, HttpResponse, web};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::recovery::Recovery;
use crate::access::recovery::pages::{PASSWORD, QUESTIONS, STEP, SUPPORT, at, elsewhere, go_on};
use crate::access::recovery::restore::AnswersOutcome;
use crate::access::sign_in::pages::after_recovery;
use crate::accounts::account::Account;
use crate::base::Token;
use crate::credentials::hashing::{Hashers, Verdict};
use crate::credentials::new_password::{NewPasswordForm, mistakes};
use crate::credentials::password as rules;
use crate::credentials::security_question::{ANSWER_MAX_CHARS, Answer, QUESTION_COUNT, Question};
use crate::limits::{Judged, Spent};
use crate::notices::Channel;
use crate::web::{
    ButtonForm, Cx, Flash, Form, FormState, Problem, Refusal, TRUSTED_BROWSER, instead, page, see_other,
    unprocessable,
};

crate::pages! {
    "access/recovery/step.html" => struct RecoveryStepPage { number: String }
    "access/recovery/questions.html" => struct RecoveryQuestionsPage {
        form: FormState,
        first: Question,
        second: Question,
        third: Question,
        left: u32,
    }
    "access/recovery/password.html" => struct RecoveryPasswordPage {
        form: FormState,
        number: String,
        login: String,
    }
    "access/recovery/support.html" => struct RecoverySupportPage {
        reference: String,
        email: Option<String>,
        is_mailed: bool,
        mail_button: &'static str,
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct AnswersForm {
    answer1: Zeroizing<String>,
    answer2: Zeroizing<String>,
    answer3: Zeroizing<String>,
}

crate::shown_again!(AnswersForm: []);

/// GET /recovery/step: the mailed link's one button; nothing changes.
pub async fn step(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, _link, found) = at(cx, &req, STEP).await?;
    let account = cx.read(move |tx| found.account(tx.db)).await?;
    let number = account.map_or_else(String::new, |account| account.masked_number());
    Ok(page(StatusCode::OK, &RecoveryStepPage { number, cx }))
}

/// POST /recovery/step: uses the link up.
pub async fn follow(cx: Cx, req: HttpRequest, _form: Form<ButtonForm>) -> Result<HttpResponse, Error> {
    let (cx, link, _found) = at(cx, &req, STEP).await?;
    match cx.write(move |tx| Recovery::follow(tx, &link)).await? {
        Some(verified) => Ok(go_on(&cx, &verified)),
        None => elsewhere(cx, &req).await,
    }
}

async fn questions_page(cx: Cx, req: &HttpRequest, form: FormState) -> Result<RecoveryQuestionsPage, Error> {
    let (cx, held, found) = at(cx, req, QUESTIONS).await?;
    let asked = cx.read(move |tx| Recovery::questions(tx, &held)).await?;
    let left = u32::try_from(found.answers_left).unwrap_or(0);
    match asked.map(|asked| asked.questions) {
        Some([first, second, third]) => Ok(RecoveryQuestionsPage { first, second, third, left, form, cx }),
        None => Err(instead(see_other("/recovery"))),
    }
}

/// GET /recovery/questions
pub async fn questions(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    Ok(page(StatusCode::OK, &questions_page(cx, &req, FormState::empty()).await?))
}

/// POST /recovery/questions: all three are compared together, and nobody is told which was wrong.
pub async fn answer(
    cx: Cx,
    req: HttpRequest,
    hashers: web::Data<Hashers>,
    form: Form<AnswersForm>,
) -> Result<HttpResponse, Error> {
    let (cx, held, _found) = at(cx, &req, QUESTIONS).await?;
    let typed = match form.0.read() {
        Ok(typed) => typed,
        Err(problems) => {
            return Ok(unprocessable(&questions_page(cx, &req, FormState::empty().all(problems)).await?));
        }
    };
    let [first, second, third] = &typed;
    let parts = [held.as_str(), first.text(), second.text(), third.text()].map(str::as_bytes);
    // What the browser holds is stored nowhere: without it nobody can try guesses against the name that they leave.
    let judged = Judged::of(&cx.state.keys, "answers", &parts);
    let (spender, sent) = (held.clone(), judged.clone());
    let (asked, left) = match cx.write(move |tx| Recovery::spend_answers(tx, &spender, &sent)).await? {
        AnswersOutcome::Compare { asked, left } => (asked, left),
        AnswersOutcome::Repeated { left } => return answers_wrong(cx, &req, left).await,
        AnswersOutcome::Wait { until } => return Err(Refusal::TooMany { until }.into()),
        AnswersOutcome::WrongStep => return elsewhere(cx, &req).await,
    };
    let right = asked.check(&hashers, typed).await?;
    cx.write(move |tx| Recovery::answered(tx, &held, &judged, right, left)).await?;
    if right || left == 0 {
        return elsewhere(cx, &req).await;
    }
    cx.state.metrics.count_event("answers_missed");
    cx.code_refused("recovery, security questions");
    answers_wrong(cx, &req, left).await
}

async fn answers_wrong(cx: Cx, req: &HttpRequest, left: i32) -> Result<HttpResponse, Error> {
    let form = FormState::empty().problem(Problem::new("answers", "answers-wrong").arg("left", left));
    Ok(unprocessable(&questions_page(cx, req, form).await?))
}

impl AnswersForm {
    fn read(&self) -> Result<[Answer; QUESTION_COUNT], Vec<Problem>> {
        let fields = [("answer1", &self.answer1), ("answer2", &self.answer2), ("answer3", &self.answer3)];
        let (mut answers, mut problems) = (Vec::new(), Vec::new());
        for (field, typed) in fields {
            match Answer::read(typed) {
                Ok(answer) => answers.push(answer),
                Err(problem) => {
                    problems.push(Problem::new(field, problem.key()).arg("max", ANSWER_MAX_CHARS))
                }
            }
        }
        answers.try_into().map_err(|_some_missing| problems)
    }
}

async fn at_password(cx: Cx, req: &HttpRequest) -> Result<(Cx, Token, Account, String), Error> {
    let (mut cx, held, found) = at(cx, req, PASSWORD).await?;
    cx.wanted = cx.own_page(&found.wanted(&cx.state.keys));
    let wanted = held.clone();
    match cx.read(move |tx| Recovery::at_password(tx, &wanted)).await? {
        Some(account) => {
            let email = account.email.as_ref().filter(|_| found.channel == Channel::Mail);
            let login = email.map_or_else(|| account.first_login(), |email| email.as_str().to_owned());
            Ok((cx, held, account, login))
        }
        None => Err(instead(see_other("/recovery"))),
    }
}

fn password_page(cx: Cx, form: FormState, account: &Account, login: String) -> RecoveryPasswordPage {
    RecoveryPasswordPage { number: account.masked_number(), login, form, cx }
}

/// GET /recovery/password
pub async fn password(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (cx, _held, account, login) = at_password(cx, &req).await?;
    Ok(page(StatusCode::OK, &password_page(cx, FormState::empty(), &account, login)))
}

/// POST /recovery/password
pub async fn set_password(
    cx: Cx,
    req: HttpRequest,
    hashers: web::Data<Hashers>,
    form: Form<NewPasswordForm>,
) -> Result<HttpResponse, Error> {
    let (cx, held, account, login) = at_password(cx, &req).await?;
    let mut problems = mistakes(&cx, &form.0, &account, account.email.clone()).await?;
    let password = rules::normal(&form.0.password);
    if problems.is_empty()
        && hashers.verify(password.clone(), account.password_hash(&cx.state.keys)).await? != Verdict::Wrong
    {
        problems.push(Problem::new("password", "password-same"));
    }
    if !problems.is_empty() {
        return Ok(unprocessable(&password_page(cx, FormState::empty().all(problems), &account, login)));
    }
    let password_hash = hashers.hash(password).await?;
    let known = cx.state.cookies.token(&req, TRUSTED_BROWSER);
    let finished = cx.write(move |tx| Recovery::finish(tx, &held, &password_hash, known.as_ref()));
    let Some(restored) = finished.await? else { return elsewhere(cx, &req).await };
    cx.state.wake_worker();
    cx.state.metrics.count_event("password_reset");
    tracing::info!(request = %cx.request_id, account = account.id.as_i64(), ip = %cx.ip, "a password was restored");
    Ok(after_recovery(&cx, login, restored.browser.as_ref()))
}

/// GET /recovery/support
pub async fn support(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Error> {
    let (mut cx, held, found) = at(cx, &req, SUPPORT).await?;
    cx.wanted = cx.own_page(&found.wanted(&cx.state.keys));
    let same = found.clone();
    let read = cx.read(move |tx| {
        let has_email = same.account(tx.db)?.is_some_and(|account| account.email.is_some());
        Ok((has_email, Recovery::unconfirmed_email(tx, &held)?))
    });
    let (has_email, unconfirmed) = read.await?;
    if has_email {
        // Confirmed meanwhile, by the mail that this page has sent or by another.
        return Ok(cx.leads_on(&cx.wanting("/recovery"), Flash::good("flash-recovery-confirmed")));
    }
    let email = unconfirmed.map(|(_, email)| email.masked());
    let is_mailed = cx.said().is_some();
    let mail_button = if is_mailed { "recovery-support-mail-again" } else { "recovery-support-mail" };
    let reference = found.reference.unwrap_or_default();
    Ok(page(StatusCode::OK, &RecoverySupportPage { reference, email, is_mailed, mail_button, cx }))
}

/// POST /recovery/support: the mail that confirms the address once more.
pub async fn mail_again(cx: Cx, req: HttpRequest, _form: Form<ButtonForm>) -> Result<HttpResponse, Error> {
    let (cx, held, _found) = at(cx, &req, SUPPORT).await?;
    let locale = cx.locale;
    match cx.write(move |tx| Recovery::confirm_email_again(tx, &held, locale)).await? {
        Some((email, Spent::Allowed)) => {
            cx.state.wake_worker();
            Ok(cx.leads_on(SUPPORT, Flash::good("flash-recovery-mailed").arg("email", email.masked())))
        }
        Some((_, Spent::Wait { until })) => Err(Refusal::TooMany { until }.into()),
        None => Ok(see_other(SUPPORT)),
    }
}
