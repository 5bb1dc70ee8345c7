//! The bank's pages for people: the test cards, the messages to each cardholder, the confirmation of a charge, the form for a card.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::cards::{BankSms, Card};
use super::confirmations::Confirmation;
use super::hosted::{CardPage, PageState};
use super::record::Event;
use super::test_cards::{Behavior, TEST_CARDS};
use super::{Bank, BankError, CardDetails};
use crate::base::Money;
use crate::gateway::{CodeProblem, Expiry, ExpiryProblem, Holder, Pan, PanProblem, SecurityCode};
use crate::sandbox::cx::{Cx, page, unavailable, unprocessable};
use crate::texts;
use crate::web::{FormState, Problem};

const BODY_BYTES: usize = 4 * 1024;

pub(in crate::sandbox) fn routes(app: &mut web::ServiceConfig) {
    app.service(
        web::scope("/bank")
            .app_data(web::FormConfig::default().limit(BODY_BYTES))
            .route("", web::get().to(index))
            .route("/messages.json", web::get().to(json))
            .route("/journal.json", web::get().to(journal))
            .route("/cards/{id}", web::get().to(messages))
            .route("/confirmations/{reference}", web::get().to(confirmation))
            .route("/confirmations/{reference}", web::post().to(confirm))
            .route("/refusals/{reference}", web::post().to(refuse))
            .route("/pages/{secret}", web::get().to(new_card))
            .route("/pages/{secret}", web::post().to(enter_card))
            .route("/pages-left/{secret}", web::post().to(leave_card)),
    );
}

/// A test card as the table shows it.
struct TestCardRow {
    number: String,
    brand: &'static str,
    does: &'static str,
}

struct MessageRow {
    at: crate::base::Moment,
    text: String,
}

#[derive(Template)]
#[template(path = "sandbox/bank.html")]
struct BankPage {
    cx: Cx,
    cards: Vec<Card>,
    numbers: Vec<TestCardRow>,
}

#[derive(Template)]
#[template(path = "sandbox/card.html")]
struct CardMessagesPage {
    cx: Cx,
    card: Card,
    messages: Vec<MessageRow>,
}

#[derive(Template)]
#[template(path = "sandbox/confirmation.html")]
struct ConfirmationPage {
    cx: Cx,
    asked: Confirmation,
    sum: String,
    yes: String,
    no: String,
}

#[derive(Template)]
#[template(path = "sandbox/card_form.html")]
struct CardEntryPage {
    cx: Cx,
    form: FormState,
    enter: String,
    leave: String,
}

/// What a form of one button carries.
#[derive(Deserialize)]
struct ButtonForm {
    csrf: String,
}

#[derive(Deserialize)]
struct CardEntryForm {
    csrf: String,
    #[serde(default)]
    number: Zeroizing<String>,
    #[serde(default)]
    holder: String,
    #[serde(default)]
    expiry: String,
    #[serde(default)]
    code: Zeroizing<String>,
}

/// What the sandbox's card does.
const fn behavior_key(behavior: Behavior) -> &'static str {
    match behavior {
        Behavior::Approved => "bank-does-approved",
        Behavior::NoFunds => "bank-does-no-funds",
        Behavior::Stolen => "bank-does-stolen",
        Behavior::WrongCode => "bank-does-wrong-code",
        Behavior::Expired => "bank-does-expired",
        Behavior::Confirm => "bank-does-confirm",
        Behavior::Silent => "bank-does-silent",
        Behavior::ErrorAfter => "bank-does-error-after",
        Behavior::ErrorBefore => "bank-does-error-before",
        Behavior::Slow => "bank-does-slow",
        Behavior::RefundLater => "bank-does-refund-later",
        Behavior::RefundHours => "bank-does-refund-hours",
        Behavior::Doubled => "bank-does-doubled",
        Behavior::Late => "bank-does-late",
    }
}

fn nothing_here() -> HttpResponse {
    HttpResponse::NotFound().finish()
}

/// 303 to an address of the bank's or the portal's.
fn redirect_to(url: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, url)).finish()
}

async fn index(request: HttpRequest, bank: web::Data<Bank>) -> HttpResponse {
    let grouped = |number: &str| {
        let digits: Vec<char> = number.chars().collect();
        digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    };
    let numbers = TEST_CARDS.iter().map(|(number, behavior)| TestCardRow {
        number: grouped(number),
        brand: Pan::read(number).map_or("", |pan| pan.brand().name()),
        does: behavior_key(*behavior),
    });
    match bank.run_blocking(Bank::cards).await {
        Ok(cards) => page(&BankPage { cx: Cx::of(&request), cards, numbers: numbers.collect() }),
        Err(error) => unavailable(&error),
    }
}

