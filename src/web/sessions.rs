//! Signed-in browsers: actix-session over a table of ours.
//!
//! The table knows the SHA-256 of what the cookie holds. A session ends after half an hour without a request and after
//! twelve hours in any case. A row that is gone stays gone: `update` of a session that has ended is an error, so a slow
//! request cannot bring back what was revoked meanwhile.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actix_session::Session;
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use anyhow::{Error, anyhow};
use diesel::prelude::*;

use super::csrf::Secret;
use super::state::State;
use crate::base::{Moment, Token, hours, minutes};
use crate::db::schema::{accounts, sessions};
use crate::db::{Db, StoreError};

pub const IDLE: Duration = minutes(30);
pub const ABSOLUTE: Duration = hours(12);
/// How long a password that was given is enough for something sensitive.
const PROVED_FOR: Duration = minutes(5);
/// The idle end moves at most so often: a page view is not a write.
const SLIDE_EVERY: Duration = minutes(1);
/// Rows of ended sessions are kept so long.
const KEPT: Duration = hours(24 * 30);
/// An account's sessions at the same time; the oldest makes room.
const MOST: i64 = 10;
const CLEANED_AT_ONCE: i64 = 1_000;

const ACCOUNT: &str = "account";
const NUMBER: &str = "number";
const ZONE: &str = "zone";
const SECRET: &str = "secret";
const PROVED: &str = "proved";
const EPOCH: &str = "epoch";
const ADDRESS: &str = "address";
const BROWSER: &str = "browser";
const HANDLE: &str = "handle";
/// Stands alone in the entries when the database did not answer.
const UNREADABLE: &str = "unreadable";

/// What a session knows of its person.
#[derive(Debug, Clone)]
pub struct Visit {
    pub account_id: i64,
    /// What the owner's list of sessions calls this one.
    pub handle: String,
    /// The account ID in groups of four.
    pub number: String,
    pub time_zone: String,
    /// When the password was last given.
    pub proved_at: Moment,
    pub(super) secret: Secret,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Visit {
    /// The visit of a request's session; None when nobody is signed in.
    pub fn read(session: &Session) -> Option<Visit> {
        if session.entries().is_empty() {
            return None;
        }
        Some(Visit {
            account_id: session.get(ACCOUNT).ok()??,
            handle: session.get(HANDLE).ok()??,
            number: session.get(NUMBER).ok()??,
            time_zone: session.get(ZONE).ok()??,
            proved_at: Moment::from_micros(session.get(PROVED).ok()??),
            secret: Secret::from_text(&session.get::<String>(SECRET).ok()??)?,
        })
    }

    /// Whether the database could not say whose session this is.
    pub(super) fn unreadable(session: &Session) -> bool {
        session.contains_key(UNREADABLE)
    }

    /// Begins a session under a new id; whatever the browser had before is ended.
    pub fn begin(session: &Session, new: &NewVisit, now: Moment) -> Result<(), super::Refusal> {
        session.renew();
        let put = || {
            session.insert(ACCOUNT, new.account_id)?;
            session.insert(EPOCH, new.epoch)?;
            session.insert(NUMBER, new.number)?;
            session.insert(ZONE, new.time_zone)?;
            session.insert(ADDRESS, new.address)?;
            session.insert(BROWSER, new.browser)?;
            session.insert(HANDLE, Token::random().as_str())?;
            session.insert(PROVED, now.micros())?;
            session.insert(SECRET, Secret::random().to_text())
        };
        put().map_err(|error| {
            tracing::error!(%error, "a session cannot be begun");
            super::Refusal::Broken
        })
    }

    /// Notes that the password was given again. The store gives the session a new id with that.
    pub fn proved_again(session: &Session, now: Moment) {
        // A number always becomes JSON.
        let _ = session.insert(PROVED, now.micros());
    }

    /// Shows times in another zone from now on.
    pub fn moves_to(session: &Session, time_zone: &str) {
        // A text always becomes JSON.
        let _ = session.insert(ZONE, time_zone);
    }

    /// Whether the password was given just now: enough for something sensitive.
    pub fn is_fresh(&self, now: Moment) -> bool {
        now.since(self.proved_at) <= PROVED_FOR
    }
}

/// Somebody whose password has just been checked.
pub struct NewVisit<'a> {
    pub account_id: i64,
    /// The account's epoch, read before the password was checked.
    pub epoch: i64,
    pub number: &'a str,
    pub time_zone: &'a str,
    pub address: &'a str,
    pub browser: &'a str,
}

/// A session as its owner's list shows it.
#[derive(Debug, Clone, Queryable)]
pub struct Listed {
    /// What a form calls it.
    pub handle: String,
    pub address: String,
    pub browser: String,
    pub created_at: Moment,
    pub seen_at: Moment,
}

