//! One code: made, sent again, checked, used up.
//!
//! It is computed from the row and a key that is not in the database: a code of four digits cannot be hidden by hashing, for
//! there are ten thousand of them. "The same code again" needs no stored code either.

use std::time::Duration;

use diesel::prelude::*;

use crate::base::{Keys, Moment, Purpose, constant_time_eq, days, minutes, random_bytes, to_digits};
use crate::db::schema::one_time_codes as codes;
use crate::db::{Db, Tx};
use crate::limits::Judged;
use crate::row_id;
use crate::web::Problem;

row_id! {
    /// The row of a code: whoever waits for one keeps its id.
    CodeId
}

/// No row has it: what is checked where nothing waits for a code, so that it takes as long.
pub const NO_CODE: CodeId = CodeId::from_i64(0);
/// A code with less than this to live is not sent again: a new one is.
const WORTH_RESENDING: Duration = minutes(2);
/// The longest pause between two messages.
pub(super) const MAX_PAUSE: Duration = minutes(15);
const KEPT_AFTER: Duration = days(1);
const PURGE_BATCH: i64 = 1_000;

/// What codes of one purpose are like.
#[derive(Debug, Clone, Copy)]
pub struct CodeKind {
    /// A word; codes of two purposes have nothing in common.
    pub purpose: &'static str,
    pub digits: u32,
    pub lifetime: Duration,
    pub tries: i32,
}

/// A code that somebody waits for.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = codes)]
pub struct OneTimeCode {
    pub id: CodeId,
    nonce: Vec<u8>,
    pub tries_left: i32,
    /// When the next message may be asked for.
    pub resend_at: Moment,
    pub expires_at: Moment,
}

/// What became of a code that was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeCheck {
    Right,
    Wrong {
        left: i32,
    },
    NoTriesLeft,
    Expired,
    /// Nothing here waits for a code any more.
    WrongStep,
}

impl CodeKind {
    /// How long it lives, as pages say it.
    pub const fn minutes(&self) -> u64 {
        self.lifetime.as_secs() / 60
    }

    /// Makes a code. `resend_at`: when the next message may be asked for.
    pub fn create(&self, tx: &mut Tx, resend_at: Moment) -> QueryResult<OneTimeCode> {
        let code = OneTimeCode {
            id: CodeId::next(),
            nonce: random_bytes::<16>().to_vec(),
            tries_left: self.tries,
            resend_at,
            expires_at: tx.now.after(self.lifetime),
        };
        diesel::insert_into(codes::table)
            .values((
                codes::id.eq(code.id),
                codes::purpose.eq(self.purpose),
                codes::nonce.eq(&code.nonce),
                codes::tries_left.eq(code.tries_left),
                codes::resend_at.eq(code.resend_at),
                codes::expires_at.eq(code.expires_at),
            ))
            .execute(tx.db)?;
        Ok(code)
    }

    pub fn find(&self, db: &mut Db, id: CodeId) -> QueryResult<Option<OneTimeCode>> {
        let found = codes::table.find(id).filter(codes::purpose.eq(self.purpose));
        found.select(OneTimeCode::as_select()).first(db).optional()
    }

    /// The digits, for the message to this recipient (an E.164 phone, the key of an address).
    pub fn text(&self, keys: &Keys, code: &OneTimeCode, recipient: &str) -> String {
        let parts: [&[u8]; 4] =
            [self.purpose.as_bytes(), &code.id.as_i64().to_be_bytes(), recipient.as_bytes(), &code.nonce];
        to_digits(keys.keyed_u64(Purpose::Codes, &parts), self.digits)
    }

    /// The code for another message: the same one while it is worth it, otherwise a new one with new tries. None when there is none.
    pub fn renew(&self, tx: &mut Tx, id: CodeId, resend_at: Moment) -> QueryResult<Option<OneTimeCode>> {
        let Some(mut code) = self.find(tx.db, id)? else { return Ok(None) };
        code.resend_at = resend_at;
        if code.tries_left == 0 || code.expires_at <= tx.now.after(WORTH_RESENDING) {
            code.nonce = random_bytes::<16>().to_vec();
            code.tries_left = self.tries;
            code.expires_at = tx.now.after(self.lifetime);
        }
        diesel::update(codes::table.find(id))
            .set((
                codes::nonce.eq(&code.nonce),
                codes::tries_left.eq(code.tries_left),
                codes::resend_at.eq(code.resend_at),
                codes::expires_at.eq(code.expires_at),
            ))
            .execute(tx.db)?;
        Ok(Some(code))
    }

