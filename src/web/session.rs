//! What a session knows of its person: read from actix-session's entries, and written into them. The rows are `credentials::sessions`.

use std::cell::Cell;
use std::collections::HashMap;
use std::time::Duration;

use actix_session::Session as SessionCookie;
use serde_json::Value;

use super::csrf::Secret;
use super::refusal::Refusal;
use crate::base::{AccountId, Client, Moment, Token, minutes};
use crate::db::StoreError;

/// How long a password that was given is enough for something sensitive.
const FRESH_FOR: Duration = minutes(5);

const ACCOUNT: &str = "account";
const NUMBER: &str = "number";
const LOGIN: &str = "login";
const ZONE: &str = "zone";
const SECRET: &str = "secret";
const AUTHENTICATED: &str = "authenticated";
const EPOCH: &str = "epoch";
const IP: &str = "ip";
const USER_AGENT: &str = "user_agent";
const HANDLE: &str = "handle";
/// The key of a row that is written already; in no row.
const KEY: &str = "key";
/// Stands alone in the entries when the database did not answer.
const UNREADABLE: &str = "unreadable";

/// What a store keeps of a session, as actix-session hands it over.
pub type Entries = HashMap<String, String>;

/// What a session knows of its person.
#[derive(Debug, Clone)]
pub struct Session {
    pub account_id: AccountId,
    /// What the owner's list of sessions calls this one.
    pub handle: String,
    /// The account number in groups of four.
    pub number: String,
    /// The name of the account that was typed to come in here: what a password manager keeps the password under.
    pub login: String,
    pub time_zone: String,
    /// When the password was last given.
    pub authenticated_at: Moment,
    pub(super) secret: Secret,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Session {
    /// The session of a request; None when nobody is signed in.
    pub fn read(cookie: &SessionCookie) -> Option<Session> {
        if cookie.entries().is_empty() {
            return None;
        }
        Some(Session {
            account_id: AccountId::from_i64(cookie.get(ACCOUNT).ok()??),
            handle: cookie.get(HANDLE).ok()??,
            number: cookie.get(NUMBER).ok()??,
            login: cookie.get(LOGIN).ok()??,
            time_zone: cookie.get(ZONE).ok()??,
            authenticated_at: Moment::from_micros(cookie.get(AUTHENTICATED).ok()??),
            secret: Secret::from_text(&cookie.get::<String>(SECRET).ok()??)?,
        })
    }

    /// What is answered when the database could not say whose session this is.
    pub(super) fn unreadable(cookie: &SessionCookie) -> Option<Refusal> {
        let passes: bool = cookie.get(UNREADABLE).ok()??;
        Some(if passes { Refusal::Busy } else { Refusal::Broken })
    }

    /// Begins a session under a new id; whatever the browser had before is ended.
    pub fn begin(cookie: &SessionCookie, new: &NewSession, now: Moment) -> Result<(), Refusal> {
        Session::put(cookie, &new.entries(now))
    }

    /// The same of a session whose row is written already.
    pub fn enter(cookie: &SessionCookie, begun: &BegunSession) -> Result<(), Refusal> {
        Session::put(cookie, &begun.entries)?;
        cookie.insert(KEY, begun.key.as_str()).map_err(|error| {
            tracing::error!(%error, "a session cannot be begun");
            Refusal::Broken
        })
    }

    fn put(cookie: &SessionCookie, entries: &Entries) -> Result<(), Refusal> {
        cookie.renew();
        let put = || {
            entries.iter().try_for_each(|(name, text)| {
                Ok::<(), anyhow::Error>(cookie.insert(name, serde_json::from_str::<Value>(text)?)?)
            })
        };
        put().map_err(|error| {
            tracing::error!(%error, "a session cannot be begun");
            Refusal::Broken
        })
    }

    /// Notes that the password was given again. The store gives the session a new id with that.
    pub fn reauthenticated(cookie: &SessionCookie, now: Moment) {
        // A number always becomes JSON.
        let _ = cookie.insert(AUTHENTICATED, now.micros());
    }

    /// From here on another id and another secret of its forms: whoever knows those that it had until now has nothing. Forms in other tabs
    /// of this browser have to be opened anew.
    pub fn turn_over(cookie: &SessionCookie) {
        // A text always becomes JSON.
        let _ = cookie.insert(SECRET, Secret::random().to_text());
    }

    /// Whether this is the same session with the same secret: a form of the one is a form of the other.
    pub(super) fn shares_forms_with(&self, other: &Session) -> bool {
        self.handle == other.handle && self.secret.to_text() == other.secret.to_text()
    }

    /// From here on the account goes by its number, if it was named by an address (or by a phone): that is another one now, or none.
    pub fn login_changed(&self, cookie: &SessionCookie, is_address: bool) {
        if self.login.contains('@') == is_address {
            // A text always becomes JSON.
            let _ = cookie.insert(LOGIN, &self.number);
        }
    }

    /// Shows times in another zone from now on.
    pub fn set_time_zone(cookie: &SessionCookie, time_zone: &str) {
        // A text always becomes JSON.
        let _ = cookie.insert(ZONE, time_zone);
    }

    /// Whether the password was given just now: enough for something sensitive.
    pub fn is_fresh(&self, now: Moment) -> bool {
        now.since(self.authenticated_at) <= FRESH_FOR
    }
}

/// Somebody whose password has just been checked.
pub struct NewSession<'a> {
    pub account_id: AccountId,
    /// The account's epoch, read before the password was checked.
    pub epoch: i64,
    pub number: &'a str,
    pub login: &'a str,
    pub time_zone: &'a str,
    pub client: &'a Client,
}

