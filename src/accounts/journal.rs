//! The owner's journal: what happened to the account, when, from where. Written in the transaction of what happened.

use diesel::prelude::*;

use crate::base::{AccountId, Client, Keys, Moment, Purpose, days, minutes, next_id};
use crate::db::Db;
use crate::db::schema::events;
use crate::limits::{self, Limit, Spent};
use crate::text_enum;

text_enum! {
    /// What an entry is about. Each has a text `event-<word>` in the locales.
    EventKind {
        Registered => "registered",
        SignedIn => "signed-in",
        SignInFailed => "sign-in-failed",
        CodeFailed => "code-failed",
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
        BrowserForgotten => "browser-forgotten",
        SmsChanged => "sms-changed",
        CardAdded => "card-added",
        CardConfirmed => "card-confirmed",
        CardFailed => "card-failed",
        CardUnbound => "card-unbound",
        StaffLooked => "staff-looked",
    }
}

/// What the owner can filter by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    SignIns,
    Failures,
    Changes,
    Staff,
}

impl Group {
    pub const ALL: [Group; 4] = [Group::SignIns, Group::Failures, Group::Changes, Group::Staff];

    pub const fn word(self) -> &'static str {
        match self {
            Group::SignIns => "sign-ins",
            Group::Failures => "failures",
            Group::Changes => "changes",
            Group::Staff => "staff",
        }
    }

    /// The key of its text.
    pub const fn text(self) -> &'static str {
        match self {
            Group::SignIns => "journal-sign-ins",
            Group::Failures => "journal-failures",
            Group::Changes => "journal-changes",
            Group::Staff => "journal-staff",
        }
    }

    pub fn from_word(word: &str) -> Option<Group> {
        Group::ALL.into_iter().find(|group| group.word() == word)
    }

    pub fn kinds(self) -> Vec<EventKind> {
        EventKind::ALL.iter().copied().filter(|kind| kind.group() == self).collect()
    }
}

impl EventKind {
    /// Each entry belongs to one group.
    pub const fn group(self) -> Group {
        match self {
            EventKind::Registered | EventKind::SignedIn | EventKind::SignedOut => Group::SignIns,
            EventKind::RecoveryCodeUsed | EventKind::SessionEnded | EventKind::SessionsEnded => {
                Group::SignIns
            }
            EventKind::SignInFailed | EventKind::CodeFailed => Group::Failures,
            EventKind::PasswordChanged | EventKind::PasswordReset | EventKind::RecoveryAsked => {
                Group::Changes
            }
            EventKind::EmailChanged | EventKind::PhoneChanged | EventKind::ProfileChanged => Group::Changes,
            EventKind::QuestionsChanged | EventKind::FactorOn | EventKind::FactorOff => Group::Changes,
            EventKind::RecoveryCodesMade | EventKind::BrowserForgotten | EventKind::SmsChanged => {
                Group::Changes
            }
            EventKind::CardAdded
            | EventKind::CardConfirmed
            | EventKind::CardFailed
            | EventKind::CardUnbound => Group::Changes,
            EventKind::StaffLooked => Group::Staff,
        }
    }

    /// The key of its text.
    pub const fn text(self) -> &'static str {
        match self {
            EventKind::Registered => "event-registered",
            EventKind::SignedIn => "event-signed-in",
            EventKind::SignInFailed => "event-sign-in-failed",
            EventKind::CodeFailed => "event-code-failed",
            EventKind::SignedOut => "event-signed-out",
            EventKind::PasswordChanged => "event-password-changed",
            EventKind::PasswordReset => "event-password-reset",
            EventKind::RecoveryAsked => "event-recovery-asked",
            EventKind::EmailChanged => "event-email-changed",
            EventKind::PhoneChanged => "event-phone-changed",
            EventKind::ProfileChanged => "event-profile-changed",
            EventKind::QuestionsChanged => "event-questions-changed",
            EventKind::FactorOn => "event-factor-on",
            EventKind::FactorOff => "event-factor-off",
            EventKind::RecoveryCodesMade => "event-recovery-codes-made",
            EventKind::RecoveryCodeUsed => "event-recovery-code-used",
            EventKind::SessionEnded => "event-session-ended",
            EventKind::SessionsEnded => "event-sessions-ended",
            EventKind::BrowserForgotten => "event-browser-forgotten",
            EventKind::SmsChanged => "event-sms-changed",
            EventKind::CardAdded => "event-card-added",
            EventKind::CardConfirmed => "event-card-confirmed",
            EventKind::CardFailed => "event-card-failed",
            EventKind::CardUnbound => "event-card-unbound",
            EventKind::StaffLooked => "event-staff-looked",
        }
    }
}

/// Entries older than this are deleted.
const KEPT_DAYS: u64 = 400;
const CLEANED_AT_ONCE: i64 = 1_000;
const FAILURES: Limit = Limit { most: 50, within: days(1) };
const NOBODY: Limit = Limit { most: i64::MAX, within: minutes(1) };

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

impl Event {
    /// The key of what happened, and what stands after it: an address, a browser, a number. Words of the program's own become part of
    /// the text instead: nobody reads "name" or "removed" in a sentence of their language.
    pub fn said(&self) -> (&'static str, &str) {
        let key = match (self.kind, self.detail.as_str()) {
            (EventKind::ProfileChanged, "name") => "event-name-changed",
            (EventKind::ProfileChanged, "language") => "event-language-changed",
            (EventKind::ProfileChanged, "time-zone") => "event-zone-changed",
            (EventKind::EmailChanged, "removed") => "event-email-removed",
            (EventKind::PhoneChanged, "removed") => "event-phone-removed",
            (EventKind::PasswordReset, "mail") => "event-password-reset-mail",
            (EventKind::PasswordReset, "sms") => "event-password-reset-sms",
            (EventKind::SmsChanged, "on") => "event-sms-on",
            (EventKind::SmsChanged, "off") => "event-sms-off",
            (kind, detail) => return (kind.text(), detail),
        };
        (key, "")
    }
}

