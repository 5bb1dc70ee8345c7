//! The promo code that an account gets at registration.

use std::time::Duration;

use diesel::prelude::*;

use crate::base::{AccountId, Currency, Moment, Money, days, next_id, random_bytes};
use crate::db::Db;
use crate::db::schema::gifts;

/// 300 roubles.
const SUM: Money = Money::new(30_000, Currency::Rub);
const LASTS: Duration = days(90);
/// Letters and digits that nobody mixes up (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[derive(Debug, Clone)]
pub struct Gift {
    pub code: String,
    pub sum: Money,
    pub until: Moment,
}

/// Gives an account its promo code, once.
pub fn give(db: &mut Db, account_id: AccountId, now: Moment) -> QueryResult<()> {
    diesel::insert_into(gifts::table)
        .values((
            gifts::id.eq(next_id()),
            gifts::account_id.eq(account_id),
            gifts::code.eq(random_code()),
            gifts::amount_minor.eq(SUM.minor),
            gifts::currency.eq(SUM.currency),
            gifts::expires_at.eq(now.after(LASTS)),
            gifts::created_at.eq(now),
        ))
        .execute(db)
        .map(|_rows| ())
}

/// The account's promo code while it can still be spent.
pub fn unspent(db: &mut Db, account_id: AccountId, now: Moment) -> QueryResult<Option<Gift>> {
    let found = gifts::table
        .filter(gifts::account_id.eq(account_id))
        .filter(gifts::spent_at.is_null())
        .filter(gifts::expires_at.gt(now))
        .select((gifts::code, gifts::amount_minor, gifts::currency, gifts::expires_at))
        .first::<(String, i64, Currency, Moment)>(db)
        .optional()?;
    Ok(found.map(|(code, minor, currency, until)| Gift { code, sum: Money::new(minor, currency), until }))
}

/// 60 random bits in three groups of four.
fn random_code() -> String {
    let letters: String = random_bytes::<12>()
        .iter()
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
        .map(|c| char::from(*c))
        .collect();
    let groups: Vec<&str> = [0..4, 4..8, 8..12].into_iter().filter_map(|range| letters.get(range)).collect();
    groups.join("-")
}
