//! Signed-in browsers: actix-session over a table of ours.
//!
//! The table knows the SHA-256 of what the cookie holds. A session ends after half an hour without a request and after
//! twelve hours in any case. A row that is gone stays gone: `update` of a session that has ended writes nothing, so a slow
//! request cannot bring back what was revoked meanwhile. Its browser is given a key that opens nothing.

use std::time::Duration;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time;
use anyhow::{Error, anyhow};
use diesel::prelude::*;

use crate::accounts::account::AccountStatus;
use crate::accounts::ended_session::{self, SessionEnd};
use crate::base::{AccountId, Moment, Token, days, hours, minutes};
use crate::credentials::standing::{MAX_SESSIONS, Standing};
use crate::db::schema::{accounts, sessions};
use crate::db::{Db, StoreError, Tx, TxSource};
use crate::on_connection;
use crate::web::{
    BegunSession, Entries, NewSession, Session, SessionColumns, session_not_written, unreadable_entries,
};

const IDLE: Duration = minutes(30);
const ABSOLUTE: Duration = hours(12);
/// The idle end moves at most so often: a page view is not a write.
const SLIDE_EVERY: Duration = minutes(1);
/// Rows of ended sessions are kept so long.
const KEPT: Duration = days(ended_session::KEPT_DAYS);
/// An account's rows, those that have ended by themselves among them.
const MAX_ROWS: i64 = 50;
const PURGE_BATCH: i64 = 1_000;

/// A session as its owner's list shows it.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Listed {
    /// What a form calls it.
    pub handle: String,
    pub ip: String,
    pub user_agent: String,
    pub created_at: Moment,
    pub seen_at: Moment,
}

/// Sessions that have not ended, of accounts that may be used and have not ended all of them since.
#[diesel::dsl::auto_type]
fn alive(now: Moment) -> _ {
    let same_epoch = accounts::id.eq(sessions::account_id).and(accounts::epoch.eq(sessions::epoch));
    let active: AccountStatus = AccountStatus::Active;
    sessions::table
        .inner_join(accounts::table.on(same_epoch))
        .filter(sessions::expires_at.gt(now))
        .filter(sessions::ends_at.gt(now))
        .filter(accounts::status.eq(active))
}

/// The sessions of an account that are alive, newest first.
pub fn list(db: &mut Db, account_id: AccountId, now: Moment) -> QueryResult<Vec<Listed>> {
    alive(now)
        .filter(sessions::account_id.eq(account_id))
        .order((sessions::seen_at.desc(), sessions::handle.asc()))
        .limit(MAX_SESSIONS)
        .select(Listed::as_select())
        .load(db)
}

/// When this session was begun.
pub fn begun_at(db: &mut Db, account_id: AccountId, handle: &str) -> QueryResult<Option<Moment>> {
    let session = sessions::table
        .filter(sessions::account_id.eq(account_id))
        .filter(sessions::handle.eq(handle))
        .select(sessions::created_at);
    on_connection!(db, |c| session.first(c).optional())
}

/// Whether a session is still alive, asked inside the transaction that it is to change something in: it may have been ended while
/// its request was on the way.
pub fn is_alive(db: &mut Db, session: &Session, now: Moment) -> QueryResult<bool> {
    Ok(list(db, session.account_id, now)?.iter().any(|alive| alive.handle == session.handle))
}

/// Why the session that a browser still holds is no more, as far as that is known: the key of a text.
pub fn why_ended(tx: &mut Tx, key: &Token) -> QueryResult<&'static str> {
    let hash = key.hash();
    if let Some(why) = ended_session::find(tx.db, &hash)? {
        return Ok(match why {
            SessionEnd::SignedOut => "session-ended-signed-out",
            SessionEnd::Elsewhere => "session-ended-elsewhere",
            SessionEnd::Password => "session-ended-password",
            SessionEnd::Crowded => "session-ended-crowded",
            SessionEnd::Account => "sign-in-ended",
        });
    }
    let row = sessions::table.find(&hash).select((sessions::expires_at, sessions::ends_at));
    Ok(match row.first::<(Moment, Moment)>(tx.db).optional()? {
        Some((_, ends_at)) if ends_at <= tx.now => "session-ended-absolute",
        Some((expires_at, _)) if expires_at <= tx.now => "session-ended-idle",
        _ => "sign-in-ended",
    })
}