async fn messages(request: HttpRequest, bank: web::Data<Bank>, id: web::Path<String>) -> HttpResponse {
    let Ok(id) = id.parse() else { return nothing_here() };
    let read = bank.run_blocking(move |bank| Ok((bank.card(id)?, bank.messages(Some(id))?))).await;
    let cx = Cx::of(&request);
    match read {
        Ok((Some(card), told)) => {
            let messages =
                told.iter().map(|told| MessageRow { at: told.at, text: text(&cx, told) }).collect();
            page(&CardMessagesPage { cx, card, messages })
        }
        Ok((None, _)) => nothing_here(),
        Err(error) => unavailable(&error),
    }
}

/// A message as the bank would send it.
fn text(cx: &Cx, told: &BankSms) -> String {
    let sum = told.money.as_ref().map(|sum| cx.money(sum)).unwrap_or_default();
    let key = match told.event {
        Event::Charged => "bank-charged",
        Event::Refunded => "bank-refunded",
        Event::Cancelled => "bank-cancelled",
        _ => "bank-declined",
    };
    cx.ta(key, &[("sum", sum.into()), ("statement", told.statement.clone().into())])
}

/// A message for programs. `minor` is null for a currency that the bank does not know.
#[derive(Serialize)]
struct MessageJson {
    card: i64,
    last_four: String,
    holder: String,
    event: &'static str,
    operation: String,
    text: String,
    minor: Option<i64>,
    currency: Option<&'static str>,
    at: String,
}

async fn json(request: HttpRequest, bank: web::Data<Bank>) -> HttpResponse {
    let cx = Cx::of(&request);
    let plain = |told: &BankSms| MessageJson {
        card: told.card.id,
        last_four: told.card.last_four.clone(),
        holder: told.card.holder.clone(),
        event: told.event.word(),
        operation: told.operation.clone(),
        text: text(&cx, told),
        minor: told.money.map(|money: Money| money.minor),
        currency: told.money.map(|money| money.currency.word()),
        at: texts::iso(told.at),
    };
    match bank.run_blocking(|bank| bank.messages(None)).await {
        Ok(told) => HttpResponse::Ok().json(told.iter().map(plain).collect::<Vec<_>>()),
        Err(error) => unavailable(&error),
    }
}

async fn journal(bank: web::Data<Bank>) -> HttpResponse {
    match bank.run_blocking(Bank::journal).await {
        Ok(lines) => HttpResponse::Ok().json(lines),
        Err(error) => unavailable(&error),
    }
}

async fn confirmation(
    request: HttpRequest,
    bank: web::Data<Bank>,
    reference: web::Path<String>,
) -> HttpResponse {
    let name = reference.clone();
    match bank.run_blocking(move |bank| bank.confirmation(&name)).await {
        Ok(Some(asked)) => {
            let cx = Cx::of(&request);
            let sum = asked.money.as_ref().map(|sum| cx.money(sum)).unwrap_or_default();
            let path_of = |what: &str| format!("/bank/{what}/{reference}?locale={}", cx.lang());
            let (yes, no) = (path_of("confirmations"), path_of("refusals"));
            page(&ConfirmationPage { cx, asked, sum, yes, no })
        }
        Ok(None) => nothing_here(),
        Err(error) => unavailable(&error),
    }
}

async fn confirm(
    request: HttpRequest,
    bank: web::Data<Bank>,
    name: web::Path<String>,
    form: web::Form<ButtonForm>,
) -> HttpResponse {
    answer(&request, &bank, name.into_inner(), &form, true).await
}

async fn refuse(
    request: HttpRequest,
    bank: web::Data<Bank>,
    name: web::Path<String>,
    form: web::Form<ButtonForm>,
) -> HttpResponse {
    answer(&request, &bank, name.into_inner(), &form, false).await
}

async fn answer(
    request: &HttpRequest,
    bank: &Bank,
    reference: String,
    form: &ButtonForm,
    yes: bool,
) -> HttpResponse {
    if !Cx::of(request).accepts(&form.csrf) {
        return HttpResponse::Forbidden().finish();
    }
    match bank.run_blocking(move |bank| bank.confirm(&reference, yes)).await {
        Ok(Some(return_url)) => redirect_to(&return_url),
        Ok(None) => nothing_here(),
        Err(error) => unavailable(&error),
    }
}

