//! GET and POST /sign-in/code: the second factor, after the right password.

use actix_session::Session as SessionCookie;
use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::access::sign_in::pages::{already_inside, enter as enter_account, inside, is_refused};
use crate::access::sign_in::second_step::{self, CodeAttempt, StepOutcome};
use crate::base::Moment;
use crate::credentials::second_factor::Code;
use crate::web::{
    Cx, FACTOR, Flash, Form, FormState, Problem, Refusal, TRUSTED_BROWSER, page, too_many, unprocessable,
    with_cookie,
};

crate::pages! {
    "access/sign_in/second_step.html" => struct CodePage { form: FormState }
    /// There is nothing to finish any more: the password comes first again.
    "access/sign_in/second_step_over.html" => struct OverPage { spent: bool }
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub struct CodeForm {
    code: Zeroizing<String>,
    remember: String,
    /// The page that opens after signing in.
    next: String,
}

crate::shown_again!(CodeForm: []);

/// Nothing waits for a code in this browser.
fn password_first(cx: &Cx) -> HttpResponse {
    cx.leads_on(&cx.wanting("/sign-in"), Flash::new("flash-password-first"))
}

/// GET /sign-in/code
pub async fn show(cx: Cx, req: HttpRequest) -> Result<HttpResponse, Refusal> {
    if cx.session.is_some() {
        return Ok(cx.redirect_to(inside(&cx)));
    }
    let Some(token) = cx.state.cookies.token(&req, FACTOR) else { return Ok(password_first(&cx)) };
    Ok(match cx.read(move |tx| second_step::find(tx, &token)).await? {
        Some(_waiting) => page(StatusCode::OK, &CodePage { cx, form: FormState::empty() }),
        None => page(StatusCode::OK, &OverPage { cx, spent: false }),
    })
}

/// POST /sign-in/code
pub async fn enter(
    mut cx: Cx,
    req: HttpRequest,
    cookie: SessionCookie,
    form: Result<Form<CodeForm>, Refusal>,
) -> Result<HttpResponse, Refusal> {
    // The form was sent twice, and the first has let its sender in.
    if cx.session.is_some() && !is_refused(&form) {
        let _typed = cx.wants_old(&req);
        return Ok(already_inside(&cx));
    }
    let form = form?;
    cx.wanted = cx.own_page(&form.0.next);
    let Some(token) = cx.state.cookies.token(&req, FACTOR) else { return Ok(password_first(&cx)) };
    let Some(code) = Code::read(&form.0.code) else {
        let form = FormState::empty().problem(Problem::new("code", "factor-either-code-format"));
        return Ok(unprocessable(&CodePage { cx, form }));
    };
    let (held, trusts) = (cx.state.cookies.token(&req, TRUSTED_BROWSER), form.0.remember == "yes");
    let checked = cx.write(move |tx| {
        second_step::check(tx, &CodeAttempt { token: &token, code: &code, held: held.as_ref(), trusts })
    });
    match checked.await? {
        StepOutcome::Right { account, entered } => {
            cx.state.wake_worker();
            let response = enter_account(&cx, &cookie, &account, &entered)?;
            Ok(with_cookie(response, &cx.state.cookies.removal(FACTOR)))
        }
        StepOutcome::Wrong { left } => {
            cx.state.metrics.count_event("factor_missed");
            cx.code_refused("second step of a sign-in");
            let form =
                FormState::empty().problem(Problem::new("code", "second-step-wrong").arg("left", left));
            Ok(unprocessable(&CodePage { cx, form }))
        }
        StepOutcome::NoTriesLeft => {
            cx.code_refused("second step of a sign-in, the last try");
            Ok(unprocessable(&OverPage { cx, spent: true }))
        }
        StepOutcome::WrongStep => Ok(unprocessable(&OverPage { cx, spent: false })),
        StepOutcome::Wait { until } => Ok(denied(cx, until)),
    }
}

/// Too many wrong codes: the page says when to come again.
fn denied(cx: Cx, until: Moment) -> HttpResponse {
    cx.state.metrics.count_event("factor_shut");
    cx.code_refused("second step of a sign-in, not looked at: too many failures");
    let minutes = until.since(cx.now()).as_secs().max(1).div_ceil(60);
    let form = FormState::empty().problem(Problem::new("code", "sign-in-wait").arg("minutes", minutes));
    too_many(&CodePage { cx, form }, until)
}
