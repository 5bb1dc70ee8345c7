//! Another phone for an account: a code goes to the new one, and whoever types it has it at hand.
//!
//! One row an account: the newest wish counts. A phone that is another account's gets another SMS; its code is never accepted, and the
//! page shows no difference. The phone that is replaced is told of it.

use std::time::Duration;

use diesel::prelude::*;

use crate::access::registration::{Applicant, CODE_DIGITS};
use crate::accounts::account::{Account, PHONE_TAKEN};
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::revoke::{Cause, revoke};
use crate::accounts::sms_limits::{self, Allowance, Why};
use crate::accounts::telling::{Occasion, tell_at};
use crate::base::{AccountId, Keys, Moment, Purpose, days, digits, minutes, random_bytes, same};
use crate::db::schema::phone_changes;
use crate::db::{Db, taken};
use crate::limits::{self, Limit, Spent};
use crate::notices::{self, Changed, Notice, Says, To};

const CODE_LASTS: Duration = minutes(5);
/// A code with less time left than this is not worth sending again.
const WORTH_SENDING: Duration = minutes(1);
const TRIES: i32 = 3;
/// Messages that an account may ask for, whatever the phones.
const MESSAGES: Limit = Limit { most: 10, within: days(1) };
const KEPT_AFTER: Duration = days(1);

/// A new phone that waits for its code.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = phone_changes)]
pub struct PhoneChange {
    account_id: AccountId,
    phone: String,
    nonce: Vec<u8>,
    pub tries_left: i32,
    /// When the next message may be sent.
    pub again_at: Moment,
    expires_at: Moment,
}

/// What became of a wish to get a code.
#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    Sent,
    /// Nothing was sent; it may be tried again then.
    Wait {
        until: Moment,
        why: Why,
    },
}

/// What became of a code that was typed.
#[derive(Debug, PartialEq, Eq)]
pub enum Judged {
    /// The phone is the account's now.
    Changed,
    Missed {
        left: i32,
    },
    Spent,
    Expired,
    /// No phone waits for a code.
    Nothing,
}

impl PhoneChange {
    /// The new phone that an account waits for.
    pub fn of(db: &mut Db, account_id: AccountId) -> QueryResult<Option<PhoneChange>> {
        phone_changes::table.find(account_id).select(PhoneChange::as_select()).first(db).optional()
    }

    /// Promises a code to a phone. Another one that was asked for before is forgotten.
    pub fn ask(
        db: &mut Db,
        keys: &Keys,
        on: &Occasion,
        id: AccountId,
        who: &Applicant,
    ) -> QueryResult<Asked> {
        let again_at = match spend(db, keys, on.now, id, who)? {
            Allowance::Granted { again_at } => again_at,
            Allowance::Refused { until, why } => return Ok(Asked::Wait { until, why }),
        };
        let change = PhoneChange {
            account_id: id,
            phone: who.phone.as_str().to_owned(),
            nonce: random_bytes::<16>().to_vec(),
            tries_left: TRIES,
            again_at,
            expires_at: on.now.after(CODE_LASTS),
        };
        change.store(db)?;
        change.promise_code(db, keys, on, who)?;
        Ok(Asked::Sent)
    }

    /// Sends the code again: the same one while it can be used, otherwise a new one with new tries. None when no phone waits for one,
    /// or another one than `who` asks for.
    pub fn send_again(
        db: &mut Db,
        keys: &Keys,
        on: &Occasion,
        id: AccountId,
        who: &Applicant,
    ) -> QueryResult<Option<Asked>> {
        let found = PhoneChange::of(db, id)?.filter(|found| found.phone == who.phone.as_str());
        let Some(mut found) = found else { return Ok(None) };
        if found.tries_left == 0 || found.expires_at <= on.now.after(WORTH_SENDING) {
            return PhoneChange::ask(db, keys, on, id, who).map(Some);
        }
        found.again_at = match spend(db, keys, on.now, id, who)? {
            Allowance::Granted { again_at } => again_at,
            Allowance::Refused { until, why } => return Ok(Some(Asked::Wait { until, why })),
        };
        found.store(db)?;
        found.promise_code(db, keys, on, who)?;
        Ok(Some(Asked::Sent))
    }

    /// None only for a damaged row.
    pub fn phone(&self) -> Option<Phone> {
        Phone::from_stored(&self.phone)
    }

    pub fn has_expired(&self, now: Moment) -> bool {
        self.expires_at <= now
    }

