//! Telling an account's owner that something has happened: by mail where there is an address, by SMS where there is none or where
//! the owner wants that too.

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::sms_preferences::{self, SmsTopic};
use crate::base::Money;
use crate::db::Tx;
use crate::notices::{Channel, Message, MessageArgs, Recipient};
use crate::one_time_code::sms_limits;
use crate::texts;

impl Tx<'_> {
    /// Tells the owner of a change of access, by the ways that the account has as it was read. The message has a text for mail and one
    /// for SMS.
    pub fn notify(&mut self, account: &Account, message: &impl Message) -> QueryResult<()> {
        self.notify_about(account, message, SmsTopic::Security, None)
    }

    /// The same for what is no change of access: the topic, and the sum that has moved, decide whether an SMS is wanted.
    pub fn notify_about(
        &mut self,
        account: &Account,
        message: &impl Message,
        topic: SmsTopic,
        sum: Option<Money>,
    ) -> QueryResult<()> {
        let by_sms = account.email.is_none() || sms_preferences::wants(self.db, account, topic, sum)?;
        if let Some(email) = &account.email {
            self.notify_at(email.into(), account, message)?;
        }
        if let Some(phone) = account.phone.as_ref().filter(|_| by_sms) {
            self.notify_at(phone.into(), account, message)?;
        }
        Ok(())
    }

    /// Tells the owner at one address or phone, which need not be the account's any more. Texts are given `common_args`: the account's
    /// `number`, the `moment`, and the `ip` address that the change came from. No SMS goes to a country that is not served, or beyond
    /// the budget of SMS: what is not told so stands among the account's activity all the same.
    pub fn notify_at(&mut self, to: Recipient, account: &Account, message: &impl Message) -> QueryResult<()> {
        let by_sms = to.channel() == Channel::Sms;
        if by_sms && !(self.reaches(to.as_str()) && sms_limits::spend_notice(self, to.as_str())?) {
            return Ok(());
        }
        self.queue_for_owner(to, account, message)
    }

    /// The same where the SMS was spent already: a code that somebody has asked for (`spend_sms`).
    pub fn queue_for_owner(
        &mut self,
        to: Recipient,
        account: &Account,
        message: &impl Message,
    ) -> QueryResult<()> {
        let moment = texts::deadline(account.locale, &account.time_zone, self.now);
        let common = common_args(account.grouped_number(), moment, self.client.ip.as_str());
        self.queue_message_with(to, Some(account.id), account.locale, message, common)?;
        Ok(())
    }
}

/// What every text that an account's owner is told may name. A message of bare `queue_message` has none of it.
pub(crate) fn common_args(number: String, moment: String, ip: &str) -> MessageArgs {
    MessageArgs::new().with("number", number).with("moment", moment).with("ip", ip)
}
