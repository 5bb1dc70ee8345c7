//! The outbox: what has been promised to be sent. The only writer of its table.
//!
//! A message is queued in the transaction of what it tells about: either both are there or neither. Workers claim what is
//! due, hand it over outside any transaction, and say how that went, naming the attempt that they had claimed. A worker
//! that is too late (its claim lapsed and another took the message) changes nothing.
//!
//! A claim lapses when its worker has died in the middle of a hand-over, and nobody knows whether the message went out.
//! It is then sent again: a promised message must not be lost, and a repeat does little harm, for a code is the same code
//! and a mail keeps its Message-ID. Outside of such crashes each message goes out once, whatever the number of instances
//! (whose clocks must agree within a few seconds).

use std::time::Duration;

use diesel::prelude::*;
use diesel::result::{Error, QueryResult};
use zeroize::Zeroizing;

use super::content::{Content, Unusable};
use super::message::{Message, MessageArgs};
use super::number::MessageNumber;
use super::outgoing_message::{OutboxId, OutgoingMessage};
use super::recipient::{Channel, Recipient};
use super::schedule::MAX_ATTEMPTS;
use super::status::{Event, Status};
use crate::base::{AccountId, Keys, Moment, days, minutes, random_bytes};
use crate::db::schema::outbox;
use crate::db::{Db, Tx};
use crate::limits::{Per, RateLimit};
use crate::texts::Locale;

/// At most this many rows are given up or wiped at a time.
const PURGE_BATCH: i64 = 200;
/// Sealed texts of failed messages are kept this long, so that they can be sent once the cause is mended.
const FAILED_CONTENT_KEPT: Duration = days(30);
/// Finished messages are forgotten after this.
pub const ROWS_KEPT_DAYS: u64 = 90;

/// Stands for the line of activity that a message goes with, where there is no account to have one.
const DECOY: RateLimit = RateLimit::new("notices.decoy", Per::Everybody, i64::MAX, minutes(1));

/// A claimed message: one attempt, ours until the claim lapses.
#[derive(Clone)]
pub struct Claim {
    pub id: OutboxId,
    /// Rises with each claim; whoever finishes names it.
    pub attempt: i32,
    pub kind: String,
    pub useful_until: Moment,
    queued_at: Moment,
    number: MessageNumber,
    locale: Locale,
    content: Option<Vec<u8>>,
}

/// A message that is due, as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    id: OutboxId,
    status: Status,
    attempts: i32,
}

fn aad(id: OutboxId) -> String {
    format!("outbox/{}/content", id.as_i64())
}

/// To whom a message went, whole: for the account that it belongs to.
pub(super) fn recipient_aad(number: &str) -> String {
    format!("outbox/{number}/recipient")
}

impl Tx<'_> {
    /// Puts a message into the outbox. Returns the number that people can ask about; the worker delivers it after the commit (ring
    /// `WorkerSignal` then).
    pub fn queue_message(
        &mut self,
        to: Recipient,
        account_id: Option<AccountId>,
        locale: Locale,
        message: &impl Message,
    ) -> QueryResult<MessageNumber> {
        self.queue_message_with(to, account_id, locale, message, MessageArgs::new())
    }

    /// The same for texts that are given more than the message knows.
    pub fn queue_message_with(
        &mut self,
        to: Recipient,
        account_id: Option<AccountId>,
        locale: Locale,
        message: &impl Message,
        more: MessageArgs,
    ) -> QueryResult<MessageNumber> {
        let content = Content::of(to, message, more, |path| self.link(path));
        let (id, number) = (OutboxId::next(), MessageNumber::random());
        let opened = serde_json::to_vec(&content).map_err(|error| Error::SerializationError(error.into()))?;
        let sealed = self.keys.seal(&aad(id), &Zeroizing::new(opened));
        // What belongs to nobody is told to nobody: whoever never becomes an account's owner leaves no number here.
        let recipient = account_id.map(|_owner| self.seal_recipient(number.as_str(), &content.to));
        diesel::insert_into(outbox::table)
            .values((
                outbox::id.eq(id),
                outbox::number.eq(number.as_str()),
                outbox::account_id.eq(account_id.map(AccountId::as_i64)),
                outbox::channel.eq(content.to.channel()),
                outbox::kind.eq(message.kind()),
                outbox::locale.eq(locale),
                outbox::recipient_masked.eq(content.to.masked()),
                outbox::recipient_sealed.eq(recipient),
                outbox::content.eq(Some(sealed)),
                outbox::status.eq(Status::Queued),
                outbox::attempts.eq(0),
                outbox::next_at.eq(self.now),
                outbox::useful_until.eq(self.now.after(message.lifetime())),
                outbox::created_at.eq(self.now),
            ))
            .execute(self.db)?;
        Ok(number)
    }

    fn seal_recipient(&self, number: &str, to: &Recipient) -> Vec<u8> {
        self.keys.seal(&recipient_aad(number), to.as_str().as_bytes())
    }

    /// The work of a message with its line of activity, and neither: how long the answer takes shall not tell an account from none.
    pub fn queue_decoy(&mut self, to: Recipient, locale: Locale, message: &impl Message) -> QueryResult<()> {
        let taken_back = self.savepoint(|tx| {
            tx.queue_message(to, None, locale, message)?;
            let nobody = i64::from_be_bytes(random_bytes()).to_string();
            tx.decoy(&DECOY, &nobody)?;
            Err::<(), _>(Error::RollbackTransaction)
        });
        match taken_back {
            Err(Error::RollbackTransaction) => Ok(()),
            other => other,
        }
    }
}

