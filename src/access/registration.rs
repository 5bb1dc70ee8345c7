//! Registration by phone: number, code, consent, version, password. One row for each attempt, bound to one browser by a
//! cookie; the row says which step is next, so that every page can show where somebody really is.

pub mod pages;
pub mod status;
pub mod steps;

use std::time::Duration;

use diesel::prelude::*;

use crate::access::events::REGISTERED;
use crate::access::messages::{ALREADY_REGISTERED, registration_code};
use crate::access::registration::status::{RegistrationEvent, RegistrationStep};
use crate::accounts::account::{Account, NewAccount};
use crate::accounts::consent::{self, ConsentKind, RegistrationId};
use crate::accounts::identifiers::email::Email;
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::{mailed_link, promo_gift};
use crate::base::{AccountId, Moment, Token, hours, minutes};
use crate::db::schema::{one_time_codes, registrations};
use crate::db::{Db, Tx};
use crate::notices::{MessageNumber, outbox};
use crate::one_time_code::sms_limits::{self, Denied};
use crate::one_time_code::{CodeCheck, CodeId, CodeKind, OneTimeCode};
use crate::texts::Locale;

/// For the message to the phone.
pub const CODE: CodeKind = CodeKind { purpose: "registration", digits: 4, lifetime: minutes(5), tries: 3 };
const ATTEMPT_LIFETIME: Duration = hours(1);
/// How long the browser of a finished registration may send its last form again, and how often.
const DONE_LIFETIME: Duration = minutes(10);
const RESUBMISSIONS: i32 = 3;
/// People are told that within a day nothing is left of an attempt.
const KEPT_AFTER: Duration = hours(22);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Registration {
    pub id: RegistrationId,
    #[diesel(column_name = status)]
    pub step: RegistrationStep,
    phone: String,
    code_id: CodeId,
    expires_at: Moment,
    pub account_id: Option<AccountId>,
    /// Numbers of the messages that were sent for it.
    messages: String,
    /// None once it was typed.
    #[diesel(embed)]
    pub code: Option<OneTimeCode>,
}

/// What became of the last step.
pub enum FinishOutcome {
    Account(Box<Account>),
    /// The phone was registered meanwhile by another attempt.
    PhoneTaken,
    /// The registration is at another step.
    WrongStep,
}

/// What the last step gives.
pub struct FinishRequest<'a> {
    pub password_hash: &'a str,
    pub email: Option<&'a Email>,
    pub locale: Locale,
}

impl Registration {
    /// Begins an attempt and promises its code. Whether the phone has an account already is told to its owner by SMS, never here.
    pub fn start(
        tx: &mut Tx,
        token: &Token,
        phone: &Phone,
        locale: Locale,
    ) -> QueryResult<Result<(), Denied>> {
        let resend_at = match tx.spend_sms(phone)? {
            Ok(resend_at) => resend_at,
            Err(denied) => return Ok(Err(denied)),
        };
        let code = CODE.create(tx, resend_at)?;
        let number = queue_code(tx, phone, &code, locale)?;
        diesel::insert_into(registrations::table)
            .values((
                registrations::id.eq(RegistrationId::next()),
                registrations::token_hash.eq(token.hash()),
                registrations::status.eq(RegistrationStep::Code),
                registrations::phone.eq(phone.as_str()),
                registrations::code_id.eq(code.id),
                registrations::resubmissions_left.eq(RESUBMISSIONS),
                registrations::expires_at.eq(tx.now.after(ATTEMPT_LIFETIME)),
                registrations::messages.eq(number.as_str()),
                registrations::created_at.eq(tx.now),
            ))
            .execute(tx.db)?;
        Ok(Ok(()))
    }

    /// The attempt of a browser; None for an unknown cookie.
    pub fn find(db: &mut Db, token: &Token) -> QueryResult<Option<Registration>> {
        registrations::table
            .left_join(one_time_codes::table.on(one_time_codes::id.eq(registrations::code_id)))
            .filter(registrations::token_hash.eq(token.hash()))
            .select(Registration::as_select())
            .first(db)
            .optional()
    }

    /// The attempt, while it is at this step.
    fn at(tx: &mut Tx, token: &Token, step: RegistrationStep) -> QueryResult<Option<Registration>> {
        let found = Registration::find(tx.db, token)?;
        Ok(found.filter(|found| found.step == step && !found.has_expired(tx.now)))
    }

    pub fn has_expired(&self, now: Moment) -> bool {
        self.expires_at <= now
    }

    /// The phone that the code went to; None only for a damaged row.
    pub fn phone(&self) -> Option<Phone> {
        Phone::from_stored(&self.phone)
    }

    /// Sends the code again. None when the registration is at another step.
    pub fn send_again(tx: &mut Tx, token: &Token, locale: Locale) -> QueryResult<Option<Result<(), Denied>>> {
        let Some(found) = Registration::at(tx, token, RegistrationStep::Code)? else { return Ok(None) };
        let Some(phone) = found.phone() else { return Ok(None) };
        let resend_at = match tx.spend_sms(&phone)? {
            Ok(resend_at) => resend_at,
            Err(denied) => return Ok(Some(Err(denied))),
        };
        let Some(code) = CODE.renew(tx, found.code_id, resend_at)? else { return Ok(None) };
        let number = queue_code(tx, &phone, &code, locale)?;
        let messages = format!("{} {}", found.messages, number.as_str());
        diesel::update(registrations::table.find(found.id))
            .set(registrations::messages.eq(messages))
            .execute(tx.db)?;
        Ok(Some(Ok(())))
    }

