//! «Проверить письмо»: whether a message with this number is ours. It tells when, how and what about, never to whom.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde::Deserialize;

use crate::base::minutes;
use crate::limits::{Declared, Per, RateLimit, Spent};
use crate::notices::log::{self, Ours};
use crate::notices::{Channel, MessageNumber};
use crate::web::{Cx, Form, Problem, Refusal, Shown, page, shown_again};

/// Questions of one address. A number has 50 bits: nobody finds one by trying.
const QUESTIONS: RateLimit = RateLimit::new("landing.message_checks", Per::IpPrefix, 20, minutes(10));

pub const LIMITS: &[Declared] = &[QUESTIONS.declared()];

#[derive(Template)]
#[template(path = "landing/check.html")]
struct CheckPage {
    cx: Cx,
    form: Shown,
    site: String,
    answer: Answer,
}

crate::pages!(CheckPage);

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

impl CheckPage {
    fn subject(&self, found: &Ours) -> String {
        log::subject(self.cx.locale, &found.kind)
    }
}

#[derive(Deserialize)]
pub struct CheckForm {
    #[serde(default)]
    number: String,
}

fn check_page(cx: Cx, form: Shown, answer: Answer) -> CheckPage {
    CheckPage { site: cx.state.settings.link("/"), form, answer, cx }
}

/// GET /check
pub async fn new(cx: Cx) -> HttpResponse {
    page(StatusCode::OK, &check_page(cx, Shown::empty(), Answer::None))
}

/// POST /check: a question, not a change. The answer is this page: the number does not get into addresses and histories.
pub async fn ask(cx: Cx, form: Form<CheckForm>) -> Result<HttpResponse, Refusal> {
    let typed = Shown::empty().with("number", &form.0.number);
    let Some(number) = MessageNumber::read(&form.0.number) else {
        let key = if form.0.number.trim().is_empty() { "check-empty" } else { "check-format" };
        return Ok(shown_again(&check_page(cx, typed.problem(Problem::new("number", key)), Answer::None)));
    };
    let spent = cx.write(|tx| {
        let ip_prefix = tx.client.ip_prefix();
        tx.spend(&QUESTIONS, &ip_prefix)
    });
    if let Spent::Wait { until } = spent.await? {
        return Err(Refusal::TooMany { until });
    }
    let wanted = number.clone();
    let found = cx.read(move |tx| log::find(tx.db, &wanted)).await?;
    let answer = match found {
        Some(found) => Answer::Ours { number, found },
        None => Answer::Unknown { number },
    };
    Ok(page(StatusCode::OK, &check_page(cx, typed, answer)))
}