    /// Checks what was typed; the try is spent before anything is looked at, and a code that is not there costs as much. A right code
    /// stays until `forget`, so that whoever waits for it can move on in the same transaction, or count it as wrong after all.
    /// What was wrong already is answered once more and costs nothing.
    pub fn check(&self, tx: &mut Tx, id: CodeId, recipient: &str, typed: &str) -> QueryResult<CodeCheck> {
        let found = self.find(tx.db, id)?;
        let judged = self.judged(tx, id, found.as_ref(), typed);
        let is_repeat = tx.is_repeat(&judged)?;
        if let Some(code) = found.filter(|code| is_repeat && code.expires_at > tx.now) {
            return Ok(CodeCheck::wrong(code.tries_left));
        }
        let checked = self.check_once(tx, id, recipient, typed)?;
        if checked != CodeCheck::Right {
            tx.remember_judged(&judged, self.lifetime);
        }
        Ok(checked)
    }

    /// A value for this code: another one after the code was renewed.
    fn judged(&self, tx: &Tx, id: CodeId, code: Option<&OneTimeCode>, typed: &str) -> Judged {
        let nonce = code.map_or(b"".as_slice(), |code| &code.nonce);
        tx.judged(self.purpose, &[&id.as_i64().to_be_bytes(), nonce, typed.as_bytes()])
    }

    fn check_once(&self, tx: &mut Tx, id: CodeId, recipient: &str, typed: &str) -> QueryResult<CodeCheck> {
        let own = codes::table.find(id).filter(codes::purpose.eq(self.purpose));
        let open = own.filter(codes::tries_left.gt(0)).filter(codes::expires_at.gt(tx.now));
        let spent =
            diesel::update(open).set(codes::tries_left.eq(codes::tries_left - 1)).execute(tx.db)? == 1;
        let Some(code) = self.find(tx.db, id)? else { return Ok(CodeCheck::WrongStep) };
        if spent && constant_time_eq(self.text(tx.keys, &code, recipient).as_bytes(), typed.as_bytes()) {
            return Ok(CodeCheck::Right);
        }
        let expired = !spent && code.tries_left > 0;
        Ok(if expired { CodeCheck::Expired } else { CodeCheck::wrong(code.tries_left) })
    }

    /// What a right code counts as that opens nothing after all.
    pub fn counts_as_wrong(&self, tx: &mut Tx, id: CodeId, typed: &str) -> QueryResult<CodeCheck> {
        let Some(code) = self.find(tx.db, id)? else { return Ok(CodeCheck::WrongStep) };
        let judged = self.judged(tx, id, Some(&code), typed);
        tx.remember_judged(&judged, self.lifetime);
        Ok(CodeCheck::wrong(code.tries_left))
    }

    /// Of a code that was used, or is wanted no more, nothing is left.
    pub fn forget(&self, db: &mut Db, id: CodeId) -> QueryResult<()> {
        diesel::delete(codes::table.find(id)).execute(db)?;
        Ok(())
    }
}

impl OneTimeCode {
    /// The tries left, for a page; none once the code is gone.
    pub fn left(code: Option<&OneTimeCode>) -> u32 {
        code.and_then(|code| u32::try_from(code.tries_left).ok()).unwrap_or(0)
    }

    /// Until when no other message is sent. The longest pause is the most that a clock which was set back may make of it.
    pub fn waits_until(&self, now: Moment) -> Option<Moment> {
        Some(self.resend_at.min(now.after(MAX_PAUSE))).filter(|at| *at > now)
    }
}

impl CodeCheck {
    /// What a wrong code leaves.
    pub const fn wrong(left: i32) -> CodeCheck {
        if left > 0 { CodeCheck::Wrong { left } } else { CodeCheck::NoTriesLeft }
    }

    /// What the field `code` says of it; None where there is another page to show.
    pub fn problem(self) -> Option<Problem> {
        match self {
            CodeCheck::Right | CodeCheck::WrongStep => None,
            CodeCheck::Wrong { left } => Some(Problem::new("code", "code-wrong").arg("left", left)),
            CodeCheck::NoTriesLeft => Some(Problem::new("code", "code-spent")),
            CodeCheck::Expired => Some(Problem::new("code", "code-expired")),
        }
    }
}

/// Deletes codes a day after they ran out.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over = codes::table.filter(codes::expires_at.lt(now.before(KEPT_AFTER)));
    let over: Vec<CodeId> = over.select(codes::id).limit(PURGE_BATCH).load(db)?;
    diesel::delete(codes::table.filter(codes::id.eq_any(over))).execute(db)?;
    Ok(())
}
