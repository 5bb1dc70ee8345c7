//! Why a session was ended before its time: its browser is told when it comes back. The row of the session itself is gone.

use diesel::prelude::*;

use crate::base::{AccountId, Moment, days};
use crate::db::Db;
use crate::db::schema::{ended_sessions, sessions};
use crate::on_connection;
use crate::text_enum;

/// How long after its latest end a session is remembered.
pub const KEPT_DAYS: u64 = 30;
const PURGE_BATCH: i64 = 1_000;

text_enum! {
    /// What has ended a session: its owner here or in another browser, a new password, too many sessions at once, a block.
    SessionEnd {
        SignedOut => "signed-out",
        Elsewhere => "elsewhere",
        Password => "password",
        Crowded => "crowded",
        Account => "account",
    }
}

/// Ends these sessions and notes why.
pub fn end(db: &mut Db, key_hashes: &[String], why: SessionEnd) -> QueryResult<()> {
    if key_hashes.is_empty() {
        return Ok(());
    }
    let these = || sessions::table.filter(sessions::key_hash.eq_any(key_hashes));
    let ended: Vec<(String, Moment)> = these().select((sessions::key_hash, sessions::ends_at)).load(db)?;
    diesel::delete(these()).execute(db)?;
    ended.iter().try_for_each(|(key_hash, ends_at)| note(db, key_hash, *ends_at, why))
}

/// Notes why a session was ended whose row goes. `ends_at`: when it would have ended at the latest.
pub fn note(db: &mut Db, key_hash: &str, ends_at: Moment, why: SessionEnd) -> QueryResult<()> {
    let values = (ended_sessions::why.eq(why), ended_sessions::ends_at.eq(ends_at));
    let ended = (ended_sessions::key_hash.eq(key_hash), values.0, values.1);
    let ended = diesel::insert_into(ended_sessions::table).values(ended);
    let ended = ended.on_conflict(ended_sessions::key_hash).do_update().set(values);
    on_connection!(db, |c| ended.execute(c)).map(drop)
}

/// Ends all sessions of an account but the one of this handle.
pub fn end_all(db: &mut Db, id: AccountId, but: Option<&str>, why: SessionEnd) -> QueryResult<()> {
    let of_account = sessions::table.filter(sessions::account_id.eq(id));
    let others = of_account.filter(sessions::handle.ne(but.unwrap_or_default()));
    let keys: Vec<String> = others.select(sessions::key_hash).load(db)?;
    end(db, &keys, why)
}

/// None for a session that has ended by itself, or never was.
pub fn find(db: &mut Db, key_hash: &str) -> QueryResult<Option<SessionEnd>> {
    ended_sessions::table.find(key_hash).select(ended_sessions::why).first(db).optional()
}

/// Deletes what no browser comes back for.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over = ended_sessions::table.filter(ended_sessions::ends_at.lt(now.before(days(KEPT_DAYS))));
    let over: Vec<String> = over.select(ended_sessions::key_hash).limit(PURGE_BATCH).load(db)?;
    diesel::delete(ended_sessions::table.filter(ended_sessions::key_hash.eq_any(over))).execute(db)?;
    Ok(())
}
