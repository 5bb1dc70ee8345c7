//! What an account's owner wants to be told by SMS. Mail and the activity log stay whatever is chosen here: every operation is notified by
//! some channel (161-FZ).
//!
//! Nothing chosen yet: SMS about everything, with an address or without one: nobody who confirms an address stops to hear of their
//! money. An account without an address gets SMS about its security in any case.

use diesel::prelude::*;

use crate::accounts::account::Account;
use crate::accounts::events::{SMS_OFF, SMS_ON};
use crate::accounts::messages::SMS_PREFERENCES_CHANGED;
use crate::base::{AccountId, Currency, Money};
use crate::db::schema::sms_preferences;
use crate::db::{Db, Tx};
use crate::text_enum;

/// The currency of an account's own sums.
pub const CURRENCY: Currency = Currency::Rub;

text_enum! {
    /// What an SMS can be about.
    SmsTopic {
        Purchases => "purchases",
        Refunds => "refunds",
        Disputes => "disputes",
        Cards => "cards",
        Security => "security",
    }
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmsPreferences {
    pub is_on: bool,
    pub topics: Vec<SmsTopic>,
    /// Smaller sums are not worth an SMS.
    pub least: Money,
}

impl SmsPreferences {
    pub fn of(db: &mut Db, account: &Account) -> QueryResult<SmsPreferences> {
        let found = sms_preferences::table
            .find(account.id)
            .select((sms_preferences::is_on, sms_preferences::kinds, sms_preferences::least_minor))
            .first::<(bool, String, i64)>(db)
            .optional()?;
        Ok(match found {
            Some((is_on, kinds, least)) => SmsPreferences {
                is_on,
                topics: kinds.split(' ').filter_map(SmsTopic::from_word).collect(),
                least: Money::new(least, CURRENCY),
            },
            None => {
                SmsPreferences { is_on: true, topics: SmsTopic::ALL.to_vec(), least: Money::new(0, CURRENCY) }
            }
        })
    }

    /// Whether an SMS about this is wanted. A sum in another currency cannot be compared: then it counts as large enough.
    fn want(&self, topic: SmsTopic, sum: Option<Money>) -> bool {
        let worth_it =
            sum.is_none_or(|sum| sum.currency != self.least.currency || sum.minor >= self.least.minor);
        self.is_on && self.topics.contains(&topic) && (topic == SmsTopic::Security || worth_it)
    }

    /// Changes the choice. The owner is told by the ways that were chosen before: whoever turns SMS off is told so by SMS.
    pub fn change(&self, tx: &mut Tx, account: &Account) -> QueryResult<()> {
        if *self == SmsPreferences::of(tx.db, account)? {
            return Ok(());
        }
        tx.notify(account, &SMS_PREFERENCES_CHANGED)?;
        self.store(tx, account.id)?;
        tx.record(account.id, if self.is_on { &SMS_ON } else { &SMS_OFF }, "")
    }

    fn store(&self, tx: &mut Tx, id: AccountId) -> QueryResult<()> {
        let words: Vec<&str> = self.topics.iter().map(|topic| topic.word()).collect();
        let values = (
            sms_preferences::is_on.eq(self.is_on),
            sms_preferences::kinds.eq(words.join(" ")),
            sms_preferences::least_minor.eq(self.least.minor),
            sms_preferences::changed_at.eq(tx.now),
        );
        if diesel::update(sms_preferences::table.find(id)).set(values.clone()).execute(tx.db)? == 0 {
            diesel::insert_into(sms_preferences::table)
                .values((sms_preferences::account_id.eq(id), values.0, values.1, values.2, values.3))
                .execute(tx.db)?;
        }
        Ok(())
    }
}

/// Whether the owner is to be told of something by SMS. `sum`: what it is about, where it is about money.
pub fn wants(db: &mut Db, account: &Account, topic: SmsTopic, sum: Option<Money>) -> QueryResult<bool> {
    if account.phone.is_none() {
        return Ok(false);
    }
    if topic == SmsTopic::Security && account.email.is_none() {
        return Ok(true);
    }
    Ok(SmsPreferences::of(db, account)?.want(topic, sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roubles(whole: i64) -> Option<Money> {
        Some(Money::new(whole * 100, CURRENCY))
    }

    #[test]
    fn an_sms_is_wanted_for_a_chosen_topic_and_a_sum_that_is_large_enough() {
        let topics = vec![SmsTopic::Purchases, SmsTopic::Security];
        let chosen = SmsPreferences { is_on: true, topics, least: Money::new(50_000, CURRENCY) };
        for (topic, sum, wanted) in [
            (SmsTopic::Purchases, roubles(500), true),
            (SmsTopic::Purchases, roubles(499), false),
            (SmsTopic::Purchases, Some(Money::new(49_999, CURRENCY)), false),
            (SmsTopic::Purchases, None, true),
            (SmsTopic::Purchases, Some(Money::new(1, Currency::Usd)), true),
            (SmsTopic::Refunds, roubles(9_999), false),
            (SmsTopic::Security, roubles(1), true),
        ] {
            assert_eq!(chosen.want(topic, sum), wanted, "{topic:?} {sum:?}");
        }
        let off = SmsPreferences { is_on: false, ..chosen };
        assert!(SmsTopic::ALL.iter().all(|topic| !off.want(*topic, roubles(9_999))));
    }
}
