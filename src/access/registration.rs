//! Registration by phone: number, code, consent, version, password. One row for each attempt, bound to one browser by a
//! cookie; the row says which step is next, so that every page can show where somebody really is.

pub mod pages;
pub mod status;
pub mod steps;

use std::time::Duration;

use diesel::prelude::*;

use crate::access::registration::status::{Event, Step};
use crate::accounts::account::{Account, Made, NewAccount};
use crate::accounts::consent::{self, Circumstances, ConsentKind, RegistrationId};
use crate::accounts::identifiers::email::Email;
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::sms_limits::{self, Allowance, Sending, Why};
use crate::accounts::{mailed_link, promo_gift};
use crate::base::{AccountId, Keys, Moment, Purpose, Token, digits, hours, minutes, random_bytes, same};
use crate::db::schema::registrations;
use crate::db::{Db, Tx};
use crate::notices::{self, Notice, Says, To};
use crate::texts::Locale;

pub const CODE_DIGITS: u32 = 4;
const CODE_LASTS: Duration = minutes(5);
const TRIES: i32 = 3;
const ATTEMPT_LASTS: Duration = hours(1);
/// How long the browser of a finished registration may send its last form again.
const DONE_LASTS: Duration = minutes(10);
/// A code with less than this to live is not sent again: a new one is.
const WORTH_SENDING: Duration = minutes(2);
/// People are told that within a day nothing is left of an attempt.
const KEPT_AFTER: Duration = hours(22);

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Registration {
    pub id: RegistrationId,
    #[diesel(column_name = status)]
    pub step: Step,
    phone: String,
    nonce: Vec<u8>,
    pub tries_left: i32,
    /// When the next message may be sent.
    pub again_at: Moment,
    code_expires_at: Moment,
    expires_at: Moment,
    pub account_id: Option<AccountId>,
}

/// Somebody who wants to register, as limits count them.
#[derive(Clone)]
pub struct Applicant {
    pub phone: Phone,
    pub locale: Locale,
    pub address_unit: String,
    pub neighbourhood: String,
}

impl Applicant {
    pub(crate) fn sending(&self) -> Sending<'_> {
        Sending { phone: &self.phone, address_unit: &self.address_unit, neighbourhood: &self.neighbourhood }
    }
}

/// What became of a wish to get a code.
#[derive(Debug)]
pub enum Started {
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
    Matched,
    Missed {
        left: i32,
    },
    Spent,
    Expired,
    /// The registration is at another step.
    Elsewhere,
}

/// What became of the last step.
pub enum Finished {
    Account(Account),
    /// The phone was registered meanwhile by another attempt.
    PhoneTaken,
    /// The registration is at another step.
    Elsewhere,
}

/// What the last step gives.
pub struct Ending<'a> {
    pub phc: &'a str,
    pub email: Option<&'a Email>,
    pub locale: Locale,
}

impl Registration {
    /// Begins an attempt and promises its code. Whether the phone has an account already is told to its owner by SMS, never here.
    pub fn start(
        db: &mut Db,
        keys: &Keys,
        now: Moment,
        token: &Token,
        who: &Applicant,
        sign_in_url: &str,
    ) -> QueryResult<Started> {
        let again_at = match sms_limits::spend(db, keys, now, &who.sending())? {
            Allowance::Granted { again_at } => again_at,
            Allowance::Refused { until, why } => return Ok(Started::Wait { until, why }),
        };
        let registration = Registration {
            id: RegistrationId::next(),
            step: Step::Code,
            phone: who.phone.as_str().to_owned(),
            nonce: random_bytes::<16>().to_vec(),
            tries_left: TRIES,
            again_at,
            code_expires_at: now.after(CODE_LASTS),
            expires_at: now.after(ATTEMPT_LASTS),
            account_id: None,
        };
        diesel::insert_into(registrations::table)
            .values((
                registrations::id.eq(registration.id),
                registrations::token_hash.eq(token.hash()),
                registrations::status.eq(registration.step),
                registrations::phone.eq(&registration.phone),
                registrations::locale.eq(who.locale),
                registrations::nonce.eq(&registration.nonce),
                registrations::tries_left.eq(TRIES),
                registrations::messages_sent.eq(1),
                registrations::again_at.eq(again_at),
                registrations::code_expires_at.eq(registration.code_expires_at),
                registrations::expires_at.eq(registration.expires_at),
                registrations::created_at.eq(now),
            ))
            .execute(db)?;
        registration.promise_code(db, keys, now, who.locale, sign_in_url)?;
        Ok(Started::Sent)
    }

