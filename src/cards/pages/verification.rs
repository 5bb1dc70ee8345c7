//! GET /cards/{handle}, GET /cards/{handle}/verification and /waiting, POST /cards/{handle}/confirmation: where the money of the verification
//! charge is, and the sum that its owner names. /cards/{handle}/return: back from the bank.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use validator::{Validate, ValidateArgs, ValidationError};

use super::progress::{self, ChargeProgress, Delay};
use super::track::{Step, track};
use super::{Standing, found};
use crate::accounts::sms_preferences::CURRENCY;
use crate::base::{Currency, Moment, Money, SumProblem, Token, days};
use crate::cards::card::Card;
use crate::cards::gateway_access::GatewayAccess;
use crate::cards::status::CardStatus;
use crate::cards::verification::CardVerification;
use crate::cards::verification_charge::AmountCheck;
use crate::connections::Seat;
use crate::credentials::current_session::write_for;
use crate::db::Tx;
use crate::gateway::may_be_number;
use crate::web::{
    CurrentSession, Cx, Flash, Form, FormState, Problem, Refusal, Session, Waited, page, problems, see_other,
    unprocessable,
};

#[derive(Template)]
#[template(path = "cards/verification.html")]
struct VerificationPage {
    cx: Cx,
    form: FormState,
    name: String,
    handle: String,
    standing: Standing,
    track: Vec<Step>,
    /// Until when it cannot be brought again.
    blocked: Option<String>,
    is_over: bool,
    /// Until it is checked, no other card can be added.
    is_under_way: bool,
    /// Whether the page may soon say something else.
    may_change: bool,
    /// Whether a sum can be named now, and until when.
    asks: Option<Moment>,
    left: i32,
    /// Between which sums it is.
    least: String,
    most: String,
    money: ChargeProgress,
    /// Its owner comes from the bank's page, and the bank has not said yet what came of it.
    was_at_the_bank: bool,
    /// The bank's own page, where its owner types the card or says yes to the charge.
    challenge_url: Option<String>,
    /// On a trial installation: the bank's messages.
    bank: Option<String>,
}

crate::pages!(VerificationPage);

impl VerificationPage {
    /// To somebody who was at the bank nobody says to go there.
    fn awaits_the_bank(&mut self) {
        if !matches!(self.money, ChargeProgress::ToBeTyped { .. } | ChargeProgress::AtTheBank { .. }) {
            return;
        }
        (self.was_at_the_bank, self.standing.word, self.standing.text) = (true, "card-state-checked", None);
        for step in self.track.iter_mut().filter(|step| step.is_current) {
            step.text = "card-step-answer";
        }
    }
}

fn verification_page(
    cx: Cx,
    access: &GatewayAccess,
    card: &Card,
    verification: Option<&CardVerification>,
    form: FormState,
) -> VerificationPage {
    let is_over = card.status.is_over();
    let is_under_way = matches!(card.status, CardStatus::Entering | CardStatus::Verifying);
    let open = card.status == CardStatus::Verifying && card.tries_left > 0;
    let asks = verification
        .filter(|verification| open && verification.status.was_taken())
        .and_then(CardVerification::answer_by)
        .filter(|by| cx.now() < *by);
    let challenge_url = match verification {
        None => card.entry_url.clone(),
        Some(verification) => verification.challenge_url.clone(),
    };
    let currency = verification.map_or(CURRENCY, CardVerification::currency);
    let (least, most) = cx.range(CardVerification::range(currency));
    let money = ChargeProgress::of(card, verification, cx.now());
    VerificationPage {
        form,
        name: card.name(),
        handle: card.handle.clone(),
        standing: Standing::of(card, verification, cx.now()),
        track: track(card, verification, &money, asks),
        blocked: blocked(&cx, card),
        is_over,
        is_under_way,
        may_change: is_under_way
            || !matches!(money, ChargeProgress::Returned { .. } | ChargeProgress::NeverTaken),
        asks,
        left: card.tries_left,
        least,
        most,
        money,
        was_at_the_bank: false,
        challenge_url,
        bank: access.bank_page.clone(),
        cx,
    }
}

/// After wrong sums a number rests for a day, and later for a month.
fn blocked(cx: &Cx, card: &Card) -> Option<String> {
    let until = card.cool_down_until.filter(|until| *until > cx.now())?;
    let is_day = card.ended_at.is_some_and(|at| until.since(at) <= days(1));
    let key = if is_day { "card-blocked-day" } else { "card-blocked-month" };
    Some(cx.ta(key, &[("until", cx.when(&until).into())]))
}

/// GET /cards/{handle}/verification, and GET /cards/{handle}, which messages link to and where the answer to a sum leads: a text browser
/// that is led to the very page it shows warns of losing what was typed.
pub async fn show(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    access: web::Data<GatewayAccess>,
    handle: web::Path<String>,
    req: HttpRequest,
) -> Result<HttpResponse, Refusal> {
    show_soon(cx, &session, &access, &handle, (&req, false)).await
}

