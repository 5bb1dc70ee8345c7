//! The pages of bank cards.

mod check;
mod entry;
mod list;
mod removal;

pub use check::{name, show as check, show_card as card};
pub use entry::{create, new};
pub use list::{Row, index, prefer, rows};
pub use removal::{new as removal, remove};

use super::card::Card;
use super::check::Check;
use super::status::CardStatus;
use crate::base::Moment;
use crate::web::{Cx, Refusal, Visit};

/// How a card stands: the key of the words. What is asked of its owner is said only when it is asked.
fn state(card: &Card, check: Option<&Check>, now: Moment) -> &'static str {
    match card.status {
        CardStatus::Entering if card.is_hosted => "card-state-entering-hosted",
        CardStatus::Entering => "card-state-entering",
        CardStatus::Checking if check.is_some_and(|check| check.status.was_taken()) => "card-state-checking",
        CardStatus::Checking => "card-state-charging",
        CardStatus::Confirmed if card.expiry().is_some_and(|expiry| expiry.is_past(now)) => {
            "card-state-expired"
        }
        CardStatus::Confirmed => "card-state-confirmed",
        CardStatus::Failed => "card-state-failed",
        CardStatus::Unbound => "card-state-unbound",
    }
}

/// A card of whoever is signed in, with its check charge. Somebody else's is not there.
async fn found(cx: &Cx, visit: &Visit, handle: &str) -> Result<(Card, Option<Check>), Refusal> {
    let (id, handle) = (visit.account_id, handle.to_owned());
    let found = cx.state.store.read(move |db| {
        let Some(card) = Card::find(db, id, &handle)? else { return Ok(None) };
        let check = Check::of(db, card.id)?;
        Ok(Some((card, check)))
    });
    found.await?.ok_or(Refusal::NotFound)
}