/// Writes an entry. `detail` is never a secret: a masked address, a word.
pub fn note(
    db: &mut Db,
    account_id: AccountId,
    kind: EventKind,
    detail: &str,
    from: &Client,
    now: Moment,
) -> QueryResult<()> {
    diesel::insert_into(events::table)
        .values((
            events::id.eq(next_id()),
            events::account_id.eq(account_id),
            events::kind.eq(kind),
            events::detail.eq(detail),
            events::address.eq(&from.ip),
            events::browser.eq(&from.user_agent),
            events::at.eq(now),
        ))
        .execute(db)
        .map(|_rows| ())
}

/// Somebody could not come in. The owner's journal tells of so many a day, so that a storm of failures does not bury the rest. For
/// a name that nobody has, as much is done: the answer takes no shorter.
pub fn note_failure(
    db: &mut Db,
    keys: &Keys,
    whose: Result<AccountId, &str>,
    kind: EventKind,
    from: &Client,
    now: Moment,
) -> QueryResult<()> {
    let id = whose.map(|id| id.as_i64().to_string());
    let subject = id.as_deref().unwrap_or_else(|name| name);
    let counter = |kind: &str| {
        format!("journal:{kind}:{}", keys.name(Purpose::Counters, &[kind.as_bytes(), subject.as_bytes()]))
    };
    if limits::spend(db, &counter("failed"), FAILURES, now)? != Spent::Allowed {
        return Ok(());
    }
    match whose {
        Ok(account_id) => note(db, account_id, kind, "", from, now),
        Err(_nobody) => limits::spend(db, &counter("nobody"), NOBODY, now).map(|_spent| ()),
    }
}

/// Entries of an account, newest first: `most` of them older than the entry `before`, of these kinds (all when empty).
pub fn list(
    db: &mut Db,
    account_id: AccountId,
    kinds: &[EventKind],
    before: Option<i64>,
    most: i64,
) -> QueryResult<Vec<Event>> {
    let words: Vec<&str> =
        if kinds.is_empty() { EventKind::ALL } else { kinds }.iter().map(|kind| kind.word()).collect();
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
    let old: Vec<i64> = events::table
        .filter(events::at.lt(now.before(days(KEPT_DAYS))))
        .select(events::id)
        .limit(CLEANED_AT_ONCE)
        .load(db)?;
    diesel::delete(events::table.filter(events::id.eq_any(old))).execute(db).map(|_rows| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::testing::Owner;

    #[test]
    fn every_kind_is_in_the_group_that_says_so() {
        let all: Vec<EventKind> = Group::ALL.into_iter().flat_map(Group::kinds).collect();
        assert_eq!(all.len(), EventKind::ALL.len());
        for kind in EventKind::ALL {
            assert_eq!(kind.text(), format!("event-{}", kind.word()));
            assert!(kind.group().kinds().contains(kind));
        }
    }

    #[tokio::test]
    async fn a_storm_of_failures_leaves_fifty_lines_a_day() {
        let anna = Owner::new().await;
        let fail = async || {
            let (keys, id, from, now) =
                (anna.db.keys.clone(), anna.account.id, anna.from.clone(), anna.now());
            let noted = move |db: &mut Db| {
                note_failure(db, &keys, Err("nobody"), EventKind::SignInFailed, &from, now)?;
                note_failure(db, &keys, Ok(id), EventKind::SignInFailed, &from, now)
            };
            anna.db.store.write(noted).await.unwrap();
        };
        for _ in 0..60 {
            fail().await;
        }
        assert_eq!(anna.journal().await.len(), 50);
        anna.db.clock.advance(days(1));
        fail().await;
        assert_eq!(anna.journal().await.len(), 51);
    }

    #[tokio::test]
    async fn entries_come_by_pages_and_groups_and_go_after_400_days() {
        let anna = Owner::new().await;
        let (id, now, from) = (anna.account.id, anna.now(), anna.from.clone());
        let kinds =
            [EventKind::SignedIn, EventKind::SignInFailed, EventKind::EmailChanged, EventKind::SignedOut];
        let write = move |db: &mut Db| kinds.iter().try_for_each(|kind| note(db, id, *kind, "", &from, now));
        anna.db.store.write(write).await.unwrap();
        let read = async |kinds: Vec<EventKind>, before| {
            let found = anna.db.store.read(move |db| list(db, id, &kinds, before, 2)).await.unwrap();
            found.into_iter().map(|event| (event.id, event.kind)).collect::<Vec<_>>()
        };
        let first = read(Vec::new(), None).await;
        assert_eq!(
            first.iter().map(|(_, kind)| *kind).collect::<Vec<_>>(),
            [EventKind::SignedOut, EventKind::EmailChanged]
        );
        let second = read(Vec::new(), Some(first[1].0)).await;
        assert_eq!(
            second.iter().map(|(_, kind)| *kind).collect::<Vec<_>>(),
            [EventKind::SignInFailed, EventKind::SignedIn]
        );
        assert_eq!(read(Group::Failures.kinds(), None).await.len(), 1);
        for (passed, left) in [(days(400), 2), (days(401), 0)] {
            anna.db.store.write(move |db| clean(db, now.after(passed))).await.unwrap();
            assert_eq!(read(Vec::new(), None).await.len(), left);
        }
    }
}
