//! Browsers in which an account's owner has signed in before.

use diesel::prelude::*;

use super::account::AccountId;
use crate::base::{Moment, Token};
use crate::db::Db;
use crate::db::schema::devices;

/// Known browsers an account keeps; the one unused longest makes room.
const MOST: i64 = 20;
/// How long the browser keeps its cookie.
pub const DAYS: i64 = 365;

/// Whether this browser's cookie was given to it after a sign-in to this account.
pub fn is_known(db: &mut Db, account_id: AccountId, token: &Token) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(devices::table.find((token.hash(), account_id)))).get_result(db)
}

/// Remembers the browser of somebody who has just signed in, and returns what its cookie is to hold: what it held, when we gave
/// it that (people share browsers), otherwise a new token, so that nobody can plant one that they know.
pub fn remember(db: &mut Db, account_id: AccountId, held: Option<&Token>, now: Moment) -> QueryResult<Token> {
    let token = match held {
        Some(token) if is_ours(db, token)? => token.clone(),
        _ => Token::random(),
    };
    let known = devices::table.find((token.hash(), account_id));
    if diesel::update(known).set(devices::seen_at.eq(now)).execute(db)? > 0 {
        return Ok(token);
    }
    make_room(db, account_id)?;
    diesel::insert_into(devices::table)
        .values((
            devices::token_hash.eq(token.hash()),
            devices::account_id.eq(account_id),
            devices::created_at.eq(now),
            devices::seen_at.eq(now),
        ))
        .execute(db)?;
    Ok(token)
}

/// Forgets all browsers of an account.
pub fn forget_all(db: &mut Db, account_id: AccountId) -> QueryResult<()> {
    diesel::delete(devices::table.filter(devices::account_id.eq(account_id))).execute(db).map(|_rows| ())
}

fn is_ours(db: &mut Db, token: &Token) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(devices::table.filter(devices::token_hash.eq(token.hash())))).get_result(db)
}

fn make_room(db: &mut Db, account_id: AccountId) -> QueryResult<()> {
    let surplus: Vec<String> = devices::table
        .filter(devices::account_id.eq(account_id))
        .order((devices::seen_at.desc(), devices::token_hash.asc()))
        .offset(MOST - 1)
        .limit(MOST)
        .select(devices::token_hash)
        .load(db)?;
    for hash in surplus {
        diesel::delete(devices::table.find((hash, account_id))).execute(db)?;
    }
    Ok(())
}
