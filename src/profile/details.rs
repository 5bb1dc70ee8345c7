//! What an account's owner says of themselves: name, language, time zone; and the address and phone that come and go.

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::activity::ActivityEvent;
use crate::accounts::identifiers::email::Email;
use crate::accounts::revoke::{Cause, revoke};
use crate::base::{AccountId, hours};
use crate::db::Tx;
use crate::limits::{Per, RateLimit, Spent};
use crate::notices::Recipient;
use crate::profile::{events, messages};
use crate::texts::Locale;

/// Changes of name, language, time zone and settings: each is an entry in the activity log.
pub const CHANGES: RateLimit = RateLimit::new("profile.changes", Per::Account, 60, hours(1));

/// What the profile's forms change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    Name(String),
    Language(Locale),
    /// A name of the IANA database.
    TimeZone(&'static str),
}

impl Detail {
    const fn event(&self) -> &'static ActivityEvent {
        match self {
            Detail::Name(_) => &events::NAME_CHANGED,
            Detail::Language(_) => &events::LANGUAGE_CHANGED,
            Detail::TimeZone(_) => &events::TIME_ZONE_CHANGED,
        }
    }

    fn is_already(&self, account: &Account) -> bool {
        match self {
            Detail::Name(name) => account.name.as_ref() == Some(name),
            Detail::Language(locale) => account.locale == *locale,
            Detail::TimeZone(zone) => account.time_zone == *zone,
        }
    }
}

/// Spends one change of an account.
pub fn spend(tx: &mut Tx, id: AccountId) -> QueryResult<Spent> {
    tx.spend(&CHANGES, &id.as_i64().to_string())
}

/// Changes one thing; nothing is written when it is so already.
pub fn change(tx: &mut Tx, account: &Account, detail: &Detail) -> QueryResult<Spent> {
    if detail.is_already(account) {
        return Ok(Spent::Allowed);
    }
    if let Spent::Wait { until } = spend(tx, account.id)? {
        return Ok(Spent::Wait { until });
    }
    match detail {
        Detail::Name(name) => Account::rename(tx.db, account.id, name)?,
        Detail::Language(locale) => Account::set_locale(tx.db, account.id, *locale)?,
        Detail::TimeZone(zone) => Account::set_time_zone(tx.db, account.id, zone)?,
    }
    tx.record(account.id, detail.event(), "")?;
    Ok(Spent::Allowed)
}

/// Tells of a new address: at the old one (or by SMS, where there was none) and at the new one.
pub(crate) fn email_changed(tx: &mut Tx, before: &Account, email: &Email) -> QueryResult<()> {
    if before.email.as_ref().map(Email::key) == Some(email.key()) {
        return Ok(());
    }
    let to = Recipient::from(email);
    let message = match before.email {
        Some(_) => messages::email_changed(&to),
        None => messages::email_added(&to),
    };
    tx.notify(before, &message)?;
    tx.notify_at(to, before, &message)?;
    tx.record(before.id, &events::EMAIL_CHANGED, email.as_str())
}

/// The one of address and phone that is taken away, while the other stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contact {
    Email,
    Phone,
}

/// Takes the address or the phone away. The owner is told at both. False when nothing was taken away.
pub fn remove(tx: &mut Tx, id: AccountId, what: Contact) -> QueryResult<bool> {
    let Some(before) = Account::find(tx.db, id)? else { return Ok(false) };
    let (Some(email), Some(phone)) = (&before.email, &before.phone) else { return Ok(false) };
    let (email, phone) = (Recipient::from(email), Recipient::from(phone));
    let is_gone = match what {
        Contact::Email => Account::clear_email(tx.db, id)?,
        Contact::Phone => Account::clear_phone(tx.db, id)?,
    };
    if !is_gone {
        return Ok(false);
    }
    let (cause, message, event) = match what {
        Contact::Email => (Cause::EmailRemoved, messages::email_removed(&email), &events::EMAIL_REMOVED),
        Contact::Phone => (Cause::PhoneRemoved, messages::phone_removed(&phone), &events::PHONE_REMOVED),
    };
    revoke(tx.db, id, cause, None)?;
    tx.notify_at(email, &before, &message)?;
    tx.notify_at(phone, &before, &message)?;
    tx.record(id, event, "")?;
    Ok(true)
}
