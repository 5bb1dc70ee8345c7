//! The tables of the bank's own file.

use diesel::prelude::*;

use crate::base::Moment;

/// What was done is on the disk before it is answered, and lines of the journal are never changed.
pub(super) const SETUP: &str =
    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; \
     PRAGMA foreign_keys = ON; \
     CREATE TABLE IF NOT EXISTS cards (
         id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
         token TEXT NOT NULL UNIQUE,
         fingerprint TEXT NOT NULL,
         brand TEXT NOT NULL,
         last_four TEXT NOT NULL,
         holder TEXT NOT NULL,
         month INTEGER NOT NULL,
         year INTEGER NOT NULL,
         behavior TEXT NOT NULL,
         made_at BIGINT NOT NULL,
         forgotten_at BIGINT
     );
     CREATE TABLE IF NOT EXISTS operations (
         key TEXT NOT NULL PRIMARY KEY,
         kind TEXT NOT NULL,
         contents TEXT NOT NULL,
         state TEXT NOT NULL,
         reason TEXT,
         reference TEXT NOT NULL UNIQUE,
         card BIGINT REFERENCES cards (id),
         charge TEXT REFERENCES operations (key),
         minor BIGINT NOT NULL,
         currency TEXT NOT NULL,
         statement TEXT NOT NULL,
         return_url TEXT NOT NULL,
         locale TEXT NOT NULL,
         made_at BIGINT NOT NULL
     );
     CREATE INDEX IF NOT EXISTS operations_by_charge ON operations (charge);
     CREATE TABLE IF NOT EXISTS journal (
         id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
         at BIGINT NOT NULL,
         operation TEXT NOT NULL,
         event TEXT NOT NULL,
         card BIGINT,
         minor BIGINT NOT NULL,
         currency TEXT NOT NULL,
         statement TEXT NOT NULL,
         UNIQUE (operation, event)
     );
     CREATE TRIGGER IF NOT EXISTS journal_is_not_changed BEFORE UPDATE ON journal
         BEGIN SELECT RAISE(ABORT, 'the journal is not changed'); END;
     CREATE TRIGGER IF NOT EXISTS journal_is_not_cut BEFORE DELETE ON journal
         BEGIN SELECT RAISE(ABORT, 'the journal is not cut'); END;
     CREATE TABLE IF NOT EXISTS tries (
         key TEXT NOT NULL PRIMARY KEY,
         count INTEGER NOT NULL
     );
     CREATE TABLE IF NOT EXISTS pages (
         operation TEXT NOT NULL PRIMARY KEY,
         secret TEXT NOT NULL UNIQUE,
         state TEXT NOT NULL,
         card BIGINT REFERENCES cards (id),
         return_url TEXT NOT NULL,
         locale TEXT NOT NULL,
         made_at BIGINT NOT NULL
     );
     CREATE TABLE IF NOT EXISTS callbacks (
         id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
         operation TEXT NOT NULL,
         due_at BIGINT NOT NULL,
         tries INTEGER NOT NULL
     );
     CREATE INDEX IF NOT EXISTS callbacks_by_time ON callbacks (due_at);";

diesel::table! {
    cards (id) {
        id -> BigInt,
        token -> Text,
        fingerprint -> Text,
        brand -> Text,
        last_four -> Text,
        holder -> Text,
        month -> Integer,
        year -> Integer,
        behavior -> Text,
        made_at -> BigInt,
        forgotten_at -> Nullable<BigInt>,
    }
}
diesel::table! {
    operations (key) {
        key -> Text,
        kind -> Text,
        contents -> Text,
        state -> Text,
        reason -> Nullable<Text>,
        reference -> Text,
        card -> Nullable<BigInt>,
        charge -> Nullable<Text>,
        minor -> BigInt,
        currency -> Text,
        statement -> Text,
        return_url -> Text,
        locale -> Text,
        made_at -> BigInt,
    }
}
diesel::table! {
    journal (id) {
        id -> BigInt,
        at -> BigInt,
        operation -> Text,
        event -> Text,
        card -> Nullable<BigInt>,
        minor -> BigInt,
        currency -> Text,
        statement -> Text,
    }
}
diesel::table! {
    tries (key) {
        key -> Text,
        count -> Integer,
    }
}
diesel::table! {
    pages (operation) {
        operation -> Text,
        secret -> Text,
        state -> Text,
        card -> Nullable<BigInt>,
        return_url -> Text,
        locale -> Text,
        made_at -> BigInt,
    }
}
diesel::table! {
    callbacks (id) {
        id -> BigInt,
        operation -> Text,
        due_at -> BigInt,
        tries -> Integer,
    }
}
diesel::allow_tables_to_appear_in_same_query!(cards, operations, journal, pages);

/// Counts a try, and says which one it was (from 1).
pub(super) fn count_try(db: &mut SqliteConnection, key: &str) -> QueryResult<i32> {
    diesel::insert_or_ignore_into(tries::table)
        .values((tries::key.eq(key), tries::count.eq(0)))
        .execute(db)?;
    diesel::update(tries::table.find(key)).set(tries::count.eq(tries::count + 1)).execute(db)?;
    tries::table.find(key).select(tries::count).first(db)
}

/// A message to the portal, to be sent when it is due.
pub(super) fn queue_callback(db: &mut SqliteConnection, operation: &str, due_at: Moment) -> QueryResult<()> {
    let row = (callbacks::operation.eq(operation), callbacks::due_at.eq(due_at), callbacks::tries.eq(0));
    diesel::insert_into(callbacks::table).values(row).execute(db).map(drop)
}
