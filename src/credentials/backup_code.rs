//! Codes for somebody who has lost the second factor: ten of them, shown once, each good once. The table keeps keyed hashes.

use diesel::prelude::*;
use zeroize::Zeroizing;

use crate::base::{AccountId, Keys, Purpose, random_bytes};
use crate::db::schema::backup_codes;
use crate::db::{Db, Tx};

pub const COUNT: usize = 10;
/// 50 bits.
const LETTERS: usize = 10;
/// Letters and digits that nobody mixes up (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A backup code; read and shown as `xxxx-xxxx-xx`.
#[derive(Clone, PartialEq, Eq)]
pub struct BackupCode(Zeroizing<String>);

impl std::fmt::Debug for BackupCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BackupCode(…)")
    }
}

impl BackupCode {
    fn random() -> BackupCode {
        let letters = random_bytes::<LETTERS>();
        let letters = letters.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
        BackupCode(Zeroizing::new(letters.map(|c| char::from(*c)).collect()))
    }

    /// A code as it was typed: in any case, in any groups, with O for 0 and I or L for 1. None when it cannot be one.
    pub fn read(typed: &str) -> Option<BackupCode> {
        let mut letters = Zeroizing::new(String::with_capacity(LETTERS));
        for c in typed.chars().filter(|c| !c.is_whitespace() && *c != '-') {
            let c = match c.to_ascii_lowercase() {
                'o' => '0',
                'i' | 'l' => '1',
                c => c,
            };
            if letters.len() == LETTERS || !ALPHABET.contains(&u8::try_from(c).ok()?) {
                return None;
            }
            letters.push(c);
        }
        (letters.len() == LETTERS).then_some(BackupCode(letters))
    }

    pub fn shown(&self) -> String {
        let groups: Vec<&str> =
            [0..4, 4..8, 8..10].into_iter().filter_map(|range| self.0.get(range)).collect();
        groups.join("-")
    }

    fn hash(&self, keys: &Keys, account_id: AccountId) -> String {
        keys.keyed_hash(Purpose::Codes, &[b"backup", &account_id.as_i64().to_be_bytes(), self.0.as_bytes()])
    }
}

/// A new set of codes.
pub fn fresh() -> Vec<BackupCode> {
    std::iter::repeat_with(BackupCode::random).take(COUNT).collect()
}

/// Makes these the account's codes; all older ones are dead.
pub fn replace(tx: &mut Tx, account_id: AccountId, codes: &[BackupCode]) -> QueryResult<()> {
    forget(tx.db, account_id)?;
    for code in codes {
        diesel::insert_into(backup_codes::table)
            .values((
                backup_codes::account_id.eq(account_id),
                backup_codes::code_hash.eq(code.hash(tx.keys, account_id)),
            ))
            .execute(tx.db)?;
    }
    Ok(())
}

/// Uses a code up; false when it is none of the account's, or was used before.
pub fn use_one(tx: &mut Tx, account_id: AccountId, code: &BackupCode) -> QueryResult<bool> {
    let unused = backup_codes::table
        .find((account_id, code.hash(tx.keys, account_id)))
        .filter(backup_codes::used_at.is_null());
    Ok(diesel::update(unused).set(backup_codes::used_at.eq(tx.now)).execute(tx.db)? == 1)
}

/// How many are left.
pub fn left(db: &mut Db, account_id: AccountId) -> QueryResult<i64> {
    let unused = backup_codes::table.filter(backup_codes::account_id.eq(account_id));
    unused.filter(backup_codes::used_at.is_null()).count().get_result(db)
}

pub(crate) fn forget(db: &mut Db, account_id: AccountId) -> QueryResult<()> {
    diesel::delete(backup_codes::table.filter(backup_codes::account_id.eq(account_id))).execute(db)?;
    Ok(())
}
