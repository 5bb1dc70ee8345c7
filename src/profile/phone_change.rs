//! Another phone for an account: a code goes to the new one, and whoever types it has it at hand.
//!
//! One row an account: the newest wish counts. A phone that is another account's gets another SMS; its code is never accepted, and the
//! page shows no difference. The phone that is replaced is told of it.

use std::time::Duration;

use diesel::prelude::*;

use crate::accounts::account::{Account, PHONE_TAKEN};
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::revoke::{Cause, revoke};
use crate::base::{AccountId, Moment, days, minutes};
use crate::db::schema::{one_time_codes, phone_changes};
use crate::db::{Db, Tx, violates};
use crate::limits::{Declared, Per, RateLimit, Spent};
use crate::notices::Recipient;
use crate::one_time_code::sms_limits::{self, Denied};
use crate::one_time_code::{CodeCheck, CodeKind, OneTimeCode};
use crate::profile::events::PHONE_CHANGED;
use crate::profile::messages::{self, phone_changed};
use crate::texts::Locale;

pub(crate) const CODE: CodeKind =
    CodeKind { purpose: "phone change", digits: 4, lifetime: minutes(5), tries: 3 };
/// Messages that an account may ask for, whatever the phones.
const MESSAGES: RateLimit = RateLimit::new("phone_change.messages", Per::Account, 10, days(1));
pub const LIMITS: &[Declared] = &[MESSAGES.declared()];
const KEPT_AFTER: Duration = days(1);

/// A new phone that waits for its code.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = phone_changes)]
pub struct PhoneChange {
    phone: String,
    #[diesel(embed)]
    pub code: OneTimeCode,
}

impl PhoneChange {
    /// The new phone that an account waits for.
    pub fn of(db: &mut Db, account_id: AccountId) -> QueryResult<Option<PhoneChange>> {
        phone_changes::table
            .inner_join(one_time_codes::table.on(one_time_codes::id.eq(phone_changes::code_id)))
            .filter(phone_changes::account_id.eq(account_id))
            .select(PhoneChange::as_select())
            .first(db)
            .optional()
    }

    /// Promises a code to a phone. Another one that was asked for before is forgotten.
    pub fn begin(
        tx: &mut Tx,
        id: AccountId,
        phone: &Phone,
        locale: Locale,
    ) -> QueryResult<Result<(), Denied>> {
        let resend_at = match spend(tx, id, phone)? {
            Ok(resend_at) => resend_at,
            Err(denied) => return Ok(Err(denied)),
        };
        let older = phone_changes::table.find(id).select(phone_changes::code_id);
        diesel::delete(one_time_codes::table.filter(one_time_codes::id.eq_any(older))).execute(tx.db)?;
        diesel::delete(phone_changes::table.find(id)).execute(tx.db)?;
        let code = CODE.create(tx, resend_at)?;
        diesel::insert_into(phone_changes::table)
            .values((
                phone_changes::account_id.eq(id),
                phone_changes::phone.eq(phone.as_str()),
                phone_changes::code_id.eq(code.id),
            ))
            .execute(tx.db)?;
        queue_code(tx, id, phone, &code, locale).map(Ok)
    }

    /// Sends the code again. None when no phone waits for one.
    pub fn send_again(tx: &mut Tx, id: AccountId, locale: Locale) -> QueryResult<Option<Result<(), Denied>>> {
        let Some(found) = PhoneChange::of(tx.db, id)? else { return Ok(None) };
        let Some(phone) = found.phone() else { return Ok(None) };
        let resend_at = match spend(tx, id, &phone)? {
            Ok(resend_at) => resend_at,
            Err(denied) => return Ok(Some(Err(denied))),
        };
        let Some(code) = CODE.renew(tx, found.code.id, resend_at)? else { return Ok(None) };
        queue_code(tx, id, &phone, &code, locale)?;
        Ok(Some(Ok(())))
    }

