//! What an account's owner says of themselves: name, language, time zone; and the address and phone that come and go.

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::identifiers::email::Email;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::revoke::{Cause, revoke};
use crate::accounts::telling::{Occasion, tell, tell_at};
use crate::base::{AccountId, Keys, Purpose, hours};
use crate::db::Db;
use crate::limits::{self, Limit, Spent};
use crate::notices::{Changed, To};
use crate::texts::Locale;

/// Changes of name, language, time zone and settings: each is a line in the journal.
const CHANGES: Limit = Limit { most: 60, within: hours(1) };

/// What the profile's forms change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    Name(String),
    Language(Locale),
    /// A name of the IANA database.
    TimeZone(&'static str),
}

impl Detail {
    /// What the journal says that was changed.
    const fn word(&self) -> &'static str {
        match self {
            Detail::Name(_) => "name",
            Detail::Language(_) => "language",
            Detail::TimeZone(_) => "time-zone",
        }
    }

    fn is_what(&self, account: &Account) -> bool {
        match self {
            Detail::Name(name) => account.name.as_ref() == Some(name),
            Detail::Language(locale) => account.locale == *locale,
            Detail::TimeZone(zone) => account.time_zone == *zone,
        }
    }
}

/// Spends one change of an account.
pub fn spend(db: &mut Db, keys: &Keys, on: &Occasion, id: AccountId) -> QueryResult<Spent> {
    let counter =
        format!("profile:{}", keys.name(Purpose::Counters, &[b"profile", &id.as_i64().to_be_bytes()]));
    limits::spend(db, &counter, CHANGES, on.now)
}

/// Changes one thing; nothing is written when it is so already.
pub fn change(
    db: &mut Db,
    keys: &Keys,
    on: &Occasion,
    account: &Account,
    detail: &Detail,
) -> QueryResult<Spent> {
    if detail.is_what(account) {
        return Ok(Spent::Allowed);
    }
    if let Spent::Wait { until } = spend(db, keys, on, account.id)? {
        return Ok(Spent::Wait { until });
    }
    match detail {
        Detail::Name(name) => Account::rename(db, account.id, name)?,
        Detail::Language(locale) => Account::speak(db, account.id, *locale)?,
        Detail::TimeZone(zone) => Account::move_to(db, account.id, zone)?,
    }
    journal::note(db, account.id, EventKind::ProfileChanged, detail.word(), &on.from, on.now)?;
    Ok(Spent::Allowed)
}

/// Tells of a new address: at the old one (or by SMS, where there was none) and at the new one.
pub(crate) fn email_changed(
    db: &mut Db,
    keys: &Keys,
    on: &Occasion,
    before: &Account,
    email: &Email,
) -> QueryResult<()> {
    if before.email.as_ref().map(Email::key) == Some(email.key()) {
        return Ok(());
    }
    let to = To::from(email);
    let masked = to.masked();
    let says = on.change(before, Changed::Email, &masked);
    tell(db, keys, on.now, before, &says)?;
    tell_at(db, keys, on.now, before, to, &says)?;
    journal::note(db, before.id, EventKind::EmailChanged, &masked, &on.from, on.now)
}

/// Takes the address away, while the phone stays. The owner is told at both. False when nothing was taken away.
pub fn remove_email(db: &mut Db, keys: &Keys, on: &Occasion, id: AccountId) -> QueryResult<bool> {
    let Some(before) = Account::find(db, id)? else { return Ok(false) };
    let (Some(email), Some(phone)) = (&before.email, &before.phone) else { return Ok(false) };
    if !Account::drop_email(db, id)? {
        return Ok(false);
    }
    removed(db, keys, on, &before, Changed::EmailRemoved, (email.into(), phone.into()))
}

/// Takes the phone away, while the address stays. The owner is told at both. False when nothing was taken away.
pub fn remove_phone(db: &mut Db, keys: &Keys, on: &Occasion, id: AccountId) -> QueryResult<bool> {
    let Some(before) = Account::find(db, id)? else { return Ok(false) };
    let (Some(email), Some(phone)) = (&before.email, &before.phone) else { return Ok(false) };
    if !Account::drop_phone(db, id)? {
        return Ok(false);
    }
    removed(db, keys, on, &before, Changed::PhoneRemoved, (phone.into(), email.into()))
}

/// `gone` and `kept`: what was taken away, and what stays.
fn removed(
    db: &mut Db,
    keys: &Keys,
    on: &Occasion,
    before: &Account,
    what: Changed,
    (gone, kept): (To, To),
) -> QueryResult<bool> {
    let cause = if what == Changed::EmailRemoved { Cause::EmailRemoved } else { Cause::PhoneRemoved };
    revoke(db, before.id, cause, None)?;
    let says = on.change(before, what, &gone.masked());
    let kind = if what == Changed::EmailRemoved { EventKind::EmailChanged } else { EventKind::PhoneChanged };
    tell_at(db, keys, on.now, before, gone, &says)?;
    tell_at(db, keys, on.now, before, kept, &says)?;
    journal::note(db, before.id, kind, "removed", &on.from, on.now)?;
    Ok(true)
}
