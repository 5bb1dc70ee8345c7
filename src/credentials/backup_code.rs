//! Codes for somebody who has lost the second factor: ten of them, shown once, each good once. The table keeps keyed hashes.

use diesel::prelude::*;
use zeroize::Zeroizing;

use crate::base::{AccountId, Keys, Moment, Purpose, random_bytes};
use crate::db::Db;
use crate::db::schema::recovery_codes;

pub const COUNT: usize = 10;
/// 50 bits.
const LETTERS: usize = 10;
/// Letters and digits that nobody mixes up (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A recovery code; read and shown as `xxxx-xxxx-xx`.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<String>);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl RecoveryCode {
    fn random() -> RecoveryCode {
        let letters = random_bytes::<LETTERS>();
        let letters = letters.iter().filter_map(|byte| ALPHABET.get(usize::from(byte % 32)));
        RecoveryCode(Zeroizing::new(letters.map(|c| char::from(*c)).collect()))
    }

    /// A code as it was typed: in any case, in any groups, with O for 0 and I or L for 1. None when it cannot be one.
    pub fn read(typed: &str) -> Option<RecoveryCode> {
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
        (letters.len() == LETTERS).then_some(RecoveryCode(letters))
    }

    pub fn shown(&self) -> String {
        let groups: Vec<&str> =
            [0..4, 4..8, 8..10].into_iter().filter_map(|range| self.0.get(range)).collect();
        groups.join("-")
    }

    fn hash(&self, keys: &Keys, account_id: AccountId) -> String {
        keys.name(Purpose::Codes, &[b"recovery", &account_id.as_i64().to_be_bytes(), self.0.as_bytes()])
    }
}

/// A new set of codes.
pub fn fresh() -> Vec<RecoveryCode> {
    std::iter::repeat_with(RecoveryCode::random).take(COUNT).collect()
}

/// Makes these the account's codes; all older ones are dead.
pub fn replace(db: &mut Db, keys: &Keys, account_id: AccountId, codes: &[RecoveryCode]) -> QueryResult<()> {
    forget(db, account_id)?;
    for code in codes {
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::account_id.eq(account_id),
                recovery_codes::code_hash.eq(code.hash(keys, account_id)),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Uses a code up; false when it is none of the account's, or was used before.
pub fn use_one(
    db: &mut Db,
    keys: &Keys,
    account_id: AccountId,
    code: &RecoveryCode,
    now: Moment,
) -> QueryResult<bool> {
    let unused = recovery_codes::table
        .find((account_id, code.hash(keys, account_id)))
        .filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(unused).set(recovery_codes::used_at.eq(now)).execute(db)? == 1)
}

/// How many are left.
pub fn left(db: &mut Db, account_id: AccountId) -> QueryResult<i64> {
    let unused = recovery_codes::table.filter(recovery_codes::account_id.eq(account_id));
    unused.filter(recovery_codes::used_at.is_null()).count().get_result(db)
}

pub(crate) fn forget(db: &mut Db, account_id: AccountId) -> QueryResult<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::account_id.eq(account_id)))
        .execute(db)
        .map(|_rows| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = RecoveryCode::read("01ab-cdef-gh").unwrap();
        assert_eq!(code.shown(), "01ab-cdef-gh");
        for typed in ["01abcdefgh", " OIAB CDEF GH ", "ol-ab-cd-ef-gh"] {
            assert_eq!(RecoveryCode::read(typed), Some(code.clone()), "{typed}");
        }
        for typed in ["", "01ab-cdef-g", "01ab-cdef-ghj", "u1ab-cdef-gh", "ж1ab-cdef-gh", "01ab_cdef_gh"] {
            assert_eq!(RecoveryCode::read(typed), None, "{typed}");
        }
    }

    #[test]
    fn ten_codes_all_differ_and_are_read_back() {
        let codes = fresh();
        assert_eq!(codes.len(), COUNT);
        for (place, code) in codes.iter().enumerate() {
            assert_eq!(RecoveryCode::read(&code.shown()).as_ref(), Some(code));
            assert!(!codes.iter().skip(place + 1).any(|other| other == code));
        }
    }
}