    /// The attempt of a browser; None for an unknown cookie.
    pub fn find(db: &mut Db, token: &Token) -> QueryResult<Option<Registration>> {
        registrations::table
            .filter(registrations::token_hash.eq(token.hash()))
            .select(Registration::as_select())
            .first(db)
            .optional()
    }

    pub fn has_expired(&self, now: Moment) -> bool {
        self.expires_at <= now
    }

    /// The phone that the code went to; None only for a damaged row.
    pub fn phone(&self) -> Option<Phone> {
        Phone::from_stored(&self.phone)
    }

    /// Sends the code again: the same one while it can be used, otherwise a new one with new tries. None when the registration is
    /// at another step.
    pub fn send_again(
        db: &mut Db,
        keys: &Keys,
        now: Moment,
        token: &Token,
        who: &Applicant,
        sign_in_url: &str,
    ) -> QueryResult<Option<Started>> {
        let Some(mut found) = Registration::find(db, token)?
            .filter(|found| found.step == Step::Code && !found.has_expired(now))
        else {
            return Ok(None);
        };
        let again_at = match sms_limits::spend(db, keys, now, &who.sending())? {
            Allowance::Granted { again_at } => again_at,
            Allowance::Refused { until, why } => return Ok(Some(Started::Wait { until, why })),
        };
        if found.tries_left == 0 || found.code_expires_at <= now.after(WORTH_SENDING) {
            found.nonce = random_bytes::<16>().to_vec();
            found.tries_left = TRIES;
            found.code_expires_at = now.after(CODE_LASTS);
        }
        diesel::update(registrations::table.find(found.id))
            .set((
                registrations::nonce.eq(&found.nonce),
                registrations::tries_left.eq(found.tries_left),
                registrations::code_expires_at.eq(found.code_expires_at),
                registrations::again_at.eq(again_at),
                registrations::messages_sent.eq(registrations::messages_sent + 1),
            ))
            .execute(db)?;
        found.promise_code(db, keys, now, who.locale, sign_in_url)?;
        Ok(Some(Started::Sent))
    }

    /// Judges a code. The try is spent before it is looked at, in the same transaction.
    pub fn judge(db: &mut Db, keys: &Keys, now: Moment, token: &Token, typed: &str) -> QueryResult<Judged> {
        let Some(now_at) = Registration::find(db, token)?
            .filter(|found| found.step == Step::Code && !found.has_expired(now))
        else {
            return Ok(Judged::Elsewhere);
        };
        if now_at.tries_left == 0 {
            return Ok(Judged::Spent);
        }
        if now_at.code_expires_at <= now {
            return Ok(Judged::Expired);
        }
        let open = registrations::table
            .find(now_at.id)
            .filter(registrations::status.eq(Step::Code))
            .filter(registrations::tries_left.gt(0));
        let spent = diesel::update(open)
            .set(registrations::tries_left.eq(registrations::tries_left - 1))
            .execute(db)?;
        if spent != 1 {
            return Ok(Judged::Spent);
        }
        let right = same(now_at.code(keys).as_bytes(), typed.as_bytes());
        let known = match now_at.phone() {
            Some(phone) => Account::has_phone(db, &phone)?,
            None => true,
        };
        if right && !known {
            sms_limits::count_confirmed(db, now)?;
            return Ok(if now_at.advance(db, Event::CodeMatched)? {
                Judged::Matched
            } else {
                Judged::Elsewhere
            });
        }
        match now_at.tries_left - 1 {
            0 => Ok(Judged::Spent),
            left => Ok(Judged::Missed { left }),
        }
    }

    /// Notes a consent and moves on. False when the registration is at another step.
    pub fn agree(
        db: &mut Db,
        token: &Token,
        kind: ConsentKind,
        of: &Circumstances,
        now: Moment,
    ) -> QueryResult<bool> {
        let event = match kind {
            ConsentKind::Privacy => Event::Agreed,
            ConsentKind::International => Event::VersionChosen,
        };
        let Some(found) = Registration::find(db, token)?.filter(|found| !found.has_expired(now)) else {
            return Ok(false);
        };
        if !found.advance(db, event)? {
            return Ok(false);
        }
        consent::give(db, found.id, kind, of, now)?;
        Ok(true)
    }

