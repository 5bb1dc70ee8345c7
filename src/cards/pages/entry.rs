//! GET /cards/new, POST /cards: the form. The number and the code live for this request only.

use actix_session::Session;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use crate::accounts::account::Account;
use crate::base::{Moment, Token};
use crate::cards::card::Card;
use crate::cards::entry::{self, Begun, Wish};
use crate::config::CardEntry;
use crate::credentials::hashing::Hashers;
use crate::credentials::reauthentication::prove;
use crate::credentials::signed_in::{account_of, occasion, write_for_db};
use crate::gateway::{
    Brand, Card as Typed, CodeProblem, Expiry, ExpiryProblem, Holder, HolderProblem, Hosted, HostedPage, Pan,
    PanProblem, SecurityCode, Tokenized,
};
use crate::web::{Cx, Form, Problem, Refusal, Shown, SignedIn, Visit, page, see_other, shown_again};

#[derive(Template)]
#[template(path = "cards/new.html")]
struct EntryPage {
    cx: Cx,
    form: Shown,
    /// Drawn with each form that is shown: sent twice, it binds once.
    key: String,
    /// The brands that can be bound here.
    brands: String,
    ask_password: bool,
    /// The number is typed on the gateway's page.
    is_hosted: bool,
    /// The key of the button's caption.
    submit: &'static str,
    /// On a trial installation: where the test cards are.
    bank: Option<String>,
}

crate::pages!(EntryPage);

/// Where the number is typed at the gateway, only key and password count: nothing else is looked at.
#[derive(Default, Deserialize)]
pub struct EntryForm {
    #[serde(default)]
    key: String,
    #[serde(default)]
    number: Zeroizing<String>,
    #[serde(default)]
    holder: String,
    #[serde(default)]
    expiry: String,
    #[serde(default)]
    security_code: Zeroizing<String>,
    #[serde(default)]
    password: Zeroizing<String>,
}

fn entry_page(cx: Cx, visit: &Visit, form: Shown) -> EntryPage {
    let taken = Brand::ALL.iter().filter(|brand| cx.state.gateway.takes(**brand)).map(|brand| brand.name());
    EntryPage {
        key: Token::random().as_str().to_owned(),
        brands: taken.collect::<Vec<_>>().join(", "),
        ask_password: !visit.is_fresh(cx.now()),
        is_hosted: is_hosted(&cx),
        submit: if is_hosted(&cx) { "cards-add" } else { "card-save" },
        bank: cx.state.bank(),
        form,
        cx,
    }
}

/// GET /cards/new
pub async fn new(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let account = account_of(&cx, &who.0).await?;
    let id = account.id;
    if let Some(card) = cx.state.store.read(move |db| Card::under_way(db, id)).await? {
        return Ok(see_other(&format!("/cards/{}/check", card.handle)));
    }
    Ok(page(StatusCode::OK, &entry_page(cx, &who.0, Shown::empty())))
}

fn is_hosted(cx: &Cx) -> bool {
    cx.state.settings.card_entry == CardEntry::HostedRedirect
}

/// POST /cards
pub async fn create(
    cx: Cx,
    who: SignedIn,
    session: Session,
    hashers: web::Data<Hashers>,
    form: Form<EntryForm>,
) -> Result<HttpResponse, Refusal> {
    let Form(mut form) = form;
    let account = account_of(&cx, &who.0).await?;
    let key = Token::read(&form.key).ok_or(Refusal::BadRequest)?;
    let typed = if is_hosted(&cx) {
        form = EntryForm { password: form.password, ..EntryForm::default() };
        Ok(None)
    } else {
        read(&cx, &form).map(Some)
    };
    let kept = kept(&form);
    let typed = match typed {
        Ok(typed) => typed,
        Err(problems) => return Ok(shown_again(&entry_page(cx, &who.0, kept.all(problems)))),
    };
    if let Some(problem) = prove(&cx, &session, &who.0, &hashers, &account, &form.password).await? {
        return Ok(shown_again(&entry_page(cx, &who.0, kept.problem(problem))));
    }
    let print = typed.as_ref().map(|typed| entry::fingerprint(&typed.number, &cx.state.keys));
    match begin(&cx, &who.0, account, key, print).await? {
        Begun::Card(card) => match typed {
            Some(typed) => hand_over(cx, &who.0, *card, &typed, kept).await,
            None => open_page(cx, &who.0, *card).await,
        },
        Begun::Again(card) | Begun::Other(card) => Ok(see_other(&format!("/cards/{}/check", card.handle))),
        Begun::Known(_) => {
            let problem = Problem::new("number", "card-known");
            Ok(shown_again(&entry_page(cx, &who.0, kept.problem(problem))))
        }
        Begun::Wait { until } => Ok(shut(cx, &who.0, kept, until)),
    }
}

