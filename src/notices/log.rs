//! Reading the outbox: what an account was sent, and whether a message is ours. Who was written to is told only to the account itself, whole.

use diesel::prelude::*;

use super::number::MessageNumber;
use super::outbox::recipient_aad;
use super::recipient::Channel;
use super::status::Status;
use crate::base::{Keys, Moment};
use crate::db::schema::outbox;
use crate::db::{Db, Tx};
use crate::texts::{self, Args, Locale, words_with};

/// A message as the owner of its account reads about it.
#[derive(Clone, Queryable)]
pub struct Entry {
    pub number: String,
    pub channel: Channel,
    pub kind: String,
    masked: String,
    sealed: Option<Vec<u8>>,
    status: Status,
    attempts: i32,
    failure: Option<String>,
    pub created_at: Moment,
}

/// What is told to anybody who holds a message's number.
#[derive(Debug, Clone, Queryable)]
pub struct Ours {
    pub channel: Channel,
    pub kind: String,
    created_at: Moment,
    sent_at: Option<Moment>,
}

impl Ours {
    /// When it went out; when it was queued, if it has not yet.
    pub fn at(&self) -> Moment {
        self.sent_at.unwrap_or(self.created_at)
    }
}

/// Messages of an account, newest first: `most` of them, older than the one numbered `before`. A number that is not one of this
/// account's messages begins at the newest.
pub fn list(
    tx: &mut Tx,
    account_id: i64,
    before: Option<&MessageNumber>,
    most: i64,
) -> QueryResult<Vec<Entry>> {
    let own = || outbox::table.filter(outbox::account_id.eq(account_id));
    let older_than = match before {
        Some(number) => {
            own().filter(outbox::number.eq(number.as_str())).select(outbox::id).first(tx.db).optional()?
        }
        None => None,
    };
    own()
        .filter(outbox::id.lt(older_than.unwrap_or(i64::MAX)))
        .order(outbox::id.desc())
        .limit(most)
        .select((
            outbox::number,
            outbox::channel,
            outbox::kind,
            outbox::recipient_masked,
            outbox::recipient_sealed,
            outbox::status,
            outbox::attempts,
            outbox::failure,
            outbox::created_at,
        ))
        .load(tx.db)
}

/// The message with this number; None when there is none.
pub fn find(db: &mut Db, number: &MessageNumber) -> QueryResult<Option<Ours>> {
    outbox::table
        .filter(outbox::number.eq(number.as_str()))
        .select((outbox::channel, outbox::kind, outbox::created_at, outbox::sent_at))
        .first(db)
        .optional()
}

impl Entry {
    /// To whom it went, as the carrier was told; masked where that cannot be read any more.
    pub fn to(&self, keys: &Keys) -> String {
        let open = |sealed: &Vec<u8>| keys.open_sealed(&recipient_aad(&self.number), sealed).ok();
        let whole =
            self.sealed.as_ref().and_then(open).and_then(|whole| String::from_utf8(whole.to_vec()).ok());
        whole.unwrap_or_else(|| self.masked.clone())
    }

    /// The text that says how far the message has come.
    pub fn state(&self) -> &'static str {
        match self.status {
            Status::Queued if self.attempts > 0 => "message-state-again",
            Status::Queued => "message-state-queued",
            Status::Sending => "message-state-sending",
            Status::Sent => "message-state-sent",
            Status::Delivered => "message-state-delivered",
            Status::Undelivered => "message-state-undelivered",
            Status::Failed => failed(self.failure.as_deref().unwrap_or_default()),
        }
    }

    /// Whether the message did not reach anybody and will not.
    pub fn is_lost(&self) -> bool {
        matches!(self.status, Status::Undelivered | Status::Failed)
    }
}

/// The outbox keeps the cause as a word or two of ours; people get a sentence.
fn failed(class: &str) -> &'static str {
    match class.split(' ').collect::<Vec<_>>().as_slice() {
        ["too", "late"] => "message-state-late",
        ["unusable", "recipient" | "address"] => "message-state-address",
        ["refused", ..] => "message-state-refused",
        ["no", "connection" | "answer" | "understanding"]
        | ["put", "off", ..]
        | ["not", "let", "in", ..]
        | ["throttled"] => "message-state-unreachable",
        _ => "message-state-broken",
    }
}

/// What a message of this kind is about: a mail's own subject, or a subject for what goes by SMS only. It has no arguments: nothing
/// secret can be in it.
pub fn subject(locale: Locale, kind: &str) -> String {
    let of_mail = texts::find(locale, &format!("mail-{kind}-subject"), Args::new()).ok().flatten();
    of_mail.unwrap_or_else(|| words_with(locale, &format!("sms-{kind}-subject"), Args::new()))
}

#[cfg(test)]
mod tests {
    use super::failed;

    #[test]
    fn every_cause_has_a_sentence() {
        for (class, key) in [
            ("too late", "message-state-late"),
            ("unusable recipient", "message-state-address"),
            ("unusable address", "message-state-address"),
            ("refused 550", "message-state-refused"),
            ("refused 0x0000000B", "message-state-refused"),
            ("no connection", "message-state-unreachable"),
            ("put off 451", "message-state-unreachable"),
            ("not let in 535", "message-state-unreachable"),
            ("throttled", "message-state-unreachable"),
            ("no content", "message-state-broken"),
            ("broken", "message-state-broken"),
            ("", "message-state-broken"),
        ] {
            assert_eq!(failed(class), key, "{class}");
        }
    }
}
