//! The mailbox: a carrier that keeps what it gets in a SQLite file of its own.

use std::path::Path;
use std::time::Duration;

use diesel::prelude::*;

use super::file::{File, FileError};
use crate::base::{Clock, Moment, seconds};
use crate::notices::{Body, BoxFuture, Carrier, Channel, Delivery, OutgoingMessage};

const MAX_KEPT: i64 = 500;
const PATIENCE: Duration = seconds(5);
/// `outbox_id` makes a repeated hand-over harmless.
const SETUP: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF; \
     CREATE TABLE IF NOT EXISTS messages (
         id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
         outbox_id BIGINT NOT NULL UNIQUE,
         channel TEXT NOT NULL,
         recipient TEXT NOT NULL,
         subject TEXT NOT NULL,
         body TEXT NOT NULL,
         html TEXT,
         number TEXT NOT NULL,
         at BIGINT NOT NULL
     );";

diesel::table! {
    messages (id) {
        id -> BigInt,
        outbox_id -> BigInt,
        channel -> Text,
        recipient -> Text,
        subject -> Text,
        body -> Text,
        html -> Nullable<Text>,
        number -> Text,
        at -> BigInt,
    }
}

/// A message as it lies in the mailbox.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct StoredMessage {
    /// Counts up from 1.
    pub id: i64,
    pub channel: Channel,
    pub recipient: String,
    /// Empty for an SMS.
    pub subject: String,
    pub body: String,
    pub html: Option<String>,
    /// The message number.
    pub number: String,
    pub at: Moment,
}

/// The mailbox.
#[derive(Clone)]
pub struct Mailbox {
    file: File,
    clock: Clock,
}

impl Mailbox {
    /// Opens the file, or makes it.
    pub fn open(path: &Path, clock: Clock) -> Result<Mailbox, FileError> {
        Ok(Mailbox { file: File::open("mailbox", path, SETUP)?, clock })
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut SqliteConnection) -> QueryResult<T> + Send + 'static,
    ) -> Result<T, FileError> {
        self.file.run(|file| file.transaction(work)).await
    }

    /// All messages, newest first.
    pub async fn messages(&self) -> Result<Vec<StoredMessage>, FileError> {
        self.with(|db| {
            messages::table
                .order(messages::id.desc())
                .limit(MAX_KEPT)
                .select(StoredMessage::as_select())
                .load(db)
        })
        .await
    }

    pub async fn message(&self, id: i64) -> Result<Option<StoredMessage>, FileError> {
        self.with(move |db| messages::table.find(id).select(StoredMessage::as_select()).first(db).optional())
            .await
    }

    async fn put(&self, message: &OutgoingMessage) -> Result<(), FileError> {
        let (message, now) = (message.clone(), self.clock.now());
        self.with(move |db| insert(db, &message, now)).await
    }
}

fn insert(db: &mut SqliteConnection, message: &OutgoingMessage, now: Moment) -> QueryResult<()> {
    let (subject, body, html) = match &message.body {
        Body::Sms { text } => ("", text, None),
        Body::Mail { subject, text, html } => (subject.as_str(), text, Some(html)),
    };
    diesel::insert_or_ignore_into(messages::table)
        .values((
            messages::outbox_id.eq(message.id.as_i64()),
            messages::channel.eq(message.to.channel()),
            messages::recipient.eq(message.to.as_str()),
            messages::subject.eq(subject),
            messages::body.eq(body),
            messages::html.eq(html),
            messages::number.eq(message.number.as_str()),
            messages::at.eq(now),
        ))
        .execute(db)?;
    let newest: Option<i64> = messages::table.select(diesel::dsl::max(messages::id)).first(db)?;
    diesel::delete(messages::table.filter(messages::id.le(newest.unwrap_or(0) - MAX_KEPT))).execute(db)?;
    Ok(())
}

impl Carrier for Mailbox {
    fn patience(&self) -> Duration {
        PATIENCE
    }

    fn deliver<'a>(&'a self, message: &'a OutgoingMessage) -> BoxFuture<'a, Delivery> {
        Box::pin(async move {
            match self.put(message).await {
                Ok(()) => Delivery::Taken { peer_id: None },
                Err(error) => {
                    tracing::warn!(%error, "the sandbox mailbox cannot take a message");
                    Delivery::Later { class: "no answer".into() }
                }
            }
        })
    }
}
