//! The bank's pages for people: the test cards, the messages to each cardholder, the confirmation of a charge, the form for a card.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::Bank;
use super::cards::{BankSms, Card};
use super::confirmations::Confirmation;
use super::hosted::{CardPage, PageState};
use super::record::Event;
use super::test_cards::{Behavior, TEST_CARDS};
use crate::base::Moment;
use crate::gateway::sandbox::CardDetails;
use crate::gateway::{self, Expiry, ExpiryProblem, Holder, Pan, PanProblem, SecurityCode};
use crate::sandbox::cx::{Cx, PageError, Shown, page, redirect_to};
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
    at: Moment,
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

async fn index(request: HttpRequest, bank: web::Data<Bank>) -> Shown {
    let grouped = |number: &str| {
        let digits: Vec<char> = number.chars().collect();
        digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
    };
    let numbers = TEST_CARDS.iter().map(|(number, behavior)| TestCardRow {
        number: grouped(number),
        brand: Pan::read(number).map_or("", |pan| pan.brand().name()),
        does: behavior_key(*behavior),
    });
    let (cx, cards) = (Cx::of(&request), bank.run_blocking(Bank::cards).await?);
    page(StatusCode::OK, &BankPage { cx, cards, numbers: numbers.collect() })
}

async fn messages(request: HttpRequest, bank: web::Data<Bank>, id: web::Path<String>) -> Shown {
    let id = id.parse().map_err(|_no_number| PageError::NotFound)?;
    let (card, told) = bank.run_blocking(move |bank| Ok((bank.card(id)?, bank.messages(Some(id))?))).await?;
    let (cx, card) = (Cx::of(&request), card.ok_or(PageError::NotFound)?);
    let messages = told.iter().map(|told| MessageRow { at: told.at, text: text(&cx, told) }).collect();
    page(StatusCode::OK, &CardMessagesPage { cx, card, messages })
}

