//! «Проверить письмо»: whether a message with this number is ours. It tells when, how and what about, never to whom.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use crate::base::minutes;
use crate::limits::{Declared, Per, RateLimit, Spent};
use crate::notices::log::{self, Ours};
use crate::notices::{Channel, MessageNumber};
use crate::web::{Cx, Form, FormState, Problem, Refusal, page, unprocessable};

/// Questions of one address. A number has 50 bits: nobody finds one by trying.
const QUESTIONS: RateLimit = RateLimit::new("landing.message_checks", Per::IpPrefix, 20, minutes(10));

pub const LIMITS: &[Declared] = &[QUESTIONS.declared()];

#[derive(Template)]
#[template(path = "landing/verify.html")]
struct VerifyPage {
    cx: Cx,
    form: FormState,
    site: String,
    answer: Answer,
}

crate::pages!(VerifyPage);

/// What is known of a number.
enum Answer {
    /// Nothing was asked yet.
    None,
    Ours {
        number: MessageNumber,
        found: Ours,
    },
    Unknown {
        number: MessageNumber,
    },
}

impl VerifyPage {
    fn subject(&self, found: &Ours) -> String {
        log::subject(self.cx.locale, &found.kind)
    }
}

#[derive(Deserialize)]
pub struct VerifyForm {
    #[serde(default)]
    number: String,
}

crate::shown_again!(VerifyForm: ["number"]);

fn verify_page(cx: Cx, form: FormState, answer: Answer) -> VerifyPage {
    VerifyPage { site: cx.state.settings.link("/"), form, answer, cx }
}

/// GET /messages/verify
pub async fn new(cx: Cx) -> HttpResponse {
    page(StatusCode::OK, &verify_page(cx, FormState::empty(), Answer::None))
}

/// POST /messages/verify: a question, not a change. The answer is this page: the number does not get into addresses and histories.
pub async fn create(cx: Cx, form: Form<VerifyForm>) -> Result<HttpResponse, Refusal> {
    let typed = FormState::empty().with("number", &form.0.number);
    let Some(number) = MessageNumber::read(&form.0.number) else {
        let key = if form.0.number.trim().is_empty() { "verify-empty" } else { "verify-format" };
        return Ok(unprocessable(&verify_page(cx, typed.problem(Problem::new("number", key)), Answer::None)));
    };
    let spent = cx.write(|tx| {
        let ip_prefix = tx.client.ip_prefix();
        tx.spend(&QUESTIONS, &ip_prefix)
    });
    if let Spent::Wait { until } = spent.await? {
        return Err(Refusal::Network { until });
    }
    let wanted = number.clone();
    let found = cx.read(move |tx| log::find(tx.db, &wanted)).await?;
    let answer = match found {
        Some(found) => Answer::Ours { number, found },
        None => Answer::Unknown { number },
    };
    Ok(page(StatusCode::OK, &verify_page(cx, typed, answer)))
}
