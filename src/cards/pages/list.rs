//! GET /cards, POST /cards/{handle}/default

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::accounts::account::AccountId;
use crate::accounts::pages::write_for;
use crate::cards::card::Card;
use crate::cards::check::Check;
use crate::cards::status::{CardStatus, CheckStatus};
use crate::web::{Cx, Form, Nothing, Refusal, SignedIn, page, see_other};

#[derive(Template)]
#[template(path = "cards/index.html")]
struct CardsPage {
    cx: Cx,
    cards: Vec<Row>,
}

crate::pages!(CardsPage);

/// A card as the list shows it.
struct Row {
    card: Card,
    expiry: String,
    /// The key of the words that say how it stands, and of those that say where its money is.
    state: &'static str,
    money: &'static str,
    is_confirmed: bool,
}

impl Row {
    fn of(card: Card, check: Option<&Check>, cx: &Cx) -> Row {
        let is_past = card.expiry().is_some_and(|expiry| expiry.is_past(cx.now()));
        let state = match card.status {
            CardStatus::Entering => "card-state-entering",
            CardStatus::Checking => "card-state-checking",
            CardStatus::Confirmed if is_past => "card-state-expired",
            CardStatus::Confirmed => "card-state-confirmed",
            CardStatus::Failed => card.failure.map_or("card-state-failed", |why| why.text()),
            CardStatus::Unbound => "card-state-unbound",
        };
        let money = match check.map(|check| check.status) {
            None => "",
            Some(CheckStatus::Charging | CheckStatus::Challenged | CheckStatus::Cancelling) => "card-money-charging",
            Some(CheckStatus::Charged) => "card-money-charged",
            Some(CheckStatus::Returning) => "card-money-returning",
            Some(CheckStatus::Returned) => "card-money-returned",
            Some(CheckStatus::Declined) => "card-money-declined",
        };
        let is_confirmed = card.status == CardStatus::Confirmed;
        Row { expiry: card.expiry().map(|expiry| expiry.to_string()).unwrap_or_default(), state, money, is_confirmed, card }
    }
}

/// GET /cards
pub async fn index(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let (id, now) = (AccountId::from_i64(who.0.account_id), cx.now());
    let cards = cx.state.store.read(move |db| {
        let mut all = Vec::new();
        for card in Card::list(db, id, now)? {
            let check = Check::of(db, card.id)?;
            all.push((card, check));
        }
        Ok(all)
    });
    let cards = cards.await?.into_iter().map(|(card, check)| Row::of(card, check.as_ref(), &cx)).collect();
    Ok(page(StatusCode::OK, &CardsPage { cards, cx }))
}

/// POST /cards/{handle}/default
pub async fn prefer(cx: Cx, who: SignedIn, handle: web::Path<String>, _form: Form<Nothing>) -> Result<HttpResponse, Refusal> {
    let (id, handle) = (AccountId::from_i64(who.0.account_id), handle.into_inner());
    super::found(&cx, &who.0, &handle).await?;
    write_for(&cx, &who.0, move |db| Card::prefer(db, id, &handle)).await?;
    Ok(see_other("/cards"))
}