    /// Checks a code; the code for a phone that has an account is never right.
    pub fn check(tx: &mut Tx, token: &Token, typed: &str) -> QueryResult<CodeCheck> {
        let Some(found) = Registration::at(tx, token, RegistrationStep::Code)? else {
            return Ok(CodeCheck::WrongStep);
        };
        let Some(phone) = found.phone() else { return Ok(CodeCheck::WrongStep) };
        let checked = CODE.check(tx, found.code_id, phone.as_str(), typed)?;
        let known = Account::with_phone(tx.db, &phone)?.is_some();
        match checked {
            CodeCheck::Right if known => CODE.counts_as_wrong(tx, found.code_id, typed),
            CodeCheck::Right => {
                sms_limits::count_confirmed(tx)?;
                CODE.forget(tx.db, found.code_id)?;
                Ok(if found.advance(tx.db, RegistrationEvent::CodeMatched)? {
                    checked
                } else {
                    CodeCheck::WrongStep
                })
            }
            _ => Ok(checked),
        }
    }

    /// Notes a consent and moves on. False when the registration is at another step.
    pub fn agree(tx: &mut Tx, token: &Token, kind: ConsentKind, locale: Locale) -> QueryResult<bool> {
        let (step, event) = match kind {
            ConsentKind::Privacy => (RegistrationStep::Privacy, RegistrationEvent::Agreed),
            ConsentKind::International => (RegistrationStep::Version, RegistrationEvent::VersionChosen),
        };
        let Some(found) = Registration::at(tx, token, step)? else { return Ok(false) };
        if !found.advance(tx.db, event)? {
            return Ok(false);
        }
        consent::give(tx, found.id, kind, locale)?;
        Ok(true)
    }

    /// Makes the account: all of it or nothing.
    pub fn finish(tx: &mut Tx, token: &Token, request: &FinishRequest) -> QueryResult<FinishOutcome> {
        let Some(found) = Registration::at(tx, token, RegistrationStep::Password)? else {
            return Ok(FinishOutcome::WrongStep);
        };
        let Some(phone) = found.phone() else { return Ok(FinishOutcome::WrongStep) };
        let new = NewAccount { phone: &phone, locale: request.locale, password_hash: request.password_hash };
        let Some(account) = Account::create(tx.db, tx.keys, tx.now, &new)? else {
            return Ok(FinishOutcome::PhoneTaken);
        };
        found.advance(tx.db, RegistrationEvent::AccountMade)?;
        diesel::update(registrations::table.find(found.id))
            .set((
                registrations::account_id.eq(account.id),
                registrations::expires_at.eq(tx.now.after(DONE_LIFETIME)),
            ))
            .execute(tx.db)?;
        consent::hand_over(tx.db, found.id, account.id)?;
        for number in found.messages.split(' ') {
            outbox::hand_over(tx, number, account.id, &(&phone).into())?;
        }
        promo_gift::give(tx.db, account.id, tx.now)?;
        tx.record(account.id, &REGISTERED, "")?;
        if let Some(email) = request.email {
            mailed_link::confirm_email(tx, &account, email, request.locale)?;
        }
        Ok(FinishOutcome::Account(Box::new(account)))
    }

    /// Spends one of the few times that a finished registration's last form may come again.
    pub fn spend_resubmission(&self, tx: &mut Tx) -> QueryResult<bool> {
        let done = registrations::table
            .find(self.id)
            .filter(registrations::status.eq(RegistrationStep::Done))
            .filter(registrations::expires_at.gt(tx.now))
            .filter(registrations::resubmissions_left.gt(0));
        let one_less = registrations::resubmissions_left.eq(registrations::resubmissions_left - 1);
        Ok(diesel::update(done).set(one_less).execute(tx.db)? == 1)
    }

    /// One step on; false when somebody was first or the event does not belong here.
    fn advance(&self, db: &mut Db, event: RegistrationEvent) -> QueryResult<bool> {
        let Some(next) = self.step.after(event) else { return Ok(false) };
        let here = registrations::table.find(self.id).filter(registrations::status.eq(self.step));
        Ok(diesel::update(here).set(registrations::status.eq(next)).execute(db)? == 1)
    }
}

/// The code, or word to the phone's owner that it has an account.
fn queue_code(tx: &mut Tx, phone: &Phone, code: &OneTimeCode, locale: Locale) -> QueryResult<MessageNumber> {
    match Account::with_phone(tx.db, phone)? {
        Some(owner) => tx.queue_message(phone.into(), Some(owner.id), locale, &ALREADY_REGISTERED),
        None => {
            let code = CODE.text(tx.keys, code, phone.as_str());
            tx.queue_message(phone.into(), None, locale, &registration_code(code))
        }
    }
}

/// Forgets a browser's attempt that has not become an account.
pub fn forget(db: &mut Db, token: &Token) -> QueryResult<()> {
    let open = registrations::table
        .filter(registrations::token_hash.eq(token.hash()))
        .filter(registrations::account_id.is_null());
    diesel::update(open).set(registrations::expires_at.eq(Moment::from_micros(0))).execute(db)?;
    Ok(())
}

/// Deletes attempts within a day of their beginning, and what was agreed to in those that came to nothing.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    use crate::db::schema::consents;
    let over: Vec<(RegistrationId, CodeId)> = registrations::table
        .filter(registrations::expires_at.lt(now.before(KEPT_AFTER)))
        .select((registrations::id, registrations::code_id))
        .limit(500)
        .load(db)?;
    for (id, code_id) in over {
        diesel::delete(
            consents::table.filter(consents::registration_id.eq(id)).filter(consents::account_id.is_null()),
        )
        .execute(db)?;
        CODE.forget(db, code_id)?;
        diesel::delete(registrations::table.find(id)).execute(db)?;
    }
    Ok(())
}