impl NewSession<'_> {
    /// What is kept of it, with a handle and a secret of its own.
    fn entries(&self, now: Moment) -> Entries {
        let values: [(&str, Value); 10] = [
            (ACCOUNT, self.account_id.as_i64().into()),
            (EPOCH, self.epoch.into()),
            (NUMBER, self.number.into()),
            (LOGIN, self.login.into()),
            (ZONE, self.time_zone.into()),
            (IP, self.client.ip.as_str().into()),
            (USER_AGENT, self.client.user_agent.as_str().into()),
            (HANDLE, Token::random().as_str().into()),
            (AUTHENTICATED, now.micros().into()),
            (SECRET, Secret::random().to_text().into()),
        ];
        values.into_iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect()
    }
}

/// A session whose row is written in the transaction that lets its owner in. Its browser learns the key with the answer.
#[derive(Clone)]
pub struct BegunSession {
    entries: Entries,
    key: Token,
}

impl std::fmt::Debug for BegunSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BegunSession(…)")
    }
}

impl BegunSession {
    pub fn new(new: &NewSession, now: Moment) -> BegunSession {
        BegunSession { entries: new.entries(now), key: Token::random() }
    }

    pub const fn key(&self) -> &Token {
        &self.key
    }

    /// What the row keeps: the key is not among it.
    pub const fn entries(&self) -> &Entries {
        &self.entries
    }

    /// The key of a session that `Session::enter` has put into a request's entries.
    pub fn key_among(entries: &Entries) -> Option<Token> {
        Token::read(&serde_json::from_str::<String>(entries.get(KEY)?).ok()?)
    }
}

/// What `Session::begin` has put into the entries for the columns of a row.
pub struct SessionColumns {
    pub account_id: AccountId,
    pub epoch: i64,
    pub handle: String,
    pub client: Client,
}

impl SessionColumns {
    /// What has no column, and is read with each request.
    pub fn others(entries: &Entries) -> HashMap<&str, &str> {
        let all = entries.iter().map(|(name, text)| (name.as_str(), text.as_str()));
        all.filter(|(name, _)| ![EPOCH, IP, USER_AGENT].contains(name)).collect()
    }

    /// None for entries that belong to no account.
    pub fn of(entries: &Entries) -> Option<SessionColumns> {
        let number = |key| serde_json::from_str(entries.get(key)?).ok();
        let text = |key| serde_json::from_str(entries.get(key)?).ok();
        let text = |key| text(key).unwrap_or_default();
        Some(SessionColumns {
            account_id: AccountId::from_i64(number(ACCOUNT)?),
            epoch: number(EPOCH)?,
            handle: text(HANDLE),
            client: Client { ip: text(IP), user_agent: text(USER_AGENT) },
        })
    }
}

/// The entries of a session that the database did not answer for: nobody gets in, and the answer is "later", or that something is broken,
/// instead of "who are you?".
pub fn unreadable_entries(error: &StoreError) -> Entries {
    let passes = Refusal::of_store(error) != Refusal::Broken;
    Entries::from([(UNREADABLE.to_owned(), passes.to_string())])
}

tokio::task_local! {
    /// Why a session could not be written, while its request is answered: the session's middleware knows no reasons.
    static NOT_WRITTEN: Cell<Option<Refusal>>;
}

/// To be said by the store before it gives its error to the session's middleware.
pub fn session_not_written(error: &StoreError) {
    // Whoever writes sessions without a request is told by the error alone.
    let _ = NOT_WRITTEN.try_with(|why| why.set(Some(Refusal::of_store(error))));
}

/// Answers a request, and why its session could not be written.
pub(super) async fn watching_session<T>(answer: impl Future<Output = T>) -> (T, Refusal) {
    let watched = async { (answer.await, NOT_WRITTEN.with(Cell::get).unwrap_or(Refusal::Busy)) };
    NOT_WRITTEN.scope(Cell::new(None), watched).await
}
