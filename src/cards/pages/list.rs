//! GET /cards, POST /cards/{handle}/default

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use crate::base::{AccountId, Moment};
use crate::cards::card::Card;
use crate::cards::check::Check;
use crate::cards::status::{CardStatus, CheckStatus};
use crate::credentials::signed_in::write_for_db;
use crate::web::{Cx, Form, Nothing, Refusal, SignedIn, page, see_other};

#[derive(Template)]
#[template(path = "cards/index.html")]
struct CardsPage {
    cx: Cx,
    cards: Vec<Row>,
}

crate::pages!(CardsPage);

/// A card as lists show it.
pub struct Row {
    pub card: Card,
    pub expiry: String,
    /// The key of the words that say how it stands, and of those that say where its money is.
    pub state: &'static str,
    pub money: &'static str,
    /// By when that money is back.
    pub return_by: Option<Moment>,
    pub is_confirmed: bool,
}

impl Row {
    fn of(card: Card, check: Option<&Check>, now: Moment) -> Row {
        let state = match card.status {
            CardStatus::Failed => card.failure.map_or("card-state-failed", |why| why.text()),
            _ => super::state(&card, check, now),
        };
        let is_waited_for = card.status == CardStatus::Checking;
        let money = match check.map(|check| check.status) {
            None => "",
            Some(CheckStatus::Charging | CheckStatus::Challenged) if !is_waited_for => {
                "card-money-cancelling"
            }
            Some(CheckStatus::Cancelling) => "card-money-cancelling",
            Some(CheckStatus::Challenged) => "card-money-at-bank",
            Some(CheckStatus::Charging) => "card-money-charging",
            Some(CheckStatus::Charged) if !is_waited_for => "card-money-returning",
            Some(CheckStatus::Charged) => "card-money-charged",
            Some(CheckStatus::Returning) => "card-money-returning",
            Some(CheckStatus::Returned) => "card-money-returned",
            Some(CheckStatus::Declined) => "card-money-declined",
        };
        Row {
            expiry: card.expiry().map(|expiry| expiry.to_string()).unwrap_or_default(),
            state,
            money,
            return_by: check.filter(|check| check.status.is_open()).map(|check| check.return_by),
            is_confirmed: card.status == CardStatus::Confirmed,
            card,
        }
    }

    /// Whether it can be used, is on its way to that, or has money of its owner's away.
    pub fn is_of_interest(&self) -> bool {
        self.return_by.is_some() || !matches!(self.card.status, CardStatus::Failed | CardStatus::Unbound)
    }
}

/// The cards of an account, the newest first.
pub async fn rows(cx: &Cx, account_id: AccountId) -> Result<Vec<Row>, Refusal> {
    let now = cx.now();
    let read = cx.state.store.read(move |db| {
        let cards = Card::list(db, account_id, now)?;
        let checks = Check::of_all(db, &cards)?;
        Ok((cards, checks))
    });
    let (cards, checks) = read.await?;
    Ok(cards
        .into_iter()
        .map(|card| (checks.get(&card.id), card))
        .map(|(check, card)| Row::of(card, check, now))
        .collect())
}

/// GET /cards
pub async fn index(cx: Cx, who: SignedIn) -> Result<HttpResponse, Refusal> {
    let cards = rows(&cx, who.0.account_id).await?;
    Ok(page(StatusCode::OK, &CardsPage { cards, cx }))
}

/// POST /cards/{handle}/default
pub async fn prefer(
    cx: Cx,
    who: SignedIn,
    handle: web::Path<String>,
    _form: Form<Nothing>,
) -> Result<HttpResponse, Refusal> {
    let (id, handle) = (who.0.account_id, handle.into_inner());
    super::found(&cx, &who.0, &handle).await?;
    write_for_db(&cx, &who.0, move |db| Card::prefer(db, id, &handle)).await?;
    Ok(see_other("/cards"))
}