/// Ends one session of an account, and says which browser it was in; None when there is no such.
pub fn end_one(tx: &mut Tx, account_id: AccountId, handle: &str) -> QueryResult<Option<String>> {
    let Some(ended) = list(tx.db, account_id, tx.now)?.into_iter().find(|alive| alive.handle == handle)
    else {
        return Ok(None);
    };
    let one = sessions::table.filter(sessions::account_id.eq(account_id)).filter(sessions::handle.eq(handle));
    let keys: Vec<String> = one.select(sessions::key_hash).load(tx.db)?;
    ended_session::end(tx.db, &keys, SessionEnd::Elsewhere)?;
    Ok(Some(ended.user_agent))
}

/// Ends all sessions of an account but one, in the caller's transaction: those that are, and those that a slow request is
/// about to begin on the strength of an older password check. (`accounts::revoke` ends all when the account changes.)
pub fn end_others(db: &mut Db, account_id: AccountId, handle: &str) -> QueryResult<()> {
    let of_account = sessions::table.filter(sessions::account_id.eq(account_id));
    ended_session::end_all(db, account_id, Some(handle), SessionEnd::Elsewhere)?;
    let account = accounts::table.find(account_id);
    diesel::update(account).set(accounts::epoch.eq(accounts::epoch + 1)).execute(db)?;
    let epoch: i64 = account.select(accounts::epoch).first(db)?;
    let kept = of_account.filter(sessions::handle.eq(handle));
    diesel::update(kept).set(sessions::epoch.eq(epoch)).execute(db)?;
    Ok(())
}

/// Deletes rows of sessions that ended long ago.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over = sessions::table.filter(sessions::expires_at.lt(now.before(KEPT)));
    let over: Vec<String> = over.select(sessions::key_hash).limit(PURGE_BATCH).load(db)?;
    diesel::delete(sessions::table.filter(sessions::key_hash.eq_any(over))).execute(db)?;
    Ok(())
}

/// The store behind actix-session.
#[derive(Clone)]
pub struct Sessions(pub TxSource);

impl SessionStore for Sessions {
    async fn load(&self, key: &SessionKey) -> Result<Option<Entries>, LoadError> {
        let Some(token) = Token::read(key.as_ref()) else { return Ok(None) };
        let hash = token.hash();
        let wanted = hash.clone();
        let found = self.0.read(move |tx| {
            let session = alive(tx.now).filter(sessions::key_hash.eq(&wanted)).select((
                sessions::state,
                sessions::expires_at,
                sessions::ends_at,
            ));
            on_connection!(&mut *tx.db, |c| session.first::<(String, Moment, Moment)>(c).optional())
        });
        let (text, expires_at, ends_at) = match found.await {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(None),
            Err(error) => {
                error.log("a session cannot be read");
                return Ok(Some(unreadable_entries(&error)));
            }
        };
        if expires_at <= self.0.clock.now().after(IDLE - SLIDE_EVERY) && expires_at < ends_at {
            let slide = self.0.write(move |tx| {
                let alive = sessions::table.find(&hash).filter(sessions::expires_at.gt(tx.now));
                let end = tx.now.after(IDLE).min(ends_at);
                diesel::update(alive)
                    .set((sessions::expires_at.eq(end), sessions::seen_at.eq(tx.now)))
                    .execute(tx.db)
            });
            slide.await.map_err(|error| LoadError::Other(logged(error)))?;
        }
        serde_json::from_str(&text).map(Some).map_err(|error| LoadError::Deserialization(Error::new(error)))
    }

    async fn save(&self, entries: Entries, _ttl: &time::Duration) -> Result<SessionKey, SaveError> {
        if let Some(key) = BegunSession::key_among(&entries) {
            // Its row was written with what let its owner in.
            return key_of(&key).map_err(SaveError::Other);
        }
        let token = Token::random();
        let (key, row) = (token.clone(), Row::of(&entries).map_err(SaveError::Serialization)?);
        let saved = self.0.write(move |tx| {
            make_room(tx, row.columns.account_id)?;
            row.insert(tx, &key)
        });
        saved.await.map_err(|error| SaveError::Other(logged(error)))?;
        key_of(&token).map_err(SaveError::Other)
    }

    /// Changes what a living session knows, and its id with it: the old cookie is dead from then on. A session that has ended
    /// meanwhile is nobody's fault: the handler's answer goes out as it is, and the next request is told to sign in.
    async fn update(
        &self,
        key: SessionKey,
        entries: Entries,
        _ttl: &time::Duration,
    ) -> Result<SessionKey, UpdateError> {
        let not_ours = || UpdateError::Other(anyhow!("a key that is none of ours"));
        let old = Token::read(key.as_ref()).ok_or_else(not_ours)?.hash();
        let token = Token::random();
        let new = token.hash();
        let state =
            serde_json::to_string(&entries).map_err(|error| UpdateError::Serialization(Error::new(error)))?;
        let updated = self.0.write(move |tx| {
            diesel::update(sessions::table.find(&old).filter(sessions::expires_at.gt(tx.now)))
                .set((sessions::key_hash.eq(&new), sessions::state.eq(&state)))
                .execute(tx.db)
        });
        match updated.await {
            Ok(living) => {
                if living == 0 {
                    tracing::info!("a session ended while a request of its was on the way");
                }
                key_of(&token).map_err(UpdateError::Other)
            }
            Err(error) => Err(UpdateError::Other(logged(error))),
        }
    }