fn card_form(cx: Cx, page: &CardPage, form: FormState) -> CardEntryPage {
    let path_of = |what: &str| format!("/bank/{what}/{}?locale={}", page.secret, cx.lang());
    let (enter, leave) = (path_of("pages"), path_of("pages-left"));
    CardEntryPage { cx, form, enter, leave }
}

async fn open(bank: &Bank, secret: String) -> Result<CardPage, HttpResponse> {
    match bank.run_blocking(move |bank| bank.page(&secret)).await {
        Ok(Some(page)) if page.state == PageState::Open => Ok(page),
        // Entered or left before: there is nothing to do here any more.
        Ok(Some(page)) => Err(redirect_to(&page.return_url)),
        Ok(None) => Err(nothing_here()),
        Err(error) => Err(unavailable(&error)),
    }
}

async fn new_card(request: HttpRequest, bank: web::Data<Bank>, secret: web::Path<String>) -> HttpResponse {
    match open(&bank, secret.into_inner()).await {
        Ok(opened) => page(&card_form(Cx::of(&request), &opened, FormState::empty())),
        Err(answer) => answer,
    }
}

async fn enter_card(
    request: HttpRequest,
    bank: web::Data<Bank>,
    secret: web::Path<String>,
    typed: web::Form<CardEntryForm>,
) -> HttpResponse {
    if !Cx::of(&request).accepts(&typed.csrf) {
        return HttpResponse::Forbidden().finish();
    }
    let opened = match open(&bank, secret.into_inner()).await {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let (holder, expiry) = (Holder::shown_again(&typed.holder), Expiry::shown_again(&typed.expiry));
    let shown = FormState::empty().with("holder", holder).with("expiry", expiry);
    let again = |problems: Vec<Problem>, opened: &CardPage| {
        unprocessable(&card_form(Cx::of(&request), opened, shown.clone().all(problems)))
    };
    let (pan, holder, expiry) = match read(&typed, &bank) {
        Ok(read) => read,
        Err(problems) => return again(problems, &opened),
    };
    let (code, target) = (typed.into_inner().code, opened.clone());
    let entered = bank.run_blocking(move |bank| {
        let details = CardDetails {
            number: pan.digits(),
            holder: holder.as_str(),
            month: expiry.month(),
            year: expiry.year(),
            code: &code,
        };
        bank.enter(&target, &details)
    });
    match entered.await {
        Ok(true) => redirect_to(&opened.return_url),
        Ok(false) => again(vec![Problem::new("number", "bank-number-unknown")], &opened),
        Err(error) => unavailable(&error),
    }
}

fn read(typed: &CardEntryForm, bank: &Bank) -> Result<(Pan, Holder, Expiry), Vec<Problem>> {
    let pan = Pan::read(&typed.number);
    let brand = pan.as_ref().ok().map(Pan::brand);
    let (holder, expiry) = (Holder::read(&typed.holder), Expiry::read(&typed.expiry, bank.clock.now()));
    let code = SecurityCode::read(&typed.code, brand);
    let mut problems = Vec::new();
    match &pan {
        Err(PanProblem::Empty) => problems.push(Problem::new("number", "bank-number-empty")),
        Err(_wrong) => problems.push(Problem::new("number", "bank-number-wrong")),
        Ok(_pan) => {}
    }
    if holder.is_err() {
        problems.push(Problem::new("holder", "bank-holder-wrong"));
    }
    match expiry {
        Err(ExpiryProblem::Past) => problems.push(Problem::new("expiry", "bank-expiry-past")),
        Err(_wrong) => problems.push(Problem::new("expiry", "bank-expiry-wrong")),
        Ok(_expiry) => {}
    }
    match code {
        Err(CodeProblem::Empty | CodeProblem::Characters | CodeProblem::Length) => {
            problems.push(Problem::new("code", "bank-code-wrong"));
        }
        Ok(_code) => {}
    }
    match (pan, holder, expiry) {
        (Ok(pan), Ok(holder), Ok(expiry)) if problems.is_empty() => Ok((pan, holder, expiry)),
        _ => Err(problems),
    }
}

async fn leave_card(
    request: HttpRequest,
    bank: web::Data<Bank>,
    secret: web::Path<String>,
    form: web::Form<ButtonForm>,
) -> HttpResponse {
    if !Cx::of(&request).accepts(&form.csrf) {
        return HttpResponse::Forbidden().finish();
    }
    let opened = match open(&bank, secret.into_inner()).await {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let return_url = opened.return_url.clone();
    let left: Result<(), BankError> = bank.run_blocking(move |bank| bank.give_up(&opened)).await;
    match left {
        Ok(()) => redirect_to(&return_url),
        Err(error) => unavailable(&error),
    }
}
