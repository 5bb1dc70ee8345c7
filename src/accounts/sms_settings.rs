//! What an account's owner wants to be told by SMS. Mail and the journal stay whatever is chosen here: every operation is notified by
//! some channel (161-FZ).
//!
//! Nothing chosen yet: SMS about everything while the phone is the only way to tell, none once there is an address. An account
//! without an address gets SMS about its security in any case.

use diesel::prelude::*;

use crate::accounts::account::Account;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::telling::{self, Occasion};
use crate::base::{AccountId, Currency, Keys, Money};
use crate::db::Db;
use crate::db::schema::sms_settings;
use crate::notices::Changed;
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
pub struct SmsSettings {
    pub is_on: bool,
    pub topics: Vec<SmsTopic>,
    /// Smaller sums are not worth an SMS.
    pub least: Money,
}

impl SmsSettings {
    pub fn of(db: &mut Db, account: &Account) -> QueryResult<SmsSettings> {
        let found = sms_settings::table
            .find(account.id)
            .select((sms_settings::is_on, sms_settings::kinds, sms_settings::least_minor))
            .first::<(bool, String, i64)>(db)
            .optional()?;
        Ok(match found {
            Some((is_on, kinds, least)) => SmsSettings {
                is_on,
                topics: kinds.split(' ').filter_map(SmsTopic::from_word).collect(),
                least: Money::new(least, CURRENCY),
            },
            None => SmsSettings {
                is_on: account.email.is_none(),
                topics: SmsTopic::ALL.to_vec(),
                least: Money::new(0, CURRENCY),
            },
        })
    }

    /// Whether an SMS about this is wanted. A sum in another currency cannot be compared: then it counts as large enough.
    fn want(&self, topic: SmsTopic, sum: Option<Money>) -> bool {
        let worth_it =
            sum.is_none_or(|sum| sum.currency != self.least.currency || sum.minor >= self.least.minor);
        self.is_on && self.topics.contains(&topic) && (topic == SmsTopic::Security || worth_it)
    }

    /// Changes the choice. The owner is told by the ways that were chosen before: whoever turns SMS off is told so by SMS.
    pub fn change(&self, db: &mut Db, keys: &Keys, on: &Occasion, account: &Account) -> QueryResult<()> {
        if *self == SmsSettings::of(db, account)? {
            return Ok(());
        }
        telling::tell(db, keys, on.now, account, &on.change(account, Changed::SmsSettings, ""))?;
        self.store(db, account.id, on)?;
        let word = if self.is_on { "on" } else { "off" };
        journal::note(db, account.id, EventKind::SmsChanged, word, &on.from, on.now)
    }

    fn store(&self, db: &mut Db, id: AccountId, on: &Occasion) -> QueryResult<()> {
        let words: Vec<&str> = self.topics.iter().map(|topic| topic.word()).collect();
        let values = (
            sms_settings::is_on.eq(self.is_on),
            sms_settings::kinds.eq(words.join(" ")),
            sms_settings::least_minor.eq(self.least.minor),
            sms_settings::changed_at.eq(on.now),
        );
        if diesel::update(sms_settings::table.find(id)).set(values.clone()).execute(db)? == 0 {
            diesel::insert_into(sms_settings::table)
                .values((sms_settings::account_id.eq(id), values.0, values.1, values.2, values.3))
                .execute(db)?;
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
    Ok(SmsSettings::of(db, account)?.want(topic, sum))
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
        let settings = SmsSettings { is_on: true, topics, least: Money::new(50_000, CURRENCY) };
        for (topic, sum, wanted) in [
            (SmsTopic::Purchases, roubles(500), true),
            (SmsTopic::Purchases, roubles(499), false),
            (SmsTopic::Purchases, Some(Money::new(49_999, CURRENCY)), false),
            (SmsTopic::Purchases, None, true),
            (SmsTopic::Purchases, Some(Money::new(1, Currency::Usd)), true),
            (SmsTopic::Refunds, roubles(9_999), false),
            (SmsTopic::Security, roubles(1), true),
        ] {
            assert_eq!(settings.want(topic, sum), wanted, "{topic:?} {sum:?}");
        }
        let off = SmsSettings { is_on: false, ..settings };
        assert!(SmsTopic::ALL.iter().all(|topic| !off.want(*topic, roubles(9_999))));
    }
}