    /// Makes the account: all of it or nothing.
    pub fn finish(tx: &mut Tx, token: &Token, ending: &Ending) -> QueryResult<Finished> {
        let Some(found) = Registration::find(tx.db, token)?.filter(|found| !found.has_expired(tx.now)) else {
            return Ok(Finished::Elsewhere);
        };
        let Some(phone) = found.phone().filter(|_| found.step == Step::Password) else {
            return Ok(Finished::Elsewhere);
        };
        let new = NewAccount { phone: &phone, locale: ending.locale, phc: ending.phc };
        let account = match Account::create(tx.db, tx.keys, tx.now, &new)? {
            Made::Account(account) => account,
            Made::PhoneTaken => return Ok(Finished::PhoneTaken),
        };
        found.advance(tx.db, Event::AccountMade)?;
        diesel::update(registrations::table.find(found.id))
            .set((
                registrations::account_id.eq(account.id),
                registrations::expires_at.eq(tx.now.after(DONE_LASTS)),
                registrations::tries_left.eq(TRIES),
            ))
            .execute(tx.db)?;
        consent::hand_over(tx.db, found.id, account.id)?;
        promo_gift::give(tx.db, account.id, tx.now)?;
        journal::note(tx.db, account.id, EventKind::Registered, "", tx.client, tx.now)?;
        if let Some(email) = ending.email {
            mailed_link::confirm_email(tx, &account, email, ending.locale)?;
        }
        Ok(Finished::Account(account))
    }

    /// Spends one of the few times that a finished registration's last form may come again.
    pub fn let_in_again(&self, db: &mut Db, now: Moment) -> QueryResult<bool> {
        let done = registrations::table
            .find(self.id)
            .filter(registrations::status.eq(Step::Done))
            .filter(registrations::expires_at.gt(now))
            .filter(registrations::tries_left.gt(0));
        Ok(diesel::update(done)
            .set(registrations::tries_left.eq(registrations::tries_left - 1))
            .execute(db)?
            == 1)
    }

    /// One step on; false when somebody was first or the event does not belong here.
    fn advance(&self, db: &mut Db, event: Event) -> QueryResult<bool> {
        let Some(next) = self.step.after(event) else { return Ok(false) };
        let here = registrations::table.find(self.id).filter(registrations::status.eq(self.step));
        Ok(diesel::update(here).set(registrations::status.eq(next)).execute(db)? == 1)
    }

    /// Computed, never stored: whoever reads the database does not learn it.
    fn code(&self, keys: &Keys) -> String {
        digits(
            keys.number(Purpose::Codes, &[b"registration", self.phone.as_bytes(), &self.nonce]),
            CODE_DIGITS,
        )
    }

    fn promise_code(
        &self,
        db: &mut Db,
        keys: &Keys,
        now: Moment,
        locale: Locale,
        sign_in_url: &str,
    ) -> QueryResult<()> {
        let owner = match self.phone() {
            Some(phone) => Account::with_phone(db, &phone)?,
            None => None,
        };
        let says = match owner {
            Some(_) => Says::AlreadyRegistered { url: sign_in_url.to_owned() },
            None => Says::RegistrationCode { code: self.code(keys) },
        };
        let account_id = owner.map(|owner| owner.id.as_i64());
        let notice = Notice { to: To::Phone(self.phone.clone()), account_id, locale, says };
        notices::post(db, keys, now, &notice).map(|_number| ())
    }
}

/// Forgets a browser's attempt that has not become an account.
pub fn forget(db: &mut Db, token: &Token) -> QueryResult<()> {
    let open = registrations::table
        .filter(registrations::token_hash.eq(token.hash()))
        .filter(registrations::account_id.is_null());
    diesel::update(open).set(registrations::expires_at.eq(Moment::from_micros(0))).execute(db).map(|_rows| ())
}

/// Deletes attempts within a day of their beginning, and what was agreed to in those that came to nothing.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    use crate::db::schema::consents;
    let over: Vec<RegistrationId> = registrations::table
        .filter(registrations::expires_at.lt(now.before(KEPT_AFTER)))
        .select(registrations::id)
        .limit(500)
        .load(db)?;
    for id in over {
        diesel::delete(
            consents::table.filter(consents::registration_id.eq(id)).filter(consents::account_id.is_null()),
        )
        .execute(db)?;
        diesel::delete(registrations::table.find(id)).execute(db)?;
    }
    Ok(())
}
