//! GET and POST /sign-in/code: the second factor, after the right password.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::sign_in::pages::{AlreadyPage, enter as enter_account};
use crate::access::sign_in::second_step::{self, StepOutcome, Try};
use crate::base::Moment;
use crate::credentials::second_factor::Code;
use crate::web::{Cx, DEVICE, FACTOR, Form, Problem, Refusal, Shown, page, see_other, shown_again, too_many};

#[derive(Template)]
#[template(path = "access/sign_in/second_step.html")]
struct CodePage {
    cx: Cx,
    form: Shown,
}

/// There is nothing to finish any more: the password comes first again.
#[derive(Template)]
#[template(path = "access/sign_in/second_step_over.html")]
struct OverPage {
    cx: Cx,
    spent: bool,
}

crate::pages!(CodePage, OverPage);

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: Zeroizing<String>,
    #[serde(default)]
    remember: String,
}

/// GET /sign-in/code
pub async fn show(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    if cx.who.is_some() {
        return Ok(page(StatusCode::OK, &AlreadyPage { cx }));
    }
    let Some(token) = cx.state.cookies.token(&req, FACTOR) else { return Ok(see_other("/sign-in")) };
    Ok(match cx.read(move |tx| second_step::find(tx, &token)).await? {
        Some(_waiting) => page(StatusCode::OK, &CodePage { cx, form: Shown::empty() }),
        None => page(StatusCode::OK, &OverPage { cx, spent: false }),
    })
}

/// POST /sign-in/code
pub async fn enter(
    cx: Cx,
    req: HttpRequest,
    session: Session,
    form: Result<Form<CodeForm>, Refusal>,
) -> Result<HttpResponse, Refusal> {
    // The form was sent twice, and the first has let its sender in.
    if cx.who.is_some() {
        return Ok(page(StatusCode::OK, &AlreadyPage { cx }));
    }
    let form = form?;
    let Some(token) = cx.state.cookies.token(&req, FACTOR) else { return Ok(see_other("/sign-in")) };
    let Some(code) = Code::read(&form.0.code) else {
        let form = Shown::empty().problem(Problem::new("code", "factor-either-code-format"));
        return Ok(shown_again(&CodePage { cx, form }));
    };
    let (held, trusts) = (cx.state.cookies.token(&req, DEVICE), form.0.remember == "yes");
    let checked = cx.write(move |tx| {
        second_step::check(tx, &Try { token: &token, code: &code, held: held.as_ref(), trusts })
    });
    match checked.await? {
        StepOutcome::Right { account, browser } => {
            let mut response = enter_account(&cx, &session, &account, &browser)?;
            let _ = response.add_cookie(&cx.state.cookies.removal(FACTOR));
            Ok(response)
        }
        StepOutcome::Wrong { left } => {
            cx.state.metrics.happened("factor_missed");
            let form = Shown::empty().problem(Problem::new("code", "second-step-wrong").arg("left", left));
            Ok(shown_again(&CodePage { cx, form }))
        }
        StepOutcome::NoTriesLeft => Ok(shown_again(&OverPage { cx, spent: true })),
        StepOutcome::WrongStep => Ok(shown_again(&OverPage { cx, spent: false })),
        StepOutcome::Wait { until } => Ok(shut(cx, until)),
    }
}

/// Too many wrong codes: the page says when to come again.
fn shut(cx: Cx, until: Moment) -> HttpResponse {
    cx.state.metrics.happened("factor_shut");
    let minutes = until.since(cx.now()).as_secs().max(1).div_ceil(60);
    let form = Shown::empty().problem(Problem::new("code", "sign-in-wait").arg("minutes", minutes));
    too_many(&CodePage { cx, form }, until)
}