/// The number and the code are secrets: they do not come back, and neither when they were typed in another field.
fn kept(form: &EntryForm) -> Shown {
    Shown::empty()
        .with("expiry", Expiry::shown_again(&form.expiry))
        .with("holder", Holder::shown_again(&form.holder))
}

fn read(cx: &Cx, form: &EntryForm) -> Result<Typed, Vec<Problem>> {
    let number = Pan::read(&form.number).map_err(|problem| Problem::new("number", number_key(problem)));
    let number = number.and_then(|number| match cx.state.gateway.takes(number.brand()) {
        true => Ok(number),
        false => Err(Problem::new("number", "card-number-brand")),
    });
    let brand = number.as_ref().ok().map(Pan::brand);
    let holder = Holder::read(&form.holder).map_err(|problem| Problem::new("holder", holder_key(problem)));
    let expiry =
        Expiry::read(&form.expiry, cx.now()).map_err(|problem| Problem::new("expiry", expiry_key(problem)));
    let code = SecurityCode::read(&form.security_code, brand)
        .map_err(|problem| Problem::new("security_code", code_key(problem)));
    match (number, holder, expiry, code) {
        (Ok(number), Ok(holder), Ok(expiry), Ok(security_code)) => {
            Ok(Typed { number, holder, expiry, security_code })
        }
        (number, holder, expiry, code) => {
            Err([number.err(), holder.err(), expiry.err(), code.err()].into_iter().flatten().collect())
        }
    }
}

const fn number_key(problem: PanProblem) -> &'static str {
    match problem {
        PanProblem::Empty => "card-number-empty",
        PanProblem::Characters => "card-number-characters",
        PanProblem::Length => "card-number-length",
        PanProblem::UnknownBrand => "card-number-brand",
        PanProblem::Checksum => "card-number-checksum",
    }
}

const fn holder_key(problem: HolderProblem) -> &'static str {
    match problem {
        HolderProblem::Empty => "card-holder-empty",
        HolderProblem::Number => "card-holder-number",
        HolderProblem::Characters => "card-holder-characters",
        HolderProblem::Long => "card-holder-long",
    }
}

const fn expiry_key(problem: ExpiryProblem) -> &'static str {
    match problem {
        ExpiryProblem::Empty => "card-expiry-empty",
        ExpiryProblem::Unreadable => "card-expiry-unreadable",
        ExpiryProblem::Past => "card-expiry-past",
        ExpiryProblem::Far => "card-expiry-far",
    }
}

const fn code_key(problem: CodeProblem) -> &'static str {
    match problem {
        CodeProblem::Empty => "card-code-empty",
        CodeProblem::Characters | CodeProblem::Length => "card-code-length",
    }
}

async fn begin(
    cx: &Cx,
    visit: &Visit,
    account: Account,
    key: Token,
    print: Option<String>,
) -> Result<Begun, Refusal> {
    let (state, on, locale, unit) = (cx.state.clone(), occasion(cx), cx.locale, cx.address_unit());
    let begun = write_for_db(cx, visit, move |db| {
        let wish = Wish {
            account: &account,
            form_key: key.as_str(),
            fingerprint: print.as_deref(),
            gateway: state.gateway.name(),
            locale,
            address_unit: &unit,
        };
        entry::begin(db, &state.keys, &on, &wish)
    });
    begun.await
}

