//! What this room tells people.

use std::borrow::Cow;
use std::time::Duration;

use diesel::result::QueryResult;

use super::card::Card;
use super::status::{Failure, VerificationStatus};
use super::verification::VerificationId;
use crate::accounts::account::Account;
use crate::accounts::messages::CHANGE_PASSWORD;
use crate::accounts::sms_preferences::SmsTopic;
use crate::base::{Moment, Money, hours};
use crate::db::Tx;
use crate::notices::{Message, MessageArgs};
use crate::texts::{self, Args, DEFAULT_TIME_ZONE, Locale, words_with};

/// What there is to tell of a card.
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
    /// Its adding was given up before it was bound.
    Dropped,
    Expiring,
}

impl Tx<'_> {
    /// Tells the owner of a card.
    pub fn notify_of_card(&mut self, card: &Card, news: CardNews) -> QueryResult<()> {
        let Some(owner) = Account::find(self.db, card.account_id)? else { return Ok(()) };
        let sum = if let CardNews::Returned { sum } = news { sum } else { None };
        let message = CardMessage {
            news,
            handle: card.handle.clone(),
            name: card.name(),
            good_until: card.expiry().map(|expiry| expiry.to_string()).unwrap_or_default(),
            locale: owner.locale,
            time_zone: owner.time_zone.clone(),
        };
        self.notify_about(&owner, &message, SmsTopic::Cards, sum)
    }
}

/// News of a card, in its owner's language.
struct CardMessage {
    news: CardNews,
    handle: String,
    name: String,
    good_until: String,
    locale: Locale,
    time_zone: String,
}

impl Message for CardMessage {
    fn kind(&self) -> &'static str {
        match self.news {
            CardNews::Charged { .. } => "card-charged",
            CardNews::Confirmed => "card-confirmed",
            CardNews::Failed(_) => "card-failed",
            CardNews::Returned { .. } => "card-returned",
            CardNews::Unbound => "card-unbound",
            CardNews::Dropped => "card-dropped",
            CardNews::Expiring => "card-expiring",
        }
    }

    fn lifetime(&self) -> Duration {
        if let CardNews::Charged { .. } = self.news { hours(24) } else { hours(72) }
    }

    fn path(&self) -> Option<Cow<'_, str>> {
        Some(match self.news {
            // Nothing is left to be done at the card.
            CardNews::Unbound | CardNews::Dropped => CHANGE_PASSWORD.into(),
            _ => format!("/cards/{}", self.handle).into(),
        })
    }

    fn args(&self) -> MessageArgs {
        let args = MessageArgs::new().with("card", self.name.as_str());
        let word = |key: &str| words_with(self.locale, key, Args::new());
        match self.news {
            CardNews::Charged { return_by } => {
                args.with("by", texts::deadline(self.locale, &self.time_zone, return_by))
            }
            CardNews::Failed(why) => args.with("reason", word(why.text())),
            CardNews::Returned { sum: Some(sum) } => args.with("sum", texts::money(self.locale, sum)),
            CardNews::Returned { sum: None } => args.with("sum", word("card-verification-sum")),
            CardNews::Expiring => args.with("by", self.good_until.as_str()),
            CardNews::Confirmed | CardNews::Unbound | CardNews::Dropped => args,
        }
    }
}

/// A verification charge that somebody has to look at, as the operator is told of it.
#[derive(Debug, Clone)]
pub struct StuckVerification {
    pub verification: VerificationId,
    /// The account's number: `1234 5678 9012`.
    pub account: String,
    /// `Visa •••• 4242`.
    pub card: String,
    pub status: VerificationStatus,
    pub sum: Money,
    /// Since when the gateway does not do what it is asked.
    pub since: Moment,
    pub attempts: i32,
    /// What it says, in its own words, or that it says nothing.
    pub gateway_error: String,
    /// By when the money was to be back.
    pub return_by: Moment,
}

impl StuckVerification {
    pub const LOCALE: Locale = Locale::DEFAULT;
}

impl Message for StuckVerification {
    fn kind(&self) -> &'static str {
        "money-stuck"
    }

    fn path(&self) -> Option<Cow<'_, str>> {
        Some("/".into())
    }

    fn args(&self) -> MessageArgs {
        let moment = |at: Moment| texts::deadline(StuckVerification::LOCALE, DEFAULT_TIME_ZONE, at);
        MessageArgs::new()
            .with("number", self.account.as_str())
            .with("card", self.card.as_str())
            .with("sum", texts::money(StuckVerification::LOCALE, self.sum))
            .with("since", moment(self.since))
            .with("by", moment(self.return_by))
            .with("reason", self.gateway_error.as_str())
    }
}

#[cfg(test)]
pub(crate) fn examples() -> Vec<crate::notices::testing::Example> {
    use crate::base::Currency;
    use crate::notices::testing::{by_both, by_mail};
    let (at, sum) = (Moment::from_micros(1_790_000_000_000_000), Money::new(437, Currency::Rub));
    let stuck = StuckVerification {
        verification: VerificationId::from_i64(1),
        account: "1234 5678 9012".to_owned(),
        card: "Visa •••• 4242".to_owned(),
        status: VerificationStatus::Returning,
        sum,
        since: at,
        attempts: 5,
        gateway_error: "no answer in time".to_owned(),
        return_by: at,
    };
    let news = [
        CardNews::Charged { return_by: at },
        CardNews::Confirmed,
        CardNews::Failed(Failure::Declined),
        CardNews::Returned { sum: Some(sum) },
        CardNews::Returned { sum: None },
        CardNews::Unbound,
        CardNews::Dropped,
        CardNews::Expiring,
    ];
    let message = |news| CardMessage {
        news,
        handle: "Ab3cDe4FgH5j".to_owned(),
        name: "MasterCard •••• 4444".to_owned(),
        good_until: "12/29".to_owned(),
        locale: Locale::Ru,
        time_zone: DEFAULT_TIME_ZONE.to_owned(),
    };
    news.map(|news| by_both(message(news))).into_iter().chain([by_mail(stuck)]).collect()
}
