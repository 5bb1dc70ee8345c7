//! What an account's owner says of themselves: name, language, time zone; and the address and phone that come and go.

use diesel::result::QueryResult;

use crate::accounts::account::Account;
use crate::accounts::identifiers::email::Email;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::revoke::{Cause, revoke};
use crate::accounts::telling::{Occasion, tell, tell_at};
use crate::base::{AccountId, hours};
use crate::db::Tx;
use crate::limits::{Per, RateLimit, Spent};
use crate::notices::{Changed, To};
use crate::texts::Locale;

/// Changes of name, language, time zone and settings: each is a line in the journal.
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
pub fn spend(tx: &mut Tx, id: AccountId) -> QueryResult<Spent> {
    tx.spend(&CHANGES, &id.as_i64().to_string())
}

/// Changes one thing; nothing is written when it is so already.
pub fn change(tx: &mut Tx, account: &Account, detail: &Detail) -> QueryResult<Spent> {
    if detail.is_what(account) {
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
    journal::note(tx.db, account.id, EventKind::ProfileChanged, detail.word(), tx.client, tx.now)?;
    Ok(Spent::Allowed)
}

/// Tells of a new address: at the old one (or by SMS, where there was none) and at the new one.
pub(crate) fn email_changed(tx: &mut Tx, before: &Account, email: &Email) -> QueryResult<()> {
    if before.email.as_ref().map(Email::key) == Some(email.key()) {
        return Ok(());
    }
    let to = To::from(email);
    let masked = to.masked();
    let says = Occasion::of(tx).change(before, Changed::Email, &masked);
    tell(tx.db, tx.keys, tx.now, before, &says)?;
    tell_at(tx.db, tx.keys, tx.now, before, to, &says)?;
    journal::note(tx.db, before.id, EventKind::EmailChanged, &masked, tx.client, tx.now)
}

/// The one of address and phone that is taken away, while the other stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removed {
    Email,
    Phone,
}

/// Takes the address or the phone away. The owner is told at both. False when nothing was taken away.
pub fn remove(tx: &mut Tx, id: AccountId, what: Removed) -> QueryResult<bool> {
    let Some(before) = Account::find(tx.db, id)? else { return Ok(false) };
    let (Some(email), Some(phone)) = (&before.email, &before.phone) else { return Ok(false) };
    let (email, phone) = (To::from(email), To::from(phone));
    let is_gone = match what {
        Removed::Email => Account::clear_email(tx.db, id)?,
        Removed::Phone => Account::clear_phone(tx.db, id)?,
    };
    if !is_gone {
        return Ok(false);
    }
    let (cause, changed, kind, [gone, kept]) = match what {
        Removed::Email => {
            (Cause::EmailRemoved, Changed::EmailRemoved, EventKind::EmailChanged, [email, phone])
        }
        Removed::Phone => {
            (Cause::PhoneRemoved, Changed::PhoneRemoved, EventKind::PhoneChanged, [phone, email])
        }
    };
    revoke(tx.db, id, cause, None)?;
    let says = Occasion::of(tx).change(&before, changed, &gone.masked());
    tell_at(tx.db, tx.keys, tx.now, &before, gone, &says)?;
    tell_at(tx.db, tx.keys, tx.now, &before, kept, &says)?;
    journal::note(tx.db, id, kind, "removed", tx.client, tx.now)?;
    Ok(true)
}