    /// Called for sessions of browsers that the middleware sees without a change; `load` has slid them already.
    async fn update_ttl(&self, _key: &SessionKey, _ttl: &time::Duration) -> Result<(), Error> {
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), Error> {
        let Some(token) = Token::read(key.as_ref()) else { return Ok(()) };
        let keys = [token.hash()];
        let ended = self.0.write(move |tx| ended_session::end(tx.db, &keys, SessionEnd::SignedOut));
        ended.await.map_err(logged)
    }
}

fn key_of(token: &Token) -> Result<SessionKey, Error> {
    SessionKey::try_from(token.as_str().to_owned()).map_err(Error::new)
}

/// Begins the session of somebody who is being let in, in the transaction that does it. The browser is given its key when the request
/// is answered (`Session::enter`).
pub fn begin(tx: &mut Tx, new: &NewSession, standing: &Standing) -> QueryResult<BegunSession> {
    let begun = BegunSession::new(new, tx.now);
    if standing.has_sessions(MAX_ROWS) {
        let over = sessions::table.filter(sessions::account_id.eq(new.account_id));
        diesel::delete(over.filter(sessions::expires_at.le(tx.now))).execute(tx.db)?;
    }
    let row =
        Row::of(begun.entries()).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    if let Some((oldest, ends_at)) = standing.surplus_session()
        && row.replace(tx, oldest, begun.key())?
    {
        ended_session::note(tx.db, oldest, ends_at, SessionEnd::Crowded)?;
    } else {
        row.insert(tx, begun.key())?;
    }
    Ok(begun)
}

/// All columns of a row.
macro_rules! columns {
    ($row:expr, $now:expr, $key:expr) => {{
        let SessionColumns { account_id, epoch, handle, client } = &$row.columns;
        (
            sessions::key_hash.eq($key.hash()),
            sessions::handle.eq(handle),
            sessions::account_id.eq(account_id),
            sessions::epoch.eq(epoch),
            sessions::state.eq(&$row.state),
            sessions::ip.eq(&client.ip),
            sessions::user_agent.eq(&client.user_agent),
            sessions::created_at.eq($now),
            sessions::seen_at.eq($now),
            sessions::expires_at.eq($now.after(IDLE)),
            sessions::ends_at.eq($now.after(ABSOLUTE)),
        )
    }};
}

/// A row that is about to be written.
struct Row {
    columns: SessionColumns,
    state: String,
}

impl Row {
    fn of(entries: &Entries) -> Result<Row, Error> {
        let columns =
            SessionColumns::of(entries).ok_or_else(|| anyhow!("a session belongs to an account"))?;
        Ok(Row { columns, state: serde_json::to_string(&SessionColumns::others(entries))? })
    }

    fn insert(&self, tx: &mut Tx, key: &Token) -> QueryResult<()> {
        let new = diesel::insert_into(sessions::table).values(columns!(self, tx.now, key));
        on_connection!(&mut *tx.db, |c| new.execute(c)).map(drop)
    }

    /// In the place of a session of the same account that makes room. False when that one is gone.
    fn replace(&self, tx: &mut Tx, oldest: &str, key: &Token) -> QueryResult<bool> {
        let oldest = sessions::table.find(oldest).filter(sessions::account_id.eq(self.columns.account_id));
        let replaced = diesel::update(oldest).set(columns!(self, tx.now, key));
        Ok(on_connection!(&mut *tx.db, |c| replaced.execute(c))? == 1)
    }
}

/// Ends the oldest sessions so that one more fits.
fn make_room(tx: &mut Tx, account_id: AccountId) -> QueryResult<()> {
    let surplus: Vec<String> = sessions::table
        .filter(sessions::account_id.eq(account_id))
        .filter(sessions::expires_at.gt(tx.now))
        .order((sessions::created_at.desc(), sessions::key_hash.asc()))
        .offset(MAX_SESSIONS - 1)
        .limit(MAX_SESSIONS)
        .select(sessions::key_hash)
        .load(tx.db)?;
    ended_session::end(tx.db, &surplus, SessionEnd::Crowded)
}

fn logged(error: StoreError) -> Error {
    error.log("a session cannot be written");
    session_not_written(&error);
    Error::new(error)
}
