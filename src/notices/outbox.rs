//! The outbox: what has been promised to be sent. The only writer of its table.
//!
//! A message is posted in the transaction of what it tells about: either both are there or neither. Workers claim what is
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
use serde::{Deserialize, Serialize};

use super::notice::{Body, Channel, Kind, Message, Notice, OutboxId, Says, To, Unusable, write};
use super::number::MessageNumber;
use super::schedule::MOST_ATTEMPTS;
use super::status::{Event, Status};
use crate::base::{Keys, Moment, days};
use crate::db::Db;
use crate::db::schema::outbox;
use crate::texts::Locale;

/// At most this many rows are given up or wiped at a time.
const SWEEP_ROWS: i64 = 200;
/// Sealed texts of failed messages are kept this long, so that they can be sent once the cause is mended.
const FAILED_CONTENT_KEPT: Duration = days(30);
/// Finished messages are forgotten after this.
const ROWS_KEPT: Duration = days(90);

/// What is sealed: recipient and arguments. The text is written from them when it is sent.
#[derive(Serialize, Deserialize)]
struct Content {
    to: To,
    says: Says,
}

/// A claimed message: one attempt, ours until the claim lapses.
#[derive(Clone)]
pub struct Claim {
    pub id: OutboxId,
    /// Rises with each claim; whoever finishes names it.
    pub attempt: i32,
    pub kind: Kind,
    pub posted_at: Moment,
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

fn place(id: OutboxId) -> String {
    format!("outbox/{}/content", id.as_i64())
}

/// Puts a notice into the outbox, in the caller's transaction. Returns the number that people can ask about; the worker
/// delivers it after the commit (ring `WorkerSignal` then).
pub fn post(db: &mut Db, keys: &Keys, now: Moment, notice: &Notice) -> QueryResult<MessageNumber> {
    let (id, number) = (OutboxId::next(), MessageNumber::random());
    let content = Content { to: notice.to.clone(), says: notice.says.clone() };
    let content = zeroize::Zeroizing::new(
        serde_json::to_vec(&content).map_err(|error| Error::SerializationError(error.into()))?,
    );
    diesel::insert_into(outbox::table)
        .values((
            outbox::id.eq(id),
            outbox::number.eq(number.as_str()),
            outbox::account_id.eq(notice.account_id),
            outbox::channel.eq(notice.to.channel()),
            outbox::kind.eq(notice.says.kind()),
            outbox::locale.eq(notice.locale),
            outbox::recipient_masked.eq(notice.to.masked()),
            outbox::content.eq(Some(keys.seal(&place(id), &content))),
            outbox::status.eq(Status::Queued),
            outbox::attempts.eq(0),
            outbox::next_at.eq(now),
            outbox::created_at.eq(now),
        ))
        .execute(db)?;
    Ok(number)
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
    type Row = (String, Kind, Locale, Option<Vec<u8>>, Moment);
    let (number, kind, locale, content, posted_at): Row = outbox::table
        .find(id)
        .select((outbox::number, outbox::kind, outbox::locale, outbox::content, outbox::created_at))
        .first(db)?;
    Ok(Claim { id, attempt, kind, posted_at, number: MessageNumber::stored(number), locale, content })
}

impl Claim {
    /// Whether the message has outlived its use, or its tries: then it is not handed over any more.
    pub fn is_late(&self, now: Moment) -> bool {
        now > self.posted_at.after(self.kind.lifetime()) || self.attempt > MOST_ATTEMPTS
    }

    /// Opens the content and writes the message. The error is a word for `failure`.
    pub fn message(&self, keys: &Keys) -> Result<Message, Unusable> {
        let sealed = self.content.as_deref().ok_or(Unusable("no content"))?;
        let opened =
            keys.open_sealed(&place(self.id), sealed).map_err(|_error| Unusable("unreadable content"))?;
        let Content { to, says } =
            serde_json::from_slice(&opened).map_err(|_error| Unusable("unreadable content"))?;
        let body: Body = write(&self.number, self.locale, &to, &says)?;
        Ok(Message { id: self.id, number: self.number.clone(), to, body, posted_at: self.posted_at })
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
        Outcome::PutOff { until, class } => diesel::update(ours)
            .set((
                outbox::status.eq(status),
                outbox::next_at.eq(*until),
                outbox::failure.eq(Some(class.as_str())),
            ))
            .execute(db)?,
        Outcome::Failed { class } => diesel::update(ours)
            .set((
                outbox::status.eq(status),
                outbox::next_at.eq(now),
                outbox::failure.eq(Some(class.as_str())),
            ))
            .execute(db)?,
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
/// forgets what ended long ago. For the worker's list of cleaning.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    give_up_late(db, now)?;
    let old = outbox::table
        .filter(outbox::status.eq(Status::Failed).and(outbox::next_at.lt(now.before(FAILED_CONTENT_KEPT))))
        .filter(outbox::content.is_not_null());
    diesel::update(old).set(outbox::content.eq(None::<Vec<u8>>)).execute(db)?;
    let ended = [Status::Sent, Status::Failed, Status::Delivered, Status::Undelivered];
    for status in ended {
        let ids: Vec<OutboxId> = outbox::table
            .filter(outbox::status.eq(status).and(outbox::created_at.lt(now.before(ROWS_KEPT))))
            .limit(SWEEP_ROWS)
            .select(outbox::id)
            .load(db)?;
        diesel::delete(outbox::table.filter(outbox::id.eq_any(ids))).execute(db)?;
    }
    Ok(())
}

fn give_up_late(db: &mut Db, now: Moment) -> QueryResult<()> {
    let Some(failed) = Status::Queued.after(Event::GivenUp) else { return Ok(()) };
    for kind in Kind::ALL {
        let late: Vec<(OutboxId, i32)> = outbox::table
            .filter(outbox::status.eq(Status::Queued).and(outbox::kind.eq(*kind)))
            .filter(outbox::created_at.lt(now.before(kind.lifetime())))
            .limit(SWEEP_ROWS)
            .select((outbox::id, outbox::attempts))
            .load(db)?;
        for (id, attempts) in late {
            let still = outbox::table.filter(
                outbox::id.eq(id).and(outbox::status.eq(Status::Queued)).and(outbox::attempts.eq(attempts)),
            );
            diesel::update(still)
                .set((
                    outbox::status.eq(failed),
                    outbox::next_at.eq(now),
                    outbox::failure.eq(Some("too late")),
                ))
                .execute(db)?;
        }
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
