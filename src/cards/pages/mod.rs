//! The pages of bank cards.

pub mod callback;
pub mod entry;
pub mod list;
mod progress;
pub mod removal;
pub mod verification;

use super::card::Card;
use super::status::CardStatus;
use super::verification::CardVerification;
use crate::base::Moment;
use crate::web::{Cx, Refusal, Session};

/// How a card stands: the key of the words. What is asked of its owner is said only when it is asked.
fn state(card: &Card, verification: Option<&CardVerification>, now: Moment) -> &'static str {
    match card.status {
        CardStatus::Entering if card.is_hosted => "card-state-entering-hosted",
        CardStatus::Entering => "card-state-entering",
        CardStatus::Verifying if verification.is_some_and(|verification| verification.status.was_taken()) => {
            "card-state-verifying"
        }
        CardStatus::Verifying => "card-state-charging",
        CardStatus::Confirmed if card.expiry().is_some_and(|expiry| expiry.is_past(now)) => {
            "card-state-expired"
        }
        CardStatus::Confirmed => "card-state-confirmed",
        CardStatus::Failed => "card-state-failed",
        CardStatus::Unbound => "card-state-unbound",
    }
}

/// A card of whoever is signed in, with its verification charge. Somebody else's is not there.
async fn found(
    cx: &Cx,
    session: &Session,
    handle: &str,
) -> Result<(Card, Option<CardVerification>), Refusal> {
    let (id, handle) = (session.account_id, handle.to_owned());
    let found = cx.read(move |tx| {
        let Some(card) = Card::find(tx.db, id, &handle)? else { return Ok(None) };
        let verification = CardVerification::of(tx.db, card.id)?;
        Ok(Some((card, verification)))
    });
    found.await?.ok_or(Refusal::NotFound)
}