    /// Judges a code. The try is spent before it is looked at, in the same transaction.
    pub fn judge(db: &mut Db, keys: &Keys, on: &Occasion, id: AccountId, typed: &str) -> QueryResult<Judged> {
        let Some((found, phone)) =
            PhoneChange::of(db, id)?.and_then(|found| found.phone().map(|phone| (found, phone)))
        else {
            return Ok(Judged::Nothing);
        };
        if found.tries_left == 0 {
            return Ok(Judged::Spent);
        }
        if found.has_expired(on.now) {
            return Ok(Judged::Expired);
        }
        let open = phone_changes::table.find(id).filter(phone_changes::tries_left.gt(0));
        if diesel::update(open)
            .set(phone_changes::tries_left.eq(phone_changes::tries_left - 1))
            .execute(db)?
            != 1
        {
            return Ok(Judged::Spent);
        }
        let right = same(found.code(keys).as_bytes(), typed.as_bytes());
        let free = Account::with_phone(db, &phone)?.is_none_or(|owner| owner.id == id);
        if right && free && settle(db, keys, on, id, &phone)? {
            return Ok(Judged::Changed);
        }
        Ok(match found.tries_left - 1 {
            0 => Judged::Spent,
            left => Judged::Missed { left },
        })
    }

    fn store(&self, db: &mut Db) -> QueryResult<()> {
        withdraw(db, self.account_id)?;
        diesel::insert_into(phone_changes::table)
            .values((
                phone_changes::account_id.eq(self.account_id),
                phone_changes::phone.eq(&self.phone),
                phone_changes::nonce.eq(&self.nonce),
                phone_changes::tries_left.eq(self.tries_left),
                phone_changes::again_at.eq(self.again_at),
                phone_changes::expires_at.eq(self.expires_at),
            ))
            .execute(db)
            .map(|_rows| ())
    }

    /// Computed, never stored: whoever reads the database does not learn it.
    fn code(&self, keys: &Keys) -> String {
        let parts: [&[u8]; 4] =
            [b"phone", &self.account_id.as_i64().to_be_bytes(), self.phone.as_bytes(), &self.nonce];
        digits(keys.number(Purpose::Codes, &parts), CODE_DIGITS)
    }

    /// The code, or word to the phone's owner that somebody tried to add it elsewhere. Each finds it among what they were sent.
    fn promise_code(&self, db: &mut Db, keys: &Keys, on: &Occasion, who: &Applicant) -> QueryResult<()> {
        let owner = Account::with_phone(db, &who.phone)?.filter(|owner| owner.id != self.account_id);
        let notice = match owner {
            Some(owner) => Notice {
                to: To::Phone(self.phone.clone()),
                account_id: Some(owner.id.as_i64()),
                locale: owner.locale,
                says: Says::PhoneTaken { url: on.link("/sign-in") },
            },
            None => Notice {
                to: To::Phone(self.phone.clone()),
                account_id: Some(self.account_id.as_i64()),
                locale: who.locale,
                says: Says::PhoneCode { code: self.code(keys) },
            },
        };
        notices::post(db, keys, on.now, &notice).map(|_number| ())
    }
}

/// Spends one message everywhere it counts.
fn spend(db: &mut Db, keys: &Keys, now: Moment, id: AccountId, who: &Applicant) -> QueryResult<Allowance> {
    let own = format!("phone:{}", keys.name(Purpose::Counters, &[b"phone", &id.as_i64().to_be_bytes()]));
    if let Spent::Wait { until } = limits::peek(db, &own, MESSAGES, now)? {
        return Ok(Allowance::Refused { until, why: Why::Crowd });
    }
    let allowance = sms_limits::spend(db, keys, now, &who.sending())?;
    if matches!(allowance, Allowance::Granted { .. }) {
        limits::spend(db, &own, MESSAGES, now)?;
    }
    Ok(allowance)
}

/// The phone becomes the account's, and its owner is told: by mail, and at the phone that is replaced. False when another account has
/// confirmed this phone first.
fn settle(db: &mut Db, keys: &Keys, on: &Occasion, id: AccountId, phone: &Phone) -> QueryResult<bool> {
    let Some(before) = Account::find(db, id)? else { return Ok(false) };
    match db.transaction(|db| Account::set_phone(db, id, phone)) {
        Ok(()) => {}
        Err(error) if taken(&error, PHONE_TAKEN) => return Ok(false),
        Err(error) => return Err(error),
    }
    revoke(db, id, Cause::PhoneChanged, None)?;
    sms_limits::count_confirmed(db, on.now)?;
    let masked = phone.masked();
    let says = on.change(&before, Changed::Phone, &masked);
    let replaced = before.phone.as_ref().filter(|old| *old != phone);
    for to in before.email.as_ref().map(To::from).into_iter().chain(replaced.map(To::from)) {
        tell_at(db, keys, on.now, &before, to, &says)?;
    }
    journal::note(db, id, EventKind::PhoneChanged, &masked, &on.from, on.now)?;
    Ok(true)
}

/// Forgets the new phone that an account waits for.
fn withdraw(db: &mut Db, account_id: AccountId) -> QueryResult<()> {
    diesel::delete(phone_changes::table.find(account_id)).execute(db).map(|_rows| ())
}

/// Deletes wishes a day after they ran out.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    diesel::delete(phone_changes::table.filter(phone_changes::expires_at.lt(now.before(KEPT_AFTER))))
        .execute(db)
        .map(|_rows| ())
}