/// The gateway is asked for a token: the one call that a page waits for.
async fn hand_over(
    cx: Cx,
    visit: &Visit,
    card: Card,
    typed: &Typed,
    kept: Shown,
) -> Result<HttpResponse, Refusal> {
    let answer = cx.state.gateway.tokenize(card.entry_operation, typed).await;
    let (keys, on, handle) = (cx.state.keys.clone(), occasion(&cx), card.handle.clone());
    match answer {
        Tokenized::Token(token) => {
            cx.state.store.write(move |db| entry::taken_in(db, &keys, &on, &card, &token)).await?;
            cx.state.wake_worker();
            cx.state.metrics.happened("card_entered");
            Ok(see_other(&format!("/cards/{handle}/check")))
        }
        Tokenized::Declined { reason, code } => {
            let (brand, four) = (typed.number.brand(), typed.number.last_four().to_owned());
            let noted = cx.state.store.write(move |db| {
                let card = entry::seen(db, &card, brand, &four)?;
                entry::declined(db, &keys, &on, &card, (reason, &code))
            });
            noted.await?;
            Ok(refused(cx, visit, kept, "card-declined"))
        }
        Tokenized::Unknown { why } => silent(cx, visit, card, kept, &why).await,
    }
}

/// The gateway is asked for its own page. Its address stands on the card's page: a form's answer may not lead to another site.
async fn open_page(cx: Cx, visit: &Visit, card: Card) -> Result<HttpResponse, Refusal> {
    let here = format!("/cards/{}/check", card.handle);
    let return_url = Url::parse(&cx.state.settings.link(&here)).map_err(|_never| Refusal::Broken)?;
    let hosted = Hosted { operation: card.entry_operation, return_url, locale: cx.locale };
    let url = match cx.state.gateway.hosted(&hosted).await {
        HostedPage::At(url) => url,
        HostedPage::None => return silent(cx, visit, card, Shown::empty(), "no page").await,
        HostedPage::Unknown { why } => return silent(cx, visit, card, Shown::empty(), &why).await,
    };
    let now = cx.now();
    cx.state.store.write(move |db| entry::page_opened(db, &card, url.as_str(), now)).await?;
    Ok(see_other(&here))
}

/// No answer that can be believed: the form may be sent again.
async fn silent(cx: Cx, visit: &Visit, card: Card, kept: Shown, why: &str) -> Result<HttpResponse, Refusal> {
    tracing::warn!(request = %cx.request_id, why, "the card gateway takes no card in");
    let (keys, on) = (cx.state.keys.clone(), occasion(&cx));
    cx.state.store.write(move |db| entry::not_entered(db, &keys, &on, &card)).await?;
    Ok(refused(cx, visit, kept, "card-bank-silent"))
}

fn refused(cx: Cx, visit: &Visit, kept: Shown, why: &'static str) -> HttpResponse {
    cx.state.metrics.happened("card_refused");
    cx.state.wake_worker();
    let field = main_field(&cx);
    shown_again(&entry_page(cx, visit, kept.problem(Problem::new(field, why))))
}

/// Where a problem stands that concerns the card as a whole.
fn main_field(cx: &Cx) -> &'static str {
    if is_hosted(cx) { "card" } else { "number" }
}

/// A limit against testing of stolen cards: nothing went to the gateway.
fn shut(cx: Cx, visit: &Visit, kept: Shown, until: Moment) -> HttpResponse {
    cx.state.metrics.happened("card_limit");
    let seconds = until.since(cx.now()).as_secs().max(1);
    let problem = Problem::new(main_field(&cx), "card-wait").arg("until", cx.when(&until));
    let mut response = page(StatusCode::TOO_MANY_REQUESTS, &entry_page(cx, visit, kept.problem(problem)));
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    response
}