/// The sessions of an account that are alive, newest first.
pub fn list(db: &mut Db, account_id: i64, now: Moment) -> QueryResult<Vec<Listed>> {
    sessions::table
        .inner_join(
            accounts::table
                .on(accounts::id.eq(sessions::account_id).and(accounts::epoch.eq(sessions::epoch))),
        )
        .filter(sessions::account_id.eq(account_id))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::ends_at.gt(now))
        .filter(accounts::status.eq("active"))
        .order((sessions::seen_at.desc(), sessions::handle.asc()))
        .limit(MOST)
        .select((
            sessions::handle,
            sessions::address,
            sessions::browser,
            sessions::created_at,
            sessions::seen_at,
        ))
        .load(db)
}

/// Whether a session is still alive, asked inside the transaction that it is to change something in: it may have been ended while
/// its request was on the way.
pub fn lives(db: &mut Db, visit: &Visit, now: Moment) -> QueryResult<bool> {
    Ok(list(db, visit.account_id, now)?.iter().any(|alive| alive.handle == visit.handle))
}

/// Ends one session of an account, and says which browser it was in; None when there is no such.
pub fn end_one(db: &mut Db, account_id: i64, handle: &str, now: Moment) -> QueryResult<Option<String>> {
    let Some(ended) = list(db, account_id, now)?.into_iter().find(|alive| alive.handle == handle) else {
        return Ok(None);
    };
    let one = sessions::table.filter(sessions::account_id.eq(account_id)).filter(sessions::handle.eq(handle));
    diesel::delete(one).execute(db)?;
    Ok(Some(ended.browser))
}

/// Ends all sessions of an account but one, in the caller's transaction: those that are, and those that a slow request is
/// about to begin on the strength of an older password check.
pub fn end_others(db: &mut Db, account_id: i64, handle: &str) -> QueryResult<usize> {
    let of_account = sessions::table.filter(sessions::account_id.eq(account_id));
    let ended = diesel::delete(of_account.filter(sessions::handle.ne(handle))).execute(db)?;
    let epoch = next_epoch(db, account_id)?;
    diesel::update(of_account.filter(sessions::handle.eq(handle)))
        .set(sessions::epoch.eq(epoch))
        .execute(db)?;
    Ok(ended)
}

/// Ends all sessions of an account, in the caller's transaction: those that are, and those that a slow request is
/// about to begin on the strength of an older password check.
pub fn end_all(db: &mut Db, account_id: i64) -> QueryResult<usize> {
    next_epoch(db, account_id)?;
    diesel::delete(sessions::table.filter(sessions::account_id.eq(account_id))).execute(db)
}

/// Raises the epoch: no session that rests on the one before can be begun.
fn next_epoch(db: &mut Db, account_id: i64) -> QueryResult<i64> {
    diesel::update(accounts::table.find(account_id))
        .set(accounts::epoch.eq(accounts::epoch + 1))
        .execute(db)?;
    accounts::table.find(account_id).select(accounts::epoch).first(db)
}

/// Deletes rows of sessions that ended long ago.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over = sessions::table.filter(sessions::expires_at.lt(now.before(KEPT)));
    let over: Vec<String> = over.select(sessions::key_hash).limit(CLEANED_AT_ONCE).load(db)?;
    diesel::delete(sessions::table.filter(sessions::key_hash.eq_any(over))).execute(db).map(|_rows| ())
}

/// The store behind actix-session.
#[derive(Clone)]
pub struct Sessions {
    state: Arc<State>,
}

type Entries = HashMap<String, String>;

impl Sessions {
    pub fn new(state: Arc<State>) -> Sessions {
        Sessions { state }
    }

    /// Moves the idle end forward.
    async fn slide(&self, hash: String, ends_at: Moment) -> Result<(), StoreError> {
        let now = self.state.now();
        let expires_at = now.after(IDLE).min(ends_at);
        let slid = move |db: &mut Db| {
            diesel::update(sessions::table.find(&hash).filter(sessions::expires_at.gt(now)))
                .set((sessions::expires_at.eq(expires_at), sessions::seen_at.eq(now)))
                .execute(db)
        };
        self.state.store.write(slid).await.map(|_rows| ())
    }
}

