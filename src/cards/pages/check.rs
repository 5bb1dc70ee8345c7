//! GET /cards/{handle}, GET /cards/{handle}/check, POST /cards/{handle}/confirmation: where the money of the check charge is, and the
//! sum that its owner names.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{found, state};
use crate::accounts::sms_preferences::CURRENCY;
use crate::base::{Currency, Moment, Money, SumProblem};
use crate::cards::card::Card;
use crate::cards::check::{Check, Named};
use crate::cards::entry::page_closes_at;
use crate::cards::status::{CardStatus, CheckStatus};
use crate::credentials::signed_in::{occasion, write_for_db};
use crate::gateway::may_be_number;
use crate::web::{Cx, Form, Problem, Refusal, Shown, SignedIn, page, see_other, shown_again};

#[derive(Template)]
#[template(path = "cards/check.html")]
struct CheckPage {
    cx: Cx,
    form: Shown,
    name: String,
    handle: String,
    /// How the card stands: the key of the words.
    state: &'static str,
    /// Why it failed.
    failure: Option<&'static str>,
    is_over: bool,
    is_entering: bool,
    /// Until it is checked, no other card can be added.
    is_under_way: bool,
    /// Whether a sum can be named now, and until when.
    asks: Option<Moment>,
    left: i32,
    /// Between which sums it is.
    least: String,
    most: String,
    money: MoneyIs,
    /// The bank's own page, where its owner types the card or says yes to the charge.
    bank_url: Option<String>,
    /// On a trial installation: the bank's messages.
    bank: Option<String>,
}

crate::pages!(CheckPage);

/// Where the money is.
enum MoneyIs {
    /// Nothing was decided yet, or the number is on its way to the bank.
    NotAsked,
    /// The bank's page waits for the card.
    ToBeTyped {
        until: Moment,
    },
    Charging {
        return_by: Moment,
    },
    /// The bank's page waits for a yes.
    AtTheBank {
        until: Moment,
    },
    Charged {
        return_by: Moment,
    },
    Cancelling {
        return_by: Moment,
    },
    Returning {
        return_by: Moment,
        delay: Delay,
    },
    Returned {
        sum: Option<Money>,
        at: Moment,
    },
    NeverTaken,
}

/// What holds the return up.
enum Delay {
    None,
    /// The bank has refused for now.
    Refused,
    /// It does not answer.
    Silent,
    /// … and the time that was promised is over.
    Late,
}

impl Delay {
    fn of(check: &Check, now: Moment) -> Delay {
        match check.trouble {
            _ if check.return_by <= now => Delay::Late,
            None => Delay::None,
            Some(_) if check.is_refused() => Delay::Refused,
            Some(_) => Delay::Silent,
        }
    }
}

impl MoneyIs {
    fn of(card: &Card, check: Option<&Check>, now: Moment) -> MoneyIs {
        let Some(check) = check else {
            let open = card.entry_url.is_some() && card.status == CardStatus::Entering;
            return if open { MoneyIs::ToBeTyped { until: page_closes_at(card) } } else { MoneyIs::NotAsked };
        };
        let return_by = check.return_by;
        let sum_is_known = card.status != CardStatus::Checking;
        if sum_is_known && matches!(check.status, CheckStatus::Charging | CheckStatus::Challenged) {
            // Nobody waits for it any more; the worker is about to say so to the bank.
            return MoneyIs::Cancelling { return_by };
        }
        if sum_is_known && check.status == CheckStatus::Charged {
            return MoneyIs::Returning { return_by, delay: Delay::None };
        }
        match check.status {
            CheckStatus::Charging => MoneyIs::Charging { return_by },
            CheckStatus::Challenged => MoneyIs::AtTheBank { until: check.confirm_by().unwrap_or(return_by) },
            CheckStatus::Charged => MoneyIs::Charged { return_by },
            CheckStatus::Cancelling => MoneyIs::Cancelling { return_by },
            CheckStatus::Returning => MoneyIs::Returning { return_by, delay: Delay::of(check, now) },
            CheckStatus::Returned => MoneyIs::Returned {
                sum: sum_is_known.then(|| check.sum()),
                at: check.returned_at.unwrap_or(return_by),
            },
            CheckStatus::Declined => MoneyIs::NeverTaken,
        }
    }
}

