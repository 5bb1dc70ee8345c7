//! Browsers in which an account's owner has signed in before: strangers' failures do not count there. In those that the owner ticked, no
//! second factor is asked for either.

use std::time::Duration;

use diesel::prelude::*;

use super::standing::Standing;
use crate::accounts::account::Account;
use crate::accounts::identifiers::email::EmailKey;
use crate::accounts::identifiers::login_name::LoginName;
use crate::base::{AccountId, Moment, Token, days, hours};
use crate::db::schema::{accounts, trusted_browsers};
use crate::db::{Db, Tx};
use crate::on_connection;

/// Known browsers an account keeps; the one unused longest makes room.
const MAX_BROWSERS: i64 = 20;
/// How long the browser keeps its cookie.
pub const COOKIE_DAYS: i64 = 365;
/// How long no second factor is asked for where its owner wished so.
const TRUSTED_DAYS: u64 = 30;
/// When a browser was last seen is written at most so often: it matters only between browsers, and to whoever has many.
const SEEN_EVERY: Duration = hours(1);

/// Whose login this is, and whether that account knows the browser: one statement, whatever was typed, and whoever has it.
pub fn account_here(
    db: &mut Db,
    name: &LoginName,
    held: Option<&Token>,
) -> QueryResult<Option<(Account, bool)>> {
    let named = accounts::number.nullable().eq(name.number.as_ref());
    let named = named.or(accounts::email_key.eq(name.email.as_ref().map(EmailKey::as_str)));
    let named = named.or(accounts::phone.eq(name.phone.as_ref()));
    let here = trusted_browsers::account_id.eq(accounts::id);
    let here = here.and(trusted_browsers::token_hash.nullable().eq(held.map(Token::hash)));
    let with_browser = accounts::table.left_join(trusted_browsers::table.on(here)).filter(named);
    let found: Vec<(Account, Option<Moment>)> = on_connection!(db, |c| {
        with_browser.select((Account::as_select(), trusted_browsers::seen_at.nullable())).load(c)?
    });
    // What can be a number and a phone is a number first.
    let is_number = |(account, _): &(Account, _)| Some(&account.number) == name.number.as_ref();
    let place = found.iter().position(is_number).unwrap_or_default();
    Ok(found.into_iter().nth(place).map(|(account, seen_at)| (account, seen_at.is_some())))
}

/// Whether this browser's cookie was given to it after a sign-in to this account.
pub fn is_known(db: &mut Db, account_id: AccountId, token: &Token) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(trusted_browsers::table.find((token.hash(), account_id))))
        .get_result(db)
}

/// Whether it was given to this browser after a sign-in to any account.
pub fn is_anybody_s(db: &mut Db, token: &Token) -> QueryResult<bool> {
    let rows = trusted_browsers::table.filter(trusted_browsers::token_hash.eq(token.hash()));
    diesel::select(diesel::dsl::exists(rows)).get_result(db)
}

/// Remembers the browser of somebody who has just signed in, and returns what its cookie is to hold: what it held, when that was
/// given to this account, otherwise a new token, so that nobody can plant one that they know. A browser that people share is turned
/// over: it is no longer known to whoever signed in there before, and what they were given is worth nothing.
pub fn remember(tx: &mut Tx, account_id: AccountId, held: Option<&Token>) -> QueryResult<Token> {
    if let Some(held) = held {
        if is_seen(tx, account_id, held)? {
            return Ok(held.clone());
        }
        turn_over(tx, held)?;
    }
    make_room(tx.db, account_id)?;
    note(tx, account_id)
}

/// The same where it is known already how the account stands.
pub fn remember_at(
    tx: &mut Tx,
    account_id: AccountId,
    held: Option<&Token>,
    standing: &Standing,
) -> QueryResult<Token> {
    if let (Some(held), Some(seen_at)) = (held, standing.browser_seen_at()) {
        if seen_at.after(SEEN_EVERY) <= tx.now {
            is_seen(tx, account_id, held)?;
        }
        return Ok(held.clone());
    }
    if let Some(held) = held {
        turn_over(tx, held)?;
    }
    if standing.has_browsers(MAX_BROWSERS) {
        make_room(tx.db, account_id)?;
    }
    note(tx, account_id)
}