/// A message as the bank would send it.
fn text(cx: &Cx, told: &BankSms) -> String {
    let sum = told.money().map(|sum| cx.money(&sum)).unwrap_or_default();
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

async fn json(request: HttpRequest, bank: web::Data<Bank>) -> Shown {
    let cx = Cx::of(&request);
    let plain = |told: &BankSms| MessageJson {
        card: told.card.id,
        last_four: told.card.last_four.clone(),
        holder: told.card.holder.clone(),
        event: told.event.word(),
        operation: told.operation.clone(),
        text: text(&cx, told),
        minor: told.money().map(|money| money.minor),
        currency: told.money().map(|money| money.currency.word()),
        at: texts::iso(told.at),
    };
    let told = bank.run_blocking(|bank| bank.messages(None)).await?;
    Ok(HttpResponse::Ok().json(told.iter().map(plain).collect::<Vec<_>>()))
}

async fn journal(bank: web::Data<Bank>) -> Shown {
    Ok(HttpResponse::Ok().json(bank.run_blocking(Bank::journal).await?))
}

async fn confirmation(request: HttpRequest, bank: web::Data<Bank>, reference: web::Path<String>) -> Shown {
    let name = reference.clone();
    let found = bank.run_blocking(move |bank| bank.confirmation(&name)).await?;
    let (cx, asked) = (Cx::of(&request), found.ok_or(PageError::NotFound)?);
    let sum = asked.money.as_ref().map(|sum| cx.money(sum)).unwrap_or_default();
    let path_of = |what: &str| format!("/bank/{what}/{reference}?locale={}", cx.lang());
    let (yes, no) = (path_of("confirmations"), path_of("refusals"));
    page(StatusCode::OK, &ConfirmationPage { cx, asked, sum, yes, no })
}

async fn confirm(
    request: HttpRequest,
    bank: web::Data<Bank>,
    reference: web::Path<String>,
    form: web::Form<ButtonForm>,
) -> Shown {
    answer(&request, &bank, reference.into_inner(), &form, true).await
}

async fn refuse(
    request: HttpRequest,
    bank: web::Data<Bank>,
    reference: web::Path<String>,
    form: web::Form<ButtonForm>,
) -> Shown {
    answer(&request, &bank, reference.into_inner(), &form, false).await
}

async fn answer(
    request: &HttpRequest,
    bank: &Bank,
    reference: String,
    form: &ButtonForm,
    yes: bool,
) -> Shown {
    Cx::of_form(request, &form.csrf)?;
    let return_url = bank.run_blocking(move |bank| bank.confirm(&reference, yes)).await?;
    Ok(redirect_to(&return_url.ok_or(PageError::NotFound)?))
}

fn card_form(cx: Cx, page: &CardPage, form: FormState) -> CardEntryPage {
    let path_of = |what: &str| format!("/bank/{what}/{}?locale={}", page.secret, cx.lang());
    let (enter, leave) = (path_of("pages"), path_of("pages-left"));
    CardEntryPage { cx, form, enter, leave }
}

async fn find_page(bank: &Bank, secret: String) -> Result<CardPage, PageError> {
    bank.run_blocking(move |bank| bank.page(&secret)).await?.ok_or(PageError::NotFound)
}

/// A page that was filled in or left before: there is nothing to do on it any more.
fn closed(page: &CardPage) -> Option<HttpResponse> {
    (page.state != PageState::Open).then(|| redirect_to(&page.return_url))
}

async fn new_card(request: HttpRequest, bank: web::Data<Bank>, secret: web::Path<String>) -> Shown {
    let opened = find_page(&bank, secret.into_inner()).await?;
    match closed(&opened) {
        Some(elsewhere) => Ok(elsewhere),
        None => page(StatusCode::OK, &card_form(Cx::of(&request), &opened, FormState::empty())),
    }
}

async fn enter_card(
    request: HttpRequest,
    bank: web::Data<Bank>,
    secret: web::Path<String>,
    typed: web::Form<CardEntryForm>,
) -> Shown {
    let cx = Cx::of_form(&request, &typed.csrf)?;
    let opened = find_page(&bank, secret.into_inner()).await?;
    if let Some(elsewhere) = closed(&opened) {
        return Ok(elsewhere);
    }
    let (holder, expiry) = (Holder::shown_again(&typed.holder), Expiry::shown_again(&typed.expiry));
    let shown = FormState::empty().with("holder", holder).with("expiry", expiry);
    let problems = match read(&typed, &bank) {
        Ok(card) => {
            let (details, target) = (CardDetails::of(&card), opened.clone());
            if bank.run_blocking(move |bank| bank.enter(&target, &details)).await? {
                return Ok(redirect_to(&opened.return_url));
            }
            vec![Problem::new("number", "bank-number-unknown")]
        }
        Err(problems) => problems,
    };
    page(StatusCode::UNPROCESSABLE_ENTITY, &card_form(cx, &opened, shown.all(problems)))
}

fn read(typed: &CardEntryForm, bank: &Bank) -> Result<gateway::Card, Vec<Problem>> {
    let number = Pan::read(&typed.number).map_err(|problem| match problem {
        PanProblem::Empty => Problem::new("number", "bank-number-empty"),
        _ => Problem::new("number", "bank-number-wrong"),
    });
    let brand = number.as_ref().ok().map(Pan::brand);
    let holder = Holder::read(&typed.holder).map_err(|_wrong| Problem::new("holder", "bank-holder-wrong"));
    let expiry = Expiry::read(&typed.expiry, bank.clock.now()).map_err(|problem| match problem {
        ExpiryProblem::Past => Problem::new("expiry", "bank-expiry-past"),
        _ => Problem::new("expiry", "bank-expiry-wrong"),
    });
    let code =
        SecurityCode::read(&typed.code, brand).map_err(|_wrong| Problem::new("code", "bank-code-wrong"));
    gateway::Card::of_fields(number, holder, expiry, code)
}

async fn leave_card(
    request: HttpRequest,
    bank: web::Data<Bank>,
    secret: web::Path<String>,
    form: web::Form<ButtonForm>,
) -> Shown {
    Cx::of_form(&request, &form.csrf)?;
    let opened = find_page(&bank, secret.into_inner()).await?;
    if let Some(elsewhere) = closed(&opened) {
        return Ok(elsewhere);
    }
    let return_url = opened.return_url.clone();
    bank.run_blocking(move |bank| bank.give_up(&opened)).await?;
    Ok(redirect_to(&return_url))
}