    /// None only for a damaged row.
    pub fn phone(&self) -> Option<Phone> {
        Phone::from_stored(&self.phone)
    }

    pub fn has_expired(&self, now: Moment) -> bool {
        self.code.expires_at <= now
    }

    /// Checks a code; a right one makes the phone the account's, unless it is another's already.
    pub fn check(tx: &mut Tx, id: AccountId, typed: &str) -> QueryResult<CodeCheck> {
        let Some(found) = PhoneChange::of(tx.db, id)? else { return Ok(CodeCheck::WrongStep) };
        let Some(phone) = found.phone() else { return Ok(CodeCheck::WrongStep) };
        let checked = CODE.check(tx, found.code.id, phone.as_str(), typed)?;
        let free = Account::with_phone(tx.db, &phone)?.is_none_or(|owner| owner.id == id);
        if checked != CodeCheck::Right {
            return Ok(checked);
        }
        if !free || !settle(tx, id, &phone)? {
            return CODE.counts_as_wrong(tx, found.code.id, typed);
        }
        CODE.forget(tx.db, found.code.id)?;
        Ok(checked)
    }
}

/// The code, or word to the phone's owner that somebody tried to add it elsewhere. Each finds it among what they were sent.
fn queue_code(
    tx: &mut Tx,
    id: AccountId,
    phone: &Phone,
    code: &OneTimeCode,
    locale: Locale,
) -> QueryResult<()> {
    let owner = Account::with_phone(tx.db, phone)?.filter(|owner| owner.id != id);
    match owner {
        Some(owner) => {
            tx.queue_message(phone.into(), Some(owner.id), owner.locale, &messages::PHONE_TAKEN)?
        }
        None => {
            let code = CODE.text(tx.keys, code, phone.as_str());
            tx.queue_message(phone.into(), Some(id), locale, &messages::phone_code(code))?
        }
    };
    Ok(())
}

/// Spends one message everywhere it counts.
fn spend(tx: &mut Tx, id: AccountId, phone: &Phone) -> QueryResult<Result<Moment, Denied>> {
    let subject = id.as_i64().to_string();
    if let Spent::Wait { until } = tx.peek(&MESSAGES, &subject)? {
        return Ok(Err(Denied::TooBusy { until }));
    }
    let resend_at = tx.spend_sms(phone)?;
    if resend_at.is_ok() {
        tx.spend(&MESSAGES, &subject)?;
    }
    Ok(resend_at)
}

/// The phone becomes the account's, and its owner is told: by mail, and at the phone that is replaced. False when another account has
/// confirmed this phone first.
fn settle(tx: &mut Tx, id: AccountId, phone: &Phone) -> QueryResult<bool> {
    let Some(before) = Account::find(tx.db, id)? else { return Ok(false) };
    match tx.savepoint(|tx| Account::set_phone(tx.db, id, phone)) {
        Ok(()) => {}
        Err(error) if violates(&error, PHONE_TAKEN) => return Ok(false),
        Err(error) => return Err(error),
    }
    revoke(tx.db, id, Cause::PhoneChanged, None)?;
    sms_limits::count_confirmed(tx)?;
    let message = phone_changed(phone);
    let replaced = before.phone.as_ref().filter(|old| *old != phone);
    for to in before.email.as_ref().map(Recipient::from).into_iter().chain(replaced.map(Recipient::from)) {
        tx.notify_at(to, &before, &message)?;
    }
    tx.record(id, &PHONE_CHANGED, &phone.spaced())?;
    Ok(true)
}

/// Deletes wishes a day after their code ran out.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let kept = one_time_codes::table.filter(one_time_codes::expires_at.ge(now.before(KEPT_AFTER)));
    let over = phone_changes::code_id.ne_all(kept.select(one_time_codes::id));
    diesel::delete(phone_changes::table.filter(over)).execute(db)?;
    Ok(())
}
