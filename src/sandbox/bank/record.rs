//! What the bank has written down: operations by their keys, and the journal of what it did.

use diesel::prelude::*;
use serde::Serialize;
use url::Url;

use super::file::{cards, journal, operations, queue_callback};
use super::test_cards::Behavior;
use super::{Bank, FileError};
use crate::base::{Currency, Moment, Money, Token as Secret, minutes};
use crate::gateway::Decline;
use crate::gateway::sandbox::BankResponse;
use crate::text_enum;

/// Lines of a list.
pub(super) const MAX_LISTED: i64 = 500;

text_enum! {
    Kind { Token => "token", Charge => "charge", Refund => "refund" }
}
text_enum! {
    State { Done => "done", Declined => "declined", Waiting => "waiting" }
}
text_enum! {
    Event {
        Tokenized => "tokenized",
        Charged => "charged",
        Refunded => "refunded",
        Declined => "declined",
        Asked => "asked",
        Cancelled => "cancelled",
    }
}

/// An operation. Exactly one row for each key.
#[derive(Debug, Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = operations)]
pub(super) struct Operation {
    pub key: String,
    pub kind: Kind,
    /// The same key with other contents is refused.
    pub contents: String,
    pub state: State,
    pub reason: Option<Decline>,
    /// The bank's own name for it, random.
    pub reference: String,
    pub card: Option<i64>,
    pub charge: Option<String>,
    pub minor: i64,
    pub currency: String,
    pub statement: String,
    pub return_url: String,
    pub locale: String,
    pub made_at: Moment,
}

impl Operation {
    pub fn new(key: &str, kind: Kind, contents: String, made_at: Moment) -> Operation {
        Operation {
            key: key.to_owned(),
            kind,
            contents,
            state: State::Done,
            reason: None,
            reference: Secret::random().as_str().to_owned(),
            card: None,
            charge: None,
            minor: 0,
            currency: String::new(),
            statement: String::new(),
            return_url: String::new(),
            locale: String::new(),
            made_at,
        }
    }

    pub fn declined(mut self, reason: Decline) -> Operation {
        (self.state, self.reason) = (State::Declined, Some(reason));
        self
    }

    /// Whether it was asked for in the same words.
    pub fn is(&self, kind: Kind, contents: &str) -> bool {
        self.kind == kind && self.contents == contents
    }

    /// What is answered when its key is used again.
    pub fn repeated(&self, kind: Kind, contents: &str, home: &Url) -> BankResponse {
        if self.is(kind, contents) {
            self.response(home)
        } else {
            BankResponse::misused("the same key with other contents")
        }
    }

    pub fn response(&self, home: &Url) -> BankResponse {
        let reference = self.reference.clone();
        match self.state {
            State::Done => BankResponse::Done { reference },
            State::Declined => {
                let reason = self.reason.unwrap_or(Decline::Other);
                BankResponse::declined(reason, reason.word())
            }
            State::Waiting => {
                match home.join(&format!("bank/confirmations/{reference}?locale={}", self.locale)) {
                    Ok(url) => BankResponse::NeedsCustomer { url: url.into(), reference },
                    Err(_no_url) => BankResponse::misused("the bank has no address"),
                }
            }
        }
    }

    /// How its card behaves.
    pub fn behavior(&self, db: &mut SqliteConnection) -> QueryResult<Option<Behavior>> {
        self.card.map(|card| cards::table.find(card).select(cards::behavior).first(db)).transpose()
    }

    /// What the journal says of it in this state.
    fn event(&self) -> Event {
        match (self.state, self.kind, self.reason) {
            (State::Waiting, ..) => Event::Asked,
            (State::Declined, _, Some(Decline::Cancelled)) => Event::Cancelled,
            (State::Declined, ..) => Event::Declined,
            (State::Done, Kind::Token, _) => Event::Tokenized,
            (State::Done, Kind::Charge, _) => Event::Charged,
            (State::Done, Kind::Refund, _) => Event::Refunded,
        }
    }

    /// Writes a new operation down, with its line in the journal and its callback.
    pub fn insert(&self, db: &mut SqliteConnection, behavior: Option<Behavior>) -> QueryResult<()> {
        diesel::insert_into(operations::table).values(self).execute(db)?;
        self.write_journal(db, self.made_at)?;
        // A charge that waits has not moved yet.
        if self.kind != Kind::Token && self.state != State::Waiting {
            self.queue_callbacks(db, behavior, self.made_at)
        } else {
            Ok(())
        }
    }

    /// From waiting to its end. False when somebody was first.
    pub fn finish(
        &self,
        db: &mut SqliteConnection,
        state: State,
        reason: Option<Decline>,
        now: Moment,
    ) -> QueryResult<bool> {
        let waiting = operations::table.find(&self.key).filter(operations::state.eq(State::Waiting));
        let ended = diesel::update(waiting)
            .set((operations::state.eq(state), operations::reason.eq(reason)))
            .execute(db)?;
        if ended == 0 {
            return Ok(false);
        }
        let ended = Operation { state, reason, ..self.clone() };
        ended.write_journal(db, now)?;
        let behavior = ended.behavior(db)?;
        ended.queue_callbacks(db, behavior, now)?;
        Ok(true)
    }

    fn write_journal(&self, db: &mut SqliteConnection, at: Moment) -> QueryResult<()> {
        let line = (
            journal::at.eq(at),
            journal::operation.eq(&self.key),
            journal::event.eq(self.event()),
            journal::card.eq(self.card),
            journal::minor.eq(self.minor),
            journal::currency.eq(&self.currency),
            journal::statement.eq(&self.statement),
        );
        diesel::insert_into(journal::table).values(line).execute(db)?;
        Ok(())
    }

    fn queue_callbacks(
        &self,
        db: &mut SqliteConnection,
        behavior: Option<Behavior>,
        now: Moment,
    ) -> QueryResult<()> {
        let due_at = if behavior == Some(Behavior::Late) { now.after(minutes(10)) } else { now };
        queue_callback(db, &self.key, due_at)?;
        if behavior == Some(Behavior::Doubled) { queue_callback(db, &self.key, due_at) } else { Ok(()) }
    }
}

pub(super) fn find(db: &mut SqliteConnection, key: &str) -> QueryResult<Option<Operation>> {
    operations::table.find(key).select(Operation::as_select()).first(db).optional()
}

impl From<Event> for &'static str {
    fn from(event: Event) -> &'static str {
        event.word()
    }
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Queryable, Selectable)]
#[diesel(table_name = journal)]
pub struct JournalLine {
    /// UTC, microseconds.
    pub at: i64,
    pub operation: String,
    #[diesel(deserialize_as = Event)]
    pub event: &'static str,
    /// The card's number in the bank's list of cards.
    pub card: Option<i64>,
    pub minor: i64,
    pub currency: String,
}

impl Bank {
    pub(super) fn find(&self, key: &str) -> Result<BankResponse, FileError> {
        let found = self.transaction(|db| find(db, key))?;
        Ok(found.map_or(BankResponse::Nothing, |found| found.response(&self.home)))
    }

    /// Everything that the bank has done, the oldest first.
    pub fn journal(&self) -> Result<Vec<JournalLine>, FileError> {
        self.transaction(|db| journal::table.order(journal::id).select(JournalLine::as_select()).load(db))
    }
}

pub(super) fn money(minor: i64, currency: &str) -> Option<Money> {
    Currency::from_word(currency).map(|currency| Money::new(minor, currency))
}
