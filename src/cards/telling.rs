//! Telling a card's owner what has become of it: by mail where there is an address, by SMS where there is none or where that is wanted.

use diesel::result::QueryResult;

use super::card::Card;
use super::status::Failure;
use crate::accounts::account::Account;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::sms_preferences::SmsTopic;
use crate::accounts::telling::tell_about;
use crate::base::{Moment, Money};
use crate::db::Tx;
use crate::notices::{CardEvent, CardNotice, Says};
use crate::texts::{self, Args, words_with};

/// What there is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardNews {
    Charged {
        return_by: Moment,
    },
    Confirmed,
    Failed(Failure),
    /// The sum is not told while it can still be named: whoever has no statement of the card would read it here.
    Returned {
        sum: Option<Money>,
    },
    Unbound,
    Expiring,
}

/// Writes down for the owner what has happened to a card.
pub(super) fn record(tx: &mut Tx, card: &Card, event: EventKind) -> QueryResult<()> {
    journal::note(tx.db, card.account_id, event, &card.name(), tx.client, tx.now)
}

/// Tells the owner.
pub(super) fn tell(tx: &mut Tx, card: &Card, news: CardNews) -> QueryResult<()> {
    let Some(owner) = Account::find(tx.db, card.account_id)? else { return Ok(()) };
    let (locale, zone) = (owner.locale, owner.time_zone.as_str());
    let mut says = CardNotice {
        what: CardEvent::Confirmed,
        account: owner.grouped_number(),
        card: card.name(),
        sum: String::new(),
        by: String::new(),
        reason: String::new(),
        url: tx.link(&format!("/cards/{}", card.handle)),
    };
    let mut sum_moved = None;
    says.what = match news {
        CardNews::Charged { return_by } => {
            says.by = texts::moment(locale, zone, return_by);
            CardEvent::Charged
        }
        CardNews::Confirmed => CardEvent::Confirmed,
        CardNews::Failed(why) => {
            says.reason = words_with(locale, why.text(), Args::new());
            CardEvent::Failed
        }
        CardNews::Returned { sum } => {
            says.sum = sum.map_or_else(
                || words_with(locale, "card-check-sum", Args::new()),
                |sum| texts::money(locale, sum),
            );
            sum_moved = sum;
            CardEvent::Returned
        }
        CardNews::Unbound => CardEvent::Unbound,
        CardNews::Expiring => {
            says.by = card.expiry().map(|expiry| expiry.to_string()).unwrap_or_default();
            CardEvent::Expiring
        }
    };
    tell_about(tx.db, tx.keys, tx.now, &owner, &Says::Card(says), (SmsTopic::Cards, sum_moved))
}
