//! The second factor: an app that computes codes from a secret and the time (TOTP, RFC 6238: SHA-1, six digits, thirty seconds).
//!
//! The secret is sealed. A code is good for its time step and one step to either side; the last step that was used is kept, so
//! that no code works twice.

use std::time::Duration;

use diesel::prelude::*;
use totp_rs::{Builder, Totp};

use crate::accounts::account::Account;
use crate::base::{AccountId, Keys, Moment, minutes, random_bytes};
use crate::db::schema::totp_secrets;
use crate::db::{Db, Tx};

pub const CODE_DIGITS: u32 = 6;
/// Bits of the secret by RFC 4226, in bytes.
const SECRET_BYTES: usize = 20;
/// A secret that was shown and not confirmed is good for so long.
const WAITS: Duration = minutes(60);
const GROUP: usize = 4;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = totp_secrets)]
struct Row {
    secret: Vec<u8>,
    confirmed_at: Option<Moment>,
    last_step: i64,
    created_at: Moment,
}

/// What an account has of a second factor.
#[derive(Debug, Clone)]
pub enum Factor {
    Off,
    /// The secret was made, and waits for the first code.
    Waiting(TotpSecret),
    On {
        since: Moment,
    },
}

/// What became of a first code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstCode {
    Right,
    Wrong,
    /// It is on already, or there is nothing to turn on.
    WrongStep,
}

/// The secret behind the codes.
#[derive(Clone)]
pub struct TotpSecret(Totp);

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(…)")
    }
}

impl TotpSecret {
    fn of(secret: &[u8]) -> Option<TotpSecret> {
        let secret = totp_rs::Secret::new(secret.to_vec().into_boxed_slice());
        Builder::new().with_secret(secret).build().ok().map(TotpSecret)
    }

    /// The secret as people type it: base 32 in groups of four.
    pub fn groups(&self) -> Vec<String> {
        let letters: Vec<char> = self.0.secret().to_base32().chars().collect();
        letters.chunks(GROUP).map(|group| group.iter().collect()).collect()
    }

    /// What apps read from the QR code.
    pub fn uri(&self, brand: &str, account: &Account) -> Option<String> {
        // A colon would end the issuer's name.
        let issuer = brand.replace(':', " ");
        let secret = totp_rs::Secret::new(self.0.secret().as_bytes().to_vec().into_boxed_slice());
        let named = Builder::new()
            .with_secret(secret)
            .with_issuer(Some(issuer))
            .with_account_name(account.grouped_number());
        named.build().ok()?.to_url().ok()
    }

    /// The time step that a code belongs to, when it is one of those that are good now.
    fn step_of(&self, typed: &str, now: Moment) -> Option<i64> {
        let seconds = u64::try_from(now.micros()).ok()? / 1_000_000;
        i64::try_from(self.0.check(typed, seconds)?).ok()
    }
}

/// What an account has.
pub fn find(tx: &mut Tx, account_id: AccountId) -> QueryResult<Factor> {
    let Some(row) = row(tx.db, account_id)? else { return Ok(Factor::Off) };
    Ok(match row.confirmed_at {
        Some(since) => Factor::On { since },
        None if row.created_at.after(WAITS) <= tx.now => Factor::Off,
        None => open(tx.keys, account_id, &row).map_or(Factor::Off, Factor::Waiting),
    })
}

/// Whether a sign-in needs a code.
pub fn is_on(db: &mut Db, account_id: AccountId) -> QueryResult<bool> {
    let on = totp_secrets::table.find(account_id).filter(totp_secrets::confirmed_at.is_not_null());
    diesel::select(diesel::dsl::exists(on)).get_result(db)
}

/// Makes a secret that waits for its first code. One that waits already stays: another tab may have been read by the app.
pub fn begin(tx: &mut Tx, account_id: AccountId) -> QueryResult<()> {
    if !matches!(find(tx, account_id)?, Factor::Off) {
        return Ok(());
    }
    forget(tx.db, account_id)?;
    diesel::insert_into(totp_secrets::table)
        .values((
            totp_secrets::account_id.eq(account_id),
            totp_secrets::secret.eq(tx.keys.seal(&aad(account_id), &random_bytes::<SECRET_BYTES>())),
            totp_secrets::last_step.eq(0),
            totp_secrets::created_at.eq(tx.now),
        ))
        .execute(tx.db)?;
    Ok(())
}

/// The first code turns it on.
pub fn turn_on(tx: &mut Tx, account_id: AccountId, typed: &str) -> QueryResult<FirstCode> {
    let Factor::Waiting(secret) = find(tx, account_id)? else { return Ok(FirstCode::WrongStep) };
    let Some(step) = secret.step_of(typed, tx.now) else { return Ok(FirstCode::Wrong) };
    let waiting = totp_secrets::table.find(account_id).filter(totp_secrets::confirmed_at.is_null());
    let on = (totp_secrets::confirmed_at.eq(tx.now), totp_secrets::last_step.eq(step));
    let turned = diesel::update(waiting).set(on).execute(tx.db)?;
    Ok(if turned == 1 { FirstCode::Right } else { FirstCode::WrongStep })
}

/// Uses a code up. False for a wrong one, for one of a step that was used, and when it is not on.
pub fn use_code(tx: &mut Tx, account_id: AccountId, typed: &str) -> QueryResult<bool> {
    let Some(row) = row(tx.db, account_id)?.filter(|row| row.confirmed_at.is_some()) else {
        return Ok(false);
    };
    let step = open(tx.keys, account_id, &row).and_then(|secret| secret.step_of(typed, tx.now));
    let Some(step) = step.filter(|step| *step > row.last_step) else { return Ok(false) };
    let unused = totp_secrets::table.find(account_id).filter(totp_secrets::last_step.lt(step));
    Ok(diesel::update(unused).set(totp_secrets::last_step.eq(step)).execute(tx.db)? == 1)
}

pub(crate) fn forget(db: &mut Db, account_id: AccountId) -> QueryResult<()> {
    diesel::delete(totp_secrets::table.find(account_id)).execute(db)?;
    Ok(())
}

fn row(db: &mut Db, account_id: AccountId) -> QueryResult<Option<Row>> {
    totp_secrets::table.find(account_id).select(Row::as_select()).first(db).optional()
}

fn open(keys: &Keys, account_id: AccountId, row: &Row) -> Option<TotpSecret> {
    TotpSecret::of(&keys.open_sealed(&aad(account_id), &row.secret).ok()?)
}

fn aad(account_id: AccountId) -> String {
    format!("totp_secrets/{}/secret", account_id.as_i64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::seconds;

    /// RFC 6238, appendix B, SHA-1: the last six of its eight digits.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let authenticator = TotpSecret::of(b"12345678901234567890").unwrap();
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let at = Moment::from_micros(second * 1_000_000);
            assert_eq!(authenticator.step_of(code, at), Some(second / 30), "{second}");
            for near in [at.before(seconds(30)), at.after(seconds(30))] {
                assert_eq!(authenticator.step_of(code, near), Some(second / 30), "one step beside {second}");
            }
            for far in [at.before(seconds(60)), at.after(seconds(60))] {
                assert_ne!(authenticator.step_of(code, far), Some(second / 30), "two steps beside {second}");
            }
        }
        for wrong in ["", "28708", "2870822", "28708a", "+28708", "287083"] {
            assert_eq!(authenticator.step_of(wrong, Moment::from_micros(59_000_000)), None, "{wrong}");
        }
    }
}
