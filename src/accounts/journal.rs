//! What the activity was before rooms had events of their own, for callers that have not moved yet.

use diesel::QueryResult;

use super::activity::{self, ActivityEvent, Topic};
use crate::base::{AccountId, Client, Keys, Moment, Purpose, days, minutes};
use crate::db::Db;
use crate::limits::{self, Limit, Spent};
use crate::text_enum;

text_enum! {
    /// What an entry is about.
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
    }
}

impl EventKind {
    const fn topic(self) -> Topic {
        match self {
            EventKind::Registered | EventKind::SignedIn | EventKind::SignedOut => Topic::SignIns,
            EventKind::RecoveryCodeUsed | EventKind::SessionEnded | EventKind::SessionsEnded => {
                Topic::SignIns
            }
            EventKind::SignInFailed | EventKind::CodeFailed => Topic::Failures,
            _ => Topic::Changes,
        }
    }
}

/// Words of the program's own that were details are events now.
fn event_of(kind: EventKind, detail: &str) -> (ActivityEvent, &str) {
    let word = match (kind, detail) {
        (EventKind::ProfileChanged, "name") => "name-changed",
        (EventKind::ProfileChanged, "language") => "language-changed",
        (EventKind::ProfileChanged, "time-zone") => "time-zone-changed",
        (EventKind::EmailChanged, "removed") => "email-removed",
        (EventKind::PhoneChanged, "removed") => "phone-removed",
        (EventKind::PasswordReset, "mail") => "password-reset-mail",
        (EventKind::PasswordReset, "sms") => "password-reset-sms",
        (EventKind::SmsChanged, "on") => "sms-on",
        (EventKind::SmsChanged, "off") => "sms-off",
        (kind, detail) => return (ActivityEvent::new(kind.word(), kind.topic()), detail),
    };
    (ActivityEvent::new(word, kind.topic()), "")
}

/// Writes an entry.
pub fn note(
    db: &mut Db,
    account_id: AccountId,
    kind: EventKind,
    detail: &str,
    from: &Client,
    now: Moment,
) -> QueryResult<()> {
    let (event, detail) = event_of(kind, detail);
    activity::insert(db, account_id, &event, detail, from, now)
}

const FAILURES: Limit = Limit { most: 50, within: days(1) };
const NOBODY: Limit = Limit { most: i64::MAX, within: minutes(1) };

/// Somebody could not come in.
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