/// What was sent to somebody before they had an account becomes the account's.
pub fn hand_over(tx: &mut Tx, number: &str, account_id: AccountId, to: &Recipient) -> QueryResult<()> {
    let nobody_s = outbox::table.filter(outbox::number.eq(number)).filter(outbox::account_id.is_null());
    let owned = (
        outbox::account_id.eq(account_id.as_i64()),
        outbox::recipient_sealed.eq(tx.seal_recipient(number, to)),
    );
    diesel::update(nobody_s).set(owned).execute(tx.db)?;
    Ok(())
}

/// Messages of a channel that are due, oldest first: queued ones, and ones whose claim has lapsed. Only a read: `claim`
/// decides who gets them.
pub fn due(db: &mut Db, now: Moment, channel: Channel, most: i64) -> QueryResult<Vec<Due>> {
    let mut all = Vec::new();
    for status in [Status::Queued, Status::Sending] {
        let found: Vec<(OutboxId, Status, i32)> = outbox::table
            .filter(outbox::channel.eq(channel).and(outbox::status.eq(status)).and(outbox::next_at.le(now)))
            .order(outbox::next_at)
            .limit(most)
            .select((outbox::id, outbox::status, outbox::attempts))
            .load(db)?;
        all.extend(found.into_iter().map(|(id, status, attempts)| Due { id, status, attempts }));
    }
    all.truncate(usize::try_from(most).unwrap_or(0));
    Ok(all)
}

/// When the next message of a channel is due.
pub fn next_due(db: &mut Db, channel: Channel) -> QueryResult<Option<Moment>> {
    let mut next = None;
    for status in [Status::Queued, Status::Sending] {
        let first = outbox::table
            .filter(outbox::channel.eq(channel).and(outbox::status.eq(status)))
            .order(outbox::next_at)
            .select(outbox::next_at)
            .first::<Moment>(db)
            .optional()?;
        next = next.into_iter().chain(first).min();
    }
    Ok(next)
}

/// Claims messages until `now + lease`. Those that another worker has claimed meanwhile are left out.
pub fn claim(db: &mut Db, now: Moment, lease: Duration, due: &[Due]) -> QueryResult<Vec<Claim>> {
    let mut claimed = Vec::with_capacity(due.len());
    for due in due {
        let Some(sending) = due.status.after(Event::Claimed) else { continue };
        let attempt = due.attempts.saturating_add(1);
        let ours = outbox::table.filter(
            outbox::id.eq(due.id).and(outbox::status.eq(due.status)).and(outbox::attempts.eq(due.attempts)),
        );
        let rows = diesel::update(ours)
            .set((
                outbox::status.eq(sending),
                outbox::attempts.eq(attempt),
                outbox::next_at.eq(now.after(lease)),
            ))
            .execute(db)?;
        if rows == 1 {
            claimed.push(read_claim(db, due.id, attempt)?);
        }
    }
    Ok(claimed)
}

fn read_claim(db: &mut Db, id: OutboxId, attempt: i32) -> QueryResult<Claim> {
    type Row = (String, String, Locale, Option<Vec<u8>>, Moment, Moment);
    let (number, kind, locale, content, useful_until, queued_at): Row = outbox::table
        .find(id)
        .select((
            outbox::number,
            outbox::kind,
            outbox::locale,
            outbox::content,
            outbox::useful_until,
            outbox::created_at,
        ))
        .first(db)?;
    let number = MessageNumber::stored(number);
    Ok(Claim { id, attempt, kind, useful_until, queued_at, number, locale, content })
}

impl Claim {
    /// Whether the message has outlived its use, or its tries: then it is not handed over any more.
    pub fn is_late(&self, now: Moment) -> bool {
        now > self.useful_until || self.attempt > MAX_ATTEMPTS
    }

    /// Opens the content and writes the message. The error is a word for `failure`.
    pub fn message(&self, keys: &Keys) -> Result<OutgoingMessage, Unusable> {
        let sealed = self.content.as_deref().ok_or(Unusable("no content"))?;
        let opened =
            keys.open_sealed(&aad(self.id), sealed).map_err(|_error| Unusable("unreadable content"))?;
        let content: Content =
            serde_json::from_slice(&opened).map_err(|_error| Unusable("unreadable content"))?;
        let body = content.write(&self.number, self.locale, &self.kind)?;
        let (number, queued_at) = (self.number.clone(), self.queued_at);
        Ok(OutgoingMessage { id: self.id, number, to: content.to, body, queued_at })
    }
}

