//! GET and POST /sign-in/code: the second factor, after the right password.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::sign_in::pages::{AlreadyPage, enter as enter_account};
use crate::access::sign_in::second_step::{self, Judged, Try};
use crate::base::{Moment, Token};
use crate::credentials::second_factor::Code;
use crate::credentials::signed_in::occasion;
use crate::web::{Cx, DEVICE, FACTOR, Form, Problem, Refusal, Shown, page, see_other, shown_again};

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
    let now = cx.now();
    Ok(match cx.state.store.read(move |db| second_step::find(db, &token, now)).await? {
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
    let held = cx.state.cookies.token(&req, DEVICE);
    match judge(&cx, token, code, held, form.0.remember == "yes").await? {
        Judged::Right { account, device } => {
            let mut response = enter_account(&cx, &session, &account, &device)?;
            let _ = response.add_cookie(&cx.state.cookies.removal(FACTOR));
            Ok(response)
        }
        Judged::Missed { left } => {
            cx.state.metrics.happened("factor_missed");
            let form = Shown::empty().problem(Problem::new("code", "second-step-wrong").arg("left", left));
            Ok(shown_again(&CodePage { cx, form }))
        }
        Judged::Spent => Ok(shown_again(&OverPage { cx, spent: true })),
        Judged::Gone => Ok(shown_again(&OverPage { cx, spent: false })),
        Judged::Wait { until } => Ok(shut(cx, until)),
    }
}

async fn judge(
    cx: &Cx,
    token: Token,
    code: Code,
    held: Option<Token>,
    trusts: bool,
) -> Result<Judged, Refusal> {
    let (keys, on) = (cx.state.keys.clone(), occasion(cx));
    let judged = cx.state.store.write(move |db| {
        let given = Try { token: &token, code: &code, held: held.as_ref(), trusts, on: &on };
        second_step::judge(db, &keys, &given)
    });
    Ok(judged.await?)
}

/// Too many wrong codes: the page says when to come again.
fn shut(cx: Cx, until: Moment) -> HttpResponse {
    cx.state.metrics.happened("factor_shut");
    let seconds = until.since(cx.now()).as_secs().max(1);
    let problem = Problem::new("code", "sign-in-wait").arg("minutes", seconds.div_ceil(60));
    let mut response =
        page(StatusCode::TOO_MANY_REQUESTS, &CodePage { cx, form: Shown::empty().problem(problem) });
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    response
}