/// False for a browser that the account does not know.
fn is_seen(tx: &mut Tx, account_id: AccountId, held: &Token) -> QueryResult<bool> {
    let known = trusted_browsers::table.find((held.hash(), account_id));
    Ok(diesel::update(known).set(trusted_browsers::seen_at.eq(tx.now)).execute(tx.db)? > 0)
}

/// Whoever signed in there before is not known there any more.
fn turn_over(tx: &mut Tx, held: &Token) -> QueryResult<()> {
    let of_others = trusted_browsers::table.filter(trusted_browsers::token_hash.eq(held.hash()));
    diesel::delete(of_others).execute(tx.db).map(drop)
}

fn note(tx: &mut Tx, account_id: AccountId) -> QueryResult<Token> {
    let token = Token::random();
    diesel::insert_into(trusted_browsers::table)
        .values((
            trusted_browsers::token_hash.eq(token.hash()),
            trusted_browsers::account_id.eq(account_id),
            trusted_browsers::created_at.eq(tx.now),
            trusted_browsers::seen_at.eq(tx.now),
        ))
        .execute(tx.db)?;
    Ok(token)
}

/// A browser in which no second factor is asked for.
#[derive(Debug, Clone, Queryable)]
pub struct TrustedBrowser {
    /// What a form calls it.
    pub handle: Option<String>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub until: Option<Moment>,
}

/// Asks this known browser for no second factor from now on. Its cookie becomes a new one: whoever holds a copy of the old one
/// gains nothing.
pub fn trust(tx: &mut Tx, account_id: AccountId, known: &Token) -> QueryResult<Token> {
    let token = Token::random();
    let browser = trusted_browsers::table.find((known.hash(), account_id));
    diesel::update(browser)
        .set((
            trusted_browsers::token_hash.eq(token.hash()),
            trusted_browsers::factor_until.eq(tx.now.after(days(TRUSTED_DAYS))),
            trusted_browsers::handle.eq(Token::random().as_str()),
            trusted_browsers::ip.eq(&tx.client.ip),
            trusted_browsers::user_agent.eq(&tx.client.user_agent),
        ))
        .execute(tx.db)?;
    Ok(token)
}

/// Whether no second factor is asked for in this browser.
pub fn is_trusted(db: &mut Db, account_id: AccountId, token: &Token, now: Moment) -> QueryResult<bool> {
    let trusted = trusted_browsers::table
        .find((token.hash(), account_id))
        .filter(trusted_browsers::factor_until.gt(now));
    diesel::select(diesel::dsl::exists(trusted)).get_result(db)
}

/// The browsers in which no second factor is asked for, the newest first.
pub fn trusted(db: &mut Db, account_id: AccountId, now: Moment) -> QueryResult<Vec<TrustedBrowser>> {
    trusted_browsers::table
        .filter(trusted_browsers::account_id.eq(account_id))
        .filter(trusted_browsers::factor_until.gt(now))
        .order((trusted_browsers::factor_until.desc(), trusted_browsers::token_hash.asc()))
        .limit(MAX_BROWSERS)
        .select((
            trusted_browsers::handle,
            trusted_browsers::ip,
            trusted_browsers::user_agent,
            trusted_browsers::factor_until,
        ))
        .load(db)
}

/// Asks for the second factor again in one browser; false when there is no such.
pub fn untrust(db: &mut Db, account_id: AccountId, handle: &str) -> QueryResult<bool> {
    let one = trusted_browsers::table
        .filter(trusted_browsers::account_id.eq(account_id))
        .filter(trusted_browsers::handle.eq(handle));
    let none =
        (trusted_browsers::factor_until.eq(None::<Moment>), trusted_browsers::handle.eq(None::<String>));
    Ok(diesel::update(one).set(none).execute(db)? > 0)
}

fn make_room(db: &mut Db, account_id: AccountId) -> QueryResult<()> {
    let surplus: Vec<String> = trusted_browsers::table
        .filter(trusted_browsers::account_id.eq(account_id))
        .order((trusted_browsers::seen_at.desc(), trusted_browsers::token_hash.asc()))
        .offset(MAX_BROWSERS - 1)
        .limit(MAX_BROWSERS)
        .select(trusted_browsers::token_hash)
        .load(db)?;
    for hash in surplus {
        diesel::delete(trusted_browsers::table.find((hash, account_id))).execute(db)?;
    }
    Ok(())
}