/// How a hand-over went, for the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Handed over; `peer_id` is what receipts will name.
    Sent { peer_id: Option<String> },
    /// To be tried again.
    PutOff { until: Moment, class: String },
    /// A dead letter.
    Failed { class: String },
}

impl Outcome {
    const fn event(&self) -> Event {
        match self {
            Outcome::Sent { .. } => Event::Taken,
            Outcome::PutOff { .. } => Event::PutOff,
            Outcome::Failed { .. } => Event::GivenUp,
        }
    }
}

/// Writes down how attempt `attempt` went. False when the message is no longer ours; then nothing is changed.
pub fn finish(db: &mut Db, now: Moment, id: OutboxId, attempt: i32, outcome: &Outcome) -> QueryResult<bool> {
    let Some(status) = Status::Sending.after(outcome.event()) else { return Ok(false) };
    let ours = outbox::table
        .filter(outbox::id.eq(id).and(outbox::status.eq(Status::Sending)).and(outbox::attempts.eq(attempt)));
    let rows = match outcome {
        Outcome::Sent { peer_id } => diesel::update(ours)
            .set((
                outbox::status.eq(status),
                outbox::peer_id.eq(peer_id.as_deref()),
                outbox::sent_at.eq(Some(now)),
                outbox::content.eq(None::<Vec<u8>>),
            ))
            .execute(db)?,
        Outcome::PutOff { class, .. } | Outcome::Failed { class } => {
            let next_at = if let Outcome::PutOff { until, .. } = outcome { *until } else { now };
            diesel::update(ours)
                .set((
                    outbox::status.eq(status),
                    outbox::next_at.eq(next_at),
                    outbox::failure.eq(Some(class.as_str())),
                ))
                .execute(db)?
        }
    };
    Ok(rows == 1)
}

/// Writes down a delivery receipt. False when no sent message has this id (yet: a receipt may outrun `finish`).
/// Centres begin their ids anew after a restart: the newest message is meant.
pub fn receipt(db: &mut Db, now: Moment, peer_id: &str, arrived: bool) -> QueryResult<bool> {
    let Some(status) = Status::Sent.after(if arrived { Event::Arrived } else { Event::Lost }) else {
        return Ok(false);
    };
    let newest: Option<OutboxId> = outbox::table
        .filter(outbox::peer_id.eq(peer_id).and(outbox::status.eq(Status::Sent)))
        .order(outbox::id.desc())
        .select(outbox::id)
        .first(db)
        .optional()?;
    let Some(id) = newest else { return Ok(false) };
    let rows = diesel::update(outbox::table.filter(outbox::id.eq(id).and(outbox::status.eq(Status::Sent))))
        .set((outbox::status.eq(status), outbox::delivered_at.eq(Some(now))))
        .execute(db)?;
    Ok(rows == 1)
}

/// Gives up messages that waited in vain for their carrier until they were of no use, wipes the texts of old dead letters and
/// forgets what ended long ago. For the list of maintenance tasks.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    give_up_late(db, now)?;
    let old = outbox::table
        .filter(outbox::status.eq(Status::Failed).and(outbox::next_at.lt(now.before(FAILED_CONTENT_KEPT))))
        .filter(outbox::content.is_not_null());
    diesel::update(old).set(outbox::content.eq(None::<Vec<u8>>)).execute(db)?;
    let ended = [Status::Sent, Status::Failed, Status::Delivered, Status::Undelivered];
    for status in ended {
        let ids: Vec<OutboxId> = outbox::table
            .filter(outbox::status.eq(status).and(outbox::created_at.lt(now.before(days(ROWS_KEPT_DAYS)))))
            .limit(PURGE_BATCH)
            .select(outbox::id)
            .load(db)?;
        diesel::delete(outbox::table.filter(outbox::id.eq_any(ids))).execute(db)?;
    }
    Ok(())
}

fn give_up_late(db: &mut Db, now: Moment) -> QueryResult<()> {
    let Some(failed) = Status::Queued.after(Event::GivenUp) else { return Ok(()) };
    let late: Vec<(OutboxId, i32)> = outbox::table
        .filter(outbox::status.eq(Status::Queued).and(outbox::useful_until.lt(now)))
        .limit(PURGE_BATCH)
        .select((outbox::id, outbox::attempts))
        .load(db)?;
    for (id, attempts) in late {
        let still = outbox::table.filter(
            outbox::id.eq(id).and(outbox::status.eq(Status::Queued)).and(outbox::attempts.eq(attempts)),
        );
        diesel::update(still)
            .set((outbox::status.eq(failed), outbox::next_at.eq(now), outbox::failure.eq(Some("too late"))))
            .execute(db)?;
    }
    Ok(())
}

/// How many messages wait, and how many are dead letters: for metrics.
pub fn counts(db: &mut Db) -> QueryResult<Vec<(Status, i64)>> {
    let mut counts = Vec::new();
    for status in [Status::Queued, Status::Sending, Status::Failed] {
        counts.push((status, outbox::table.filter(outbox::status.eq(status)).count().get_result(db)?));
    }
    Ok(counts)
}
