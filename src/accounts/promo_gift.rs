//! The promo code that an account gets at registration.

use std::time::Duration;

use diesel::prelude::*;

use crate::base::{AccountId, Currency, Moment, Money, days, next_id, random_bytes};
use crate::db::Db;
use crate::db::schema::promo_gifts;
use crate::on_connection;

/// What a new account is given: 300 roubles.
pub static SUM: Money = Money::new(30_000, Currency::Rub);
const LIFETIME: Duration = days(90);
/// Letters and digits that nobody mixes up (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[derive(Debug, Clone)]
pub struct PromoGift {
    pub code: String,
    pub sum: Money,
    pub until: Moment,
}

/// Gives an account its promo code, once.
pub fn give(db: &mut Db, account_id: AccountId, now: Moment) -> QueryResult<()> {
    diesel::insert_into(promo_gifts::table)
        .values((
            promo_gifts::id.eq(next_id()),
            promo_gifts::account_id.eq(account_id),
            promo_gifts::code.eq(random_code()),
            promo_gifts::amount_minor.eq(SUM.minor),
            promo_gifts::currency.eq(SUM.currency),
            promo_gifts::expires_at.eq(now.after(LIFETIME)),
            promo_gifts::created_at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}

/// The account's promo code while it can still be spent.
pub fn unspent(db: &mut Db, account_id: AccountId, now: Moment) -> QueryResult<Option<PromoGift>> {
    let gift = promo_gifts::table
        .filter(promo_gifts::account_id.eq(account_id))
        .filter(promo_gifts::spent_at.is_null())
        .filter(promo_gifts::expires_at.gt(now))
        .select((
            promo_gifts::code,
            promo_gifts::amount_minor,
            promo_gifts::currency,
            promo_gifts::expires_at,
        ));
    let found = on_connection!(db, |c| gift.first::<(String, i64, Currency, Moment)>(c).optional())?;
    Ok(found.map(|(code, minor, currency, until)| PromoGift {
        code,
        sum: Money::new(minor, currency),
        until,
    }))
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
