//! The pages of bank cards.

pub mod callback;
pub mod entry;
pub mod list;
mod progress;
pub mod removal;
mod track;
pub mod verification;

use super::card::Card;
use super::status::{CardStatus, Failure};
use super::verification::CardVerification;
use crate::base::Moment;
use crate::web::{Cx, Refusal, Session};

/// How a card stands, as its owner reads it: keys of texts.
pub struct Standing {
    /// In a word or two.
    pub word: &'static str,
    /// What that means, or what is asked of its owner, where there is more to say.
    pub text: Option<&'static str>,
    /// The class of the word.
    pub look: &'static str,
    /// The heading of the card's page.
    pub title: &'static str,
}

impl Standing {
    /// The word of a card that waits for its sum.
    pub const ASKS: &str = "card-state-verifying";

    fn of(card: &Card, verification: Option<&CardVerification>, now: Moment) -> Standing {
        let is_expired = card.expiry().is_some_and(|expiry| expiry.is_past(now));
        let was_taken = verification.is_some_and(|verification| verification.status.was_taken());
        let (word, text, look) = match card.status {
            CardStatus::Entering if card.is_hosted => {
                ("card-state-to-be-typed", Some("card-text-to-be-typed"), "")
            }
            CardStatus::Entering => ("card-state-checked", Some("card-text-handing"), ""),
            CardStatus::Verifying if was_taken => (Standing::ASKS, Some("card-text-verifying"), ""),
            CardStatus::Verifying => ("card-state-checked", None, ""),
            CardStatus::Confirmed if is_expired => ("card-state-expired", Some("card-text-expired"), "bad"),
            CardStatus::Confirmed => ("card-state-confirmed", Some("card-text-confirmed"), "good"),
            CardStatus::Failed => ("card-state-failed", card.failure.map(Failure::text), "bad"),
            CardStatus::Unbound if card.confirmed_at.is_none() => ("card-state-dropped", None, ""),
            CardStatus::Unbound => ("card-state-unbound", None, ""),
        };
        let title = match word {
            "card-state-confirmed" => "card-title-confirmed",
            "card-state-expired" => "card-title-expired",
            "card-state-failed" => "card-title-failed",
            "card-state-dropped" => "card-title-dropped",
            "card-state-unbound" => "card-title-unbound",
            _ => "card-verification-title",
        };
        Standing { word, text, look, title }
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
