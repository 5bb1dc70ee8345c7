//! GET /cards, POST /cards/{handle}/default

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use diesel::result::QueryResult;

use super::Standing;
use super::progress::ChargeProgress;
use crate::base::{AccountId, Moment};
use crate::cards::card::Card;
use crate::cards::status::CardStatus;
use crate::cards::verification::CardVerification;
use crate::credentials::current_session::write_for;
use crate::db::Tx;
use crate::web::{ButtonForm, CurrentSession, Cx, Flash, Form, Refusal, page};

#[derive(Template)]
#[template(path = "cards/index.html")]
struct CardsPage {
    cx: Cx,
    cards: Vec<Row>,
    /// For the next step of a card: another one has to wait.
    is_waiting: bool,
}

crate::pages!(CardsPage);

/// A card as lists show it.
pub struct Row {
    pub card: Card,
    pub expiry: String,
    pub standing: Standing,
    /// The key of the words that say where its money is.
    pub money: &'static str,
    /// By when that money is back.
    pub return_by: Option<Moment>,
    pub is_confirmed: bool,
}

impl Row {
    fn of(card: Card, verification: Option<&CardVerification>, now: Moment) -> Row {
        let standing = Standing::of(&card, verification, now);
        let progress = ChargeProgress::of(&card, verification, now);
        let may_be_away = !matches!(
            progress,
            ChargeProgress::NotAsked | ChargeProgress::ToBeTyped { .. } | ChargeProgress::AtTheBank { .. }
        );
        Row {
            expiry: card.expiry().map(|expiry| expiry.to_string()).unwrap_or_default(),
            standing,
            money: progress.key(),
            return_by: verification.and_then(CardVerification::away_until).filter(|_| may_be_away),
            is_confirmed: card.status == CardStatus::Confirmed,
            card,
        }
    }

    /// Whether there is more to say than the word: of a card that can be used and has no money away, there is not.
    pub fn says(&self) -> bool {
        !self.is_confirmed || self.return_by.is_some()
    }

    /// Whether its owner is waited for.
    pub fn asks_for_the_sum(&self) -> bool {
        self.standing.word == Standing::ASKS
    }

    /// Whether it is being checked and its page says what comes next.
    pub fn goes_on(&self) -> bool {
        !self.asks_for_the_sum() && matches!(self.card.status, CardStatus::Entering | CardStatus::Verifying)
    }

    /// Whether it can be used, is on its way to that, or has money of its owner's away.
    pub fn is_of_interest(&self) -> bool {
        self.return_by.is_some() || !self.card.status.is_over()
    }
}

/// The cards of an account, the newest first.
pub fn rows(tx: &mut Tx, account_id: AccountId) -> QueryResult<Vec<Row>> {
    let cards = Card::list(tx.db, account_id, tx.now)?;
    let verifications = match cards.as_slice() {
        [] => HashMap::new(),
        _ => CardVerification::of_all(tx.db, account_id)?,
    };
    let rows = cards.into_iter().map(|card| (verifications.get(&card.id), card));
    Ok(rows.map(|(verification, card)| Row::of(card, verification, tx.now)).collect())
}

/// GET /cards
pub async fn index(cx: Cx, CurrentSession(session): CurrentSession) -> Result<HttpResponse, Refusal> {
    let id = session.account_id;
    let cards = cx.read(move |tx| rows(tx, id)).await?;
    let is_waiting = cards.iter().any(|row| row.asks_for_the_sum() || row.goes_on());
    Ok(page(StatusCode::OK, &CardsPage { cards, is_waiting, cx }))
}

/// POST /cards/{handle}/default
pub async fn prefer(
    cx: Cx,
    CurrentSession(session): CurrentSession,
    handle: web::Path<String>,
    _form: Form<ButtonForm>,
) -> Result<HttpResponse, Refusal> {
    let (id, handle) = (session.account_id, handle.into_inner());
    let (card, _verification) = super::found(&cx, &session, &handle).await?;
    write_for(&cx, &session, move |tx| Card::prefer(tx.db, id, &handle)).await?;
    Ok(cx.leads_on("/cards", Flash::good("flash-card-default").arg("card", card.name())))
}