fn check_page(cx: Cx, card: &Card, check: Option<&Check>, form: Shown) -> CheckPage {
    let is_over = matches!(card.status, CardStatus::Failed | CardStatus::Unbound);
    let open = card.status == CardStatus::Checking && card.tries_left > 0;
    let asks = check
        .filter(|check| open && check.status.was_taken())
        .and_then(Check::answer_by)
        .filter(|by| cx.now() < *by);
    let bank_url = match check {
        None => card.entry_url.clone(),
        Some(check) => check.bank_url.clone(),
    };
    let (least, most) = Check::range(check.map_or(CURRENCY, Check::currency));
    CheckPage {
        form,
        name: card.name(),
        handle: card.handle.clone(),
        state: state(card, check, cx.now()),
        failure: card.failure.filter(|_| card.status == CardStatus::Failed).map(|why| why.text()),
        is_over,
        is_entering: card.status == CardStatus::Entering,
        is_under_way: matches!(card.status, CardStatus::Entering | CardStatus::Checking),
        asks,
        left: card.tries_left,
        least: cx.money(&least),
        most: cx.money(&most),
        money: MoneyIs::of(card, check, cx.now()),
        bank_url,
        bank: cx.state.bank(),
        cx,
    }
}

/// GET /cards/{handle}/check
pub async fn show(cx: Cx, who: SignedIn, handle: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let (card, check) = found(&cx, &who.0, &handle).await?;
    Ok(page(StatusCode::OK, &check_page(cx, &card, check.as_ref(), Shown::empty())))
}

/// GET /cards/{handle}: what messages link to.
pub async fn show_card(cx: Cx, who: SignedIn, handle: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let (card, _check) = found(&cx, &who.0, &handle).await?;
    Ok(cx.on_to(&format!("/cards/{}/check", card.handle)))
}

#[derive(Deserialize)]
pub struct SumForm {
    #[serde(default)]
    sum: String,
}

/// A list of operations shows a charge with a minus.
fn named(typed: &str, currency: Currency) -> Result<Money, SumProblem> {
    let bare = typed.trim_start();
    Money::read(bare.strip_prefix(['-', '\u{2212}', '\u{2013}']).unwrap_or(bare), currency)
}

/// POST /cards/{handle}/confirmation: the sum.
pub async fn name(
    cx: Cx,
    who: SignedIn,
    handle: web::Path<String>,
    form: Form<SumForm>,
) -> Result<HttpResponse, Refusal> {
    let (card, check) = found(&cx, &who.0, &handle).await?;
    let here = format!("/cards/{}/check", card.handle);
    let Some(check) = check else { return Ok(see_other(&here)) };
    // A number in the wrong field is not shown again.
    let typed = Shown::empty().with("sum", if may_be_number(&form.0.sum) { "" } else { &form.0.sum });
    let sum = match named(&form.0.sum, check.currency()) {
        Ok(sum) => sum,
        Err(problem) => {
            let key = if problem == SumProblem::Empty { "card-sum-empty" } else { "card-sum-wrong" };
            return Ok(shown_again(&check_page(
                cx,
                &card,
                Some(&check),
                typed.problem(Problem::new("sum", key)),
            )));
        }
    };
    let (keys, on, of) = (cx.state.keys.clone(), occasion(&cx), card.clone());
    let named = write_for_db(&cx, &who.0, move |db| Check::name(db, &keys, &on, &of, sum)).await?;
    cx.state.wake_worker();
    match named {
        Named::Missed { left } => {
            let (card, check) = found(&cx, &who.0, &handle).await?;
            let problem = Problem::new("sum", "card-sum-missed").arg("left", left);
            Ok(shown_again(&check_page(cx, &card, check.as_ref(), typed.problem(problem))))
        }
        Named::Confirmed | Named::Spent | Named::Elsewhere => Ok(see_other(&here)),
    }
}