/// GET /cards/{handle}/waiting: the same to somebody who was at the bank.
pub async fn show_waiting(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    access: web::Data<GatewayAccess>,
    handle: web::Path<String>,
    req: HttpRequest,
) -> Result<HttpResponse, Refusal> {
    show_soon(cx, &session, &access, &handle, (&req, true)).await
}

/// Where the bank sends its customer back to, by a link or a form of its own. Whatever comes along proves nothing and is dropped; there is no
/// session here, because a browser brings no cookie with another site's form.
pub async fn come_back(handle: web::Path<String>) -> HttpResponse {
    // Nothing else becomes a part of an address.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if (1..=Token::CHARS).contains(&handle.len()) && handle.bytes().all(is_plain) {
        see_other(&format!("/cards/{handle}/waiting"))
    } else {
        see_other("/cards")
    }
}

/// The page, as soon as the bank's word is there, or when it has been waited for long enough.
async fn show_soon(
    cx: Cx,
    session: &Session,
    access: &GatewayAccess,
    handle: &str,
    (req, was_at_the_bank): (&HttpRequest, bool),
) -> Result<HttpResponse, Refusal> {
    let now = cx.now();
    let is_enough = |(card, verification): &(Card, Option<CardVerification>)| {
        !progress::comes_soon(card, verification.as_ref(), was_at_the_bank, now)
    };
    let (mut seen, mut waited) = (found(&cx, session, handle).await?, false);
    if !is_enough(&seen)
        && let Some(place) = access.waiting.enter(seen.0.id)
    {
        let has_room = || !req.conn_data::<Seat>().is_some_and(Seat::is_short);
        seen = place.look(|| found(&cx, session, handle), is_enough, has_room).await?;
        waited = true;
    }
    let (card, verification) = seen;
    let mut shown = verification_page(cx, access, &card, verification.as_ref(), FormState::empty());
    if was_at_the_bank {
        shown.awaits_the_bank();
    }
    let mut response = page(StatusCode::OK, &shown);
    if waited {
        response.extensions_mut().insert(Waited);
    }
    Ok(response)
}

#[derive(Deserialize, Validate)]
#[validate(context = Currency)]
pub struct SumForm {
    #[serde(default)]
    #[validate(custom(function = is_amount, use_context))]
    sum: String,
}

crate::shown_again!(SumForm: []);

/// A list of operations shows a charge with a minus.
fn amount(typed: &str, currency: Currency) -> Result<Money, SumProblem> {
    let bare = typed.trim_start();
    Money::read(bare.strip_prefix(['-', '\u{2212}', '\u{2013}']).unwrap_or(bare), currency)
}

fn is_amount(typed: &str, currency: &Currency) -> Result<(), ValidationError> {
    amount(typed, *currency).map(drop).map_err(|problem| match problem {
        SumProblem::Empty => ValidationError::new("card-sum-empty"),
        SumProblem::Wrong | SumProblem::Large => ValidationError::new("card-sum-wrong"),
    })
}

/// POST /cards/{handle}/confirmation: the sum.
pub async fn confirm(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    access: web::Data<GatewayAccess>,
    handle: web::Path<String>,
    form: Form<SumForm>,
) -> Result<HttpResponse, Refusal> {
    let (card, verification) = found(&cx, &session, &handle).await?;
    let here = format!("/cards/{}", card.handle);
    let Some(verification) = verification else { return Ok(see_other(&here)) };
    // A number in the wrong field is not shown again.
    let typed = FormState::empty().with("sum", if may_be_number(&form.0.sum) { "" } else { &form.0.sum });
    let currency = verification.currency();
    let Ok(sum) = amount(&form.0.sum, currency) else {
        let wrong = typed.all(problems(form.0.validate_with_args(&currency), &["sum"]));
        return Ok(unprocessable(&verification_page(cx, &access, &card, Some(&verification), wrong)));
    };
    let (least, most) = CardVerification::range(currency);
    let is_out = !(least.minor..=most.minor).contains(&sum.minor);
    if is_out || sum.lacks_hundredths() {
        // No sum that could have been charged: nothing is guessed by it, and it costs no try.
        let out = Problem::new("sum", if is_out { "card-sum-range" } else { "card-sum-whole" });
        let (least, most) = cx.range((least, most));
        let out = out.arg("least", least).arg("most", most);
        let shown = verification_page(cx, &access, &card, Some(&verification), typed.problem(out));
        return Ok(unprocessable(&shown));
    }
    let of = card.clone();
    let confirm = move |tx: &mut Tx| CardVerification::confirm_amount(tx, &of, sum);
    let outcome = write_for(&cx, &session, confirm).await?;
    cx.state.wake_worker();
    match outcome {
        AmountCheck::Wrong { left } => {
            let (card, verification) = found(&cx, &session, &handle).await?;
            let problem = Problem::new("sum", "card-sum-missed").arg("left", left);
            Ok(unprocessable(&verification_page(
                cx,
                &access,
                &card,
                verification.as_ref(),
                typed.problem(problem),
            )))
        }
        AmountCheck::Confirmed => {
            Ok(cx.leads_on(&here, Flash::good("card-confirmed").arg("card", card.name())))
        }
        AmountCheck::NoTriesLeft | AmountCheck::WrongStep => Ok(see_other(&here)),
    }
}
