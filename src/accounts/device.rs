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
    let known = devices::table.find(token.hash()).filter(devices::account_id.eq(account_id));
    diesel::select(diesel::dsl::exists(known)).get_result(db)
}

/// Remembers a browser, or that it was seen again.
pub fn remember(db: &mut Db, account_id: AccountId, token: &Token, now: Moment) -> QueryResult<()> {
    let known = devices::table.find(token.hash()).filter(devices::account_id.eq(account_id));
    if diesel::update(known).set(devices::seen_at.eq(now)).execute(db)? > 0 {
        return Ok(());
    }
    make_room(db, account_id)?;
    diesel::insert_into(devices::table)
        .values((
            devices::token_hash.eq(token.hash()),
            devices::account_id.eq(account_id),
            devices::created_at.eq(now),
            devices::seen_at.eq(now),
        ))
        .execute(db)
        .map(|_rows| ())
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
        diesel::delete(devices::table.find(hash)).execute(db)?;
    }
    Ok(())
}
