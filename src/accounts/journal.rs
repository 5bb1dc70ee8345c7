//! The owner's journal: what happened to the account, when, from where. Written in the transaction of what happened.

use diesel::prelude::*;

use super::account::AccountId;
use crate::base::{Moment, days, next_id};
use crate::db::Db;
use crate::db::schema::events;
use crate::text_enum;

text_enum! {
    /// What an entry is about. Each has a text `event-<word>` in the locales.
    EventKind {
        Registered => "registered",
        SignedIn => "signed-in",
        SignInFailed => "sign-in-failed",
        SignedOut => "signed-out",
        PasswordChanged => "password-changed",
        PasswordReset => "password-reset",
        RecoveryAsked => "recovery-asked",
        EmailChanged => "email-changed",
        PhoneChanged => "phone-changed",
        ProfileChanged => "profile-changed",
        QuestionsChanged => "questions-changed",
        FactorOn => "factor-on",
        FactorOff => "factor-off",
        RecoveryCodesMade => "recovery-codes-made",
        RecoveryCodeUsed => "recovery-code-used",
        SessionEnded => "session-ended",
        SessionsEnded => "sessions-ended",
        SmsChanged => "sms-changed",
        StaffLooked => "staff-looked",
    }
}

/// Entries older than this are deleted.
const KEPT_DAYS: u64 = 400;
const CLEANED_AT_ONCE: i64 = 1_000;

/// Where something was done from.
#[derive(Debug, Clone, Default)]
pub struct From {
    /// The IP address.
    pub address: String,
    /// The `User-Agent` header.
    pub browser: String,
}

/// One entry as its owner reads it.
#[derive(Debug, Clone, Queryable)]
pub struct Event {
    pub id: i64,
    pub kind: EventKind,
    /// A word or a masked address; often empty.
    pub detail: String,
    pub address: String,
    pub browser: String,
    pub at: Moment,
}

/// Writes an entry. `detail` is never a secret: a masked address, a word.
pub fn note(db: &mut Db, account_id: AccountId, kind: EventKind, detail: &str, from: &From, now: Moment) -> QueryResult<()> {
    diesel::insert_into(events::table)
        .values((
            events::id.eq(next_id()),
            events::account_id.eq(account_id),
            events::kind.eq(kind),
            events::detail.eq(detail),
            events::address.eq(&from.address),
            events::browser.eq(&from.browser),
            events::at.eq(now),
        ))
        .execute(db)
        .map(|_rows| ())
}

/// Entries of an account, newest first: `most` of them older than the entry `before`, of these kinds (all when empty).
pub fn list(db: &mut Db, account_id: AccountId, kinds: &[EventKind], before: Option<i64>, most: i64) -> QueryResult<Vec<Event>> {
    let words: Vec<&str> = if kinds.is_empty() { EventKind::ALL } else { kinds }.iter().map(|kind| kind.word()).collect();
    events::table
        .filter(events::account_id.eq(account_id))
        .filter(events::id.lt(before.unwrap_or(i64::MAX)))
        .filter(events::kind.eq_any(words))
        .order(events::id.desc())
        .limit(most)
        .select((events::id, events::kind, events::detail, events::address, events::browser, events::at))
        .load(db)
}

/// Deletes old entries.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    let old: Vec<i64> =
        events::table.filter(events::at.lt(now.before(days(KEPT_DAYS)))).select(events::id).limit(CLEANED_AT_ONCE).load(db)?;
    diesel::delete(events::table.filter(events::id.eq_any(old))).execute(db).map(|_rows| ())
}