impl SessionStore for Sessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<Entries>, LoadError> {
        let Some(token) = Token::read(key.as_ref()) else { return Ok(None) };
        let hash = token.hash();
        let now = self.state.now();
        let wanted = hash.clone();
        let found = self.state.store.read(move |db| {
            sessions::table
                .inner_join(
                    accounts::table
                        .on(accounts::id.eq(sessions::account_id).and(accounts::epoch.eq(sessions::epoch))),
                )
                .filter(sessions::key_hash.eq(wanted))
                .filter(sessions::expires_at.gt(now))
                .filter(sessions::ends_at.gt(now))
                .filter(accounts::status.eq("active"))
                .select((sessions::state, sessions::expires_at, sessions::ends_at))
                .first::<(String, Moment, Moment)>(db)
                .optional()
        });
        let (text, expires_at, ends_at) = match found.await {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(None),
            Err(error) => {
                // It is not known who asks: nobody gets in, and the answer says "later" instead of "who are you?".
                tracing::error!(%error, "a session cannot be read");
                return Ok(Some(Entries::from([(UNREADABLE.to_owned(), "true".to_owned())])));
            }
        };
        if expires_at <= now.after(IDLE - SLIDE_EVERY) && expires_at < ends_at {
            self.slide(hash, ends_at).await.map_err(|error| LoadError::Other(Error::new(error)))?;
        }
        serde_json::from_str(&text).map(Some).map_err(|error| LoadError::Deserialization(Error::new(error)))
    }

    async fn save(
        &self,
        entries: Entries,
        _ttl: &actix_web::cookie::time::Duration,
    ) -> Result<SessionKey, SaveError> {
        let token = Token::random();
        let hash = token.hash();
        let nobody = || SaveError::Other(anyhow!("a session belongs to an account"));
        let (account_id, epoch) =
            number(&entries, ACCOUNT).zip(number(&entries, EPOCH)).ok_or_else(nobody)?;
        let (handle, address, browser) =
            (text(&entries, HANDLE), text(&entries, ADDRESS), text(&entries, BROWSER));
        let state =
            serde_json::to_string(&entries).map_err(|error| SaveError::Serialization(Error::new(error)))?;
        let now = self.state.now();
        let saved = self.state.store.write(move |db| {
            make_room(db, account_id)?;
            diesel::insert_into(sessions::table)
                .values((
                    sessions::key_hash.eq(&hash),
                    sessions::handle.eq(&handle),
                    sessions::account_id.eq(account_id),
                    sessions::epoch.eq(epoch),
                    sessions::state.eq(&state),
                    sessions::address.eq(&address),
                    sessions::browser.eq(&browser),
                    sessions::created_at.eq(now),
                    sessions::seen_at.eq(now),
                    sessions::expires_at.eq(now.after(IDLE)),
                    sessions::ends_at.eq(now.after(ABSOLUTE)),
                ))
                .execute(db)
        });
        saved.await.map_err(|error| SaveError::Other(Error::new(error)))?;
        SessionKey::try_from(token.as_str().to_owned()).map_err(|error| SaveError::Other(Error::new(error)))
    }

    /// Changes what a living session knows, and its id with it: the old cookie is dead from then on.
    async fn update(
        &self,
        key: SessionKey,
        entries: Entries,
        _ttl: &actix_web::cookie::time::Duration,
    ) -> Result<SessionKey, UpdateError> {
        let gone = || UpdateError::Other(anyhow!("the session has ended"));
        let old = Token::read(key.as_ref()).ok_or_else(gone)?.hash();
        let token = Token::random();
        let new = token.hash();
        let state =
            serde_json::to_string(&entries).map_err(|error| UpdateError::Serialization(Error::new(error)))?;
        let now = self.state.now();
        let updated = self.state.store.write(move |db| {
            diesel::update(sessions::table.find(&old).filter(sessions::expires_at.gt(now)))
                .set((sessions::key_hash.eq(&new), sessions::state.eq(&state)))
                .execute(db)
        });
        match updated.await {
            Ok(1) => SessionKey::try_from(token.as_str().to_owned())
                .map_err(|error| UpdateError::Other(Error::new(error))),
            Ok(_) => Err(gone()),
            Err(error) => Err(UpdateError::Other(Error::new(error))),
        }
    }

    /// Called for sessions of browsers that the middleware sees without a change; `load` has slid them already.
    async fn update_ttl(
        &self,
        _key: &SessionKey,
        _ttl: &actix_web::cookie::time::Duration,
    ) -> Result<(), Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), Error> {
        let Some(token) = Token::read(key.as_ref()) else { return Ok(()) };
        let hash = token.hash();
        self.state.store.write(move |db| diesel::delete(sessions::table.find(&hash)).execute(db)).await?;
        Ok(())
    }
}

fn number(entries: &Entries, key: &str) -> Option<i64> {
    serde_json::from_str(entries.get(key)?).ok()
}

fn text(entries: &Entries, key: &str) -> String {
    entries.get(key).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Ends the oldest sessions so that one more fits.
fn make_room(db: &mut Db, account_id: i64) -> QueryResult<()> {
    let surplus: Vec<String> = sessions::table
        .filter(sessions::account_id.eq(account_id))
        .order((sessions::created_at.desc(), sessions::key_hash.asc()))
        .offset(MOST - 1)
        .limit(MOST)
        .select(sessions::key_hash)
        .load(db)?;
    for hash in surplus {
        diesel::delete(sessions::table.find(hash)).execute(db)?;
    }
    Ok(())
}
