//! Invitations: an account that is there before its owner (made by a first purchase, or for somebody who comes from the
//! marketplace), and the mailed link by which the owner takes it over: Confirm, Agree, a password, three questions.
//!
//! An address that has an account already is told so by mail; whoever invites learns no difference.

pub mod pages;
pub mod status;
pub mod steps;

use std::time::Duration;

use diesel::prelude::*;

use crate::access::events::REGISTERED;
use crate::access::invitation::status::{InvitationEvent, InvitationStatus};
use crate::access::messages::{self, ALREADY_INVITED};
use crate::accounts::account::{Account, AccountStatus, EMAIL_TAKEN};
use crate::accounts::consent::{self, ConsentKind, RegistrationId};
use crate::accounts::identifiers::email::Email;
use crate::accounts::promo_gift;
use crate::base::{AccountId, Moment, Token, days, hours};
use crate::credentials::security_question::{self, Hashed};
use crate::db::schema::{accounts, invitations};
use crate::db::{Db, Tx, violates};
use crate::limits::{Declared, Per, RateLimit, Spent};
use crate::one_time_code::{CodeCheck, CodeId, CodeKind, NO_CODE};
use crate::row_id;
use crate::texts::Locale;

row_id! {
    /// The row of one mailed invitation.
    InvitationId
}

const LINK_LIFETIME: Duration = hours(24);
/// The time for the steps, from the button on.
const STEPS_LIFETIME: Duration = hours(2);
/// The cookie outlives the steps.
pub const COOKIE_MINUTES: i64 = 180;
const MAILS: RateLimit = RateLimit::new("invitation.mails", Per::Email, 5, hours(1));
/// Codes are guessed at an address, whether anybody was invited there or not.
const CODES: RateLimit = RateLimit::new("invitation.codes", Per::Email, 3, days(1));
const CODES_PER_IP: RateLimit = RateLimit::new("invitation.codes_per_ip", Per::IpPrefix, 10, hours(1));
pub const LIMITS: &[Declared] = &[MAILS.declared(), CODES.declared(), CODES_PER_IP.declared()];
/// The tries are counted by `CODES`: a code meets two windows of it at most, and never runs out of its own.
pub(crate) const CODE: CodeKind =
    CodeKind { purpose: "invitation", digits: 6, lifetime: LINK_LIFETIME, tries: 6 };
const KEPT_AFTER: Duration = days(1);
const PURGE_BATCH: i64 = 1_000;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    pub id: InvitationId,
    pub account_id: AccountId,
    pub status: InvitationStatus,
    /// As it was given.
    pub email: Email,
    code_id: CodeId,
    password: Option<Vec<u8>>,
    expires_at: Moment,
}

/// What became of a code that was typed.
#[derive(Debug)]
pub enum CodeOutcome {
    /// The browser goes on with this.
    Confirmed(Token),
    Refused(CodeCheck),
    /// Too many were tried for this address.
    TooMany,
    /// Too many were tried from here.
    Network {
        until: Moment,
    },
}

/// What became of the last step.
pub enum FinishOutcome {
    Account(Box<Account>),
    /// Another account has confirmed this address meanwhile.
    AddressTaken,
    /// The invitation is at another step.
    WrongStep,
}

/// What the last step gives.
pub struct FinishRequest {
    pub hashed: Hashed,
    pub locale: Locale,
}

/// Promises the mail by which somebody takes over an account of their own, made here unless one waits for them. A newer mail takes
/// the place of the older. The answer is the same whether they have an account or not.
pub fn invite(tx: &mut Tx, email: &Email, locale: Locale) -> QueryResult<Spent> {
    let spent = tx.spend(&MAILS, email.key().as_str())?;
    if spent != Spent::Allowed {
        return Ok(spent);
    }
    if let Some(owner) = Account::email_owner(tx.db, email)? {
        if let Some(account) = Account::find(tx.db, owner)? {
            tell_owner(tx, &account)?;
        }
        return Ok(spent);
    }
    let account = match waiting(tx.db, email)? {
        Some(account) => account,
        None => Account::invite(tx.db, locale, tx.now)?,
    };
    supersede(tx.db, account.id, &[InvitationStatus::Mailed])?;
    let (token, code) = (Token::random(), CODE.create(tx, tx.now)?);
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(InvitationId::next()),
            invitations::account_id.eq(account.id),
            invitations::status.eq(InvitationStatus::Mailed),
            invitations::email.eq(email.as_str()),
            invitations::email_key.eq(email.key().as_str()),
            invitations::token_hash.eq(token.hash()),
            invitations::code_id.eq(code.id),
            invitations::expires_at.eq(tx.now.after(LINK_LIFETIME)),
            invitations::created_at.eq(tx.now),
        ))
        .execute(tx.db)?;
    let code = CODE.text(tx.keys, &code, email.key().as_str());
    let (number, code_page) = (account.grouped_number(), tx.link("/invitation/code"));
    let message = messages::invite(number, &token, code, code_page);
    tx.queue_message(email.into(), Some(account.id), locale, &message)?;
    Ok(spent)
}

fn tell_owner(tx: &mut Tx, account: &Account) -> QueryResult<()> {
    let Some(email) = &account.email else { return Ok(()) };
    tx.notify_at(email.into(), account, &ALREADY_INVITED)
}

/// The account that waits for the owner of this address.
fn waiting(db: &mut Db, email: &Email) -> QueryResult<Option<Account>> {
    let id: Option<AccountId> = invitations::table
        .inner_join(accounts::table.on(accounts::id.eq(invitations::account_id)))
        .filter(invitations::email_key.eq(email.key().as_str()))
        .filter(accounts::status.eq(AccountStatus::Invited))
        .order(invitations::id.desc())
        .select(accounts::id)
        .first(db)
        .optional()?;
    match id {
        Some(id) => Account::find(db, id),
        None => Ok(None),
    }
}

impl Invitation {
    /// What a mailed link leads to. Changes nothing.
    pub fn of_link(db: &mut Db, link: &Token) -> QueryResult<Option<Invitation>> {
        let mine = invitations::table.filter(invitations::token_hash.eq(link.hash()));
        mine.select(Invitation::as_select()).first(db).optional()
    }

    /// What a browser that has confirmed goes on with.
    pub fn of_browser(db: &mut Db, held: &Token) -> QueryResult<Option<Invitation>> {
        let mine = invitations::table.filter(invitations::continuation_hash.eq(held.hash()));
        mine.select(Invitation::as_select()).first(db).optional()
    }

    fn at(tx: &mut Tx, held: &Token, status: InvitationStatus) -> QueryResult<Option<Invitation>> {
        let found = Invitation::of_browser(tx.db, held)?;
        Ok(found.filter(|found| found.status == status && !found.has_expired(tx.now)))
    }

    pub fn has_expired(&self, now: Moment) -> bool {
        self.expires_at <= now
    }

    /// The state's word for the link's page: open, expired, replaced, begun, done.
    pub fn link_state(&self, now: Moment) -> &'static str {
        match self.status {
            InvitationStatus::Mailed if self.has_expired(now) => "expired",
            InvitationStatus::Mailed => "open",
            InvitationStatus::Done => "done",
            InvitationStatus::Replaced => "replaced",
            InvitationStatus::Privacy | InvitationStatus::Password | InvitationStatus::Questions => "begun",
        }
    }

    /// The button of the mailed link: one press wins. What the browser goes on with, or None when somebody was first.
    pub fn confirm(tx: &mut Tx, link: &Token) -> QueryResult<Option<Token>> {
        match Invitation::of_link(tx.db, link)? {
            Some(found) => found.begin(tx),
            None => Ok(None),
        }
    }

    /// Checks a code that was mailed to this address. The try is spent first, for addresses that nobody has invited as well.
    pub fn check(tx: &mut Tx, email: &Email, typed: &str) -> QueryResult<CodeOutcome> {
        let key = email.key().as_str();
        let newest = invitations::table
            .filter(invitations::email_key.eq(key))
            .filter(invitations::status.eq(InvitationStatus::Mailed))
            .order(invitations::id.desc())
            .select(Invitation::as_select())
            .first(tx.db)
            .optional()?;
        let code_id = newest.as_ref().map_or(NO_CODE, |found| found.code_id);
        let parts = [key.as_bytes(), &code_id.as_i64().to_be_bytes(), typed.as_bytes()];
        let judged = tx.judged("invitation-code", &parts);
        if tx.is_repeat(&judged)? {
            return wrong_code(tx, key);
        }
        if let Spent::Wait { until } = tx.spend(&CODES_PER_IP, &tx.client.ip_prefix())? {
            return Ok(CodeOutcome::Network { until });
        }
        if tx.spend(&CODES, key)? != Spent::Allowed {
            return Ok(CodeOutcome::TooMany);
        }
        if CODE.check(tx, code_id, key, typed)? == CodeCheck::Right
            && let Some(found) = newest
            && let Some(token) = found.begin(tx)?
        {
            return Ok(CodeOutcome::Confirmed(token));
        }
        tx.remember_judged(&judged, CODES.within);
        wrong_code(tx, key)
    }

    fn begin(&self, tx: &mut Tx) -> QueryResult<Option<Token>> {
        let invited = Account::find(tx.db, self.account_id)?
            .is_some_and(|account| account.status == AccountStatus::Invited);
        let Some(next) = self.status.after(InvitationEvent::Confirmed).filter(|_| invited) else {
            return Ok(None);
        };
        let token = Token::random();
        let open = invitations::table
            .find(self.id)
            .filter(invitations::status.eq(self.status))
            .filter(invitations::expires_at.gt(tx.now));
        let changes = (
            invitations::status.eq(next),
            invitations::continuation_hash.eq(token.hash()),
            invitations::expires_at.eq(tx.now.after(STEPS_LIFETIME)),
        );
        if diesel::update(open).set(changes).execute(tx.db)? != 1 {
            return Ok(None);
        }
        CODE.forget(tx.db, self.code_id)?;
        Ok(Some(token))
    }

    /// Notes the consent and moves on. False when the invitation is at another step.
    pub fn agree(tx: &mut Tx, held: &Token, locale: Locale) -> QueryResult<bool> {
        let Some(found) = Invitation::at(tx, held, InvitationStatus::Privacy)? else { return Ok(false) };
        if !found.advance(tx.db, InvitationEvent::Agreed)? {
            return Ok(false);
        }
        // An invitation is a registration as far as consents go: ids of rows are never the same.
        let id = RegistrationId::from_i64(found.id.as_i64());
        consent::give(tx, id, ConsentKind::Privacy, locale)?;
        consent::hand_over(tx.db, id, found.account_id)?;
        Ok(true)
    }

    /// Keeps the password until the last step. False when the invitation is at another step.
    pub fn choose_password(tx: &mut Tx, held: &Token, password_hash: &str) -> QueryResult<bool> {
        let Some(found) = Invitation::at(tx, held, InvitationStatus::Password)? else { return Ok(false) };
        let sealed = tx.keys.seal(&found.password_aad(), password_hash.as_bytes());
        diesel::update(invitations::table.find(found.id))
            .set(invitations::password.eq(sealed))
            .execute(tx.db)?;
        found.advance(tx.db, InvitationEvent::PasswordChosen)
    }

    /// Makes the account its owner's: all of it or nothing.
    pub fn finish(tx: &mut Tx, held: &Token, request: &FinishRequest) -> QueryResult<FinishOutcome> {
        let Some(found) = Invitation::at(tx, held, InvitationStatus::Questions)? else {
            return Ok(FinishOutcome::WrongStep);
        };
        match tx.savepoint(|tx| found.settle(tx, request)) {
            Ok(Some(account)) => Ok(FinishOutcome::Account(Box::new(account))),
            Ok(None) => Ok(FinishOutcome::WrongStep),
            Err(error) if violates(&error, EMAIL_TAKEN) => Ok(FinishOutcome::AddressTaken),
            Err(error) => Err(error),
        }
    }

    fn settle(&self, tx: &mut Tx, request: &FinishRequest) -> QueryResult<Option<Account>> {
        let sealed = self.password.as_deref().unwrap_or_default();
        let opened = tx.keys.open_sealed(&self.password_aad(), sealed).ok();
        let Some(hash) = opened.and_then(|hash| String::from_utf8(hash.to_vec()).ok()) else {
            return Ok(None);
        };
        if !self.advance(tx.db, InvitationEvent::QuestionsChosen)? {
            return Ok(None);
        }
        let id = self.account_id;
        if !Account::activate(tx.db, tx.keys, id, &hash, request.locale)? {
            return Err(diesel::NotFound);
        }
        Account::set_email(tx.db, id, &self.email)?;
        security_question::store(tx, id, &request.hashed)?;
        promo_gift::give(tx.db, id, tx.now)?;
        tx.record(id, &REGISTERED, "")?;
        diesel::update(invitations::table.find(self.id))
            .set(invitations::password.eq(None::<Vec<u8>>))
            .execute(tx.db)?;
        use InvitationStatus::{Mailed, Password, Privacy, Questions};
        supersede(tx.db, id, &[Mailed, Privacy, Password, Questions])?;
        Account::find(tx.db, id)
    }

    /// One step on; false when somebody was first or the event does not belong here.
    fn advance(&self, db: &mut Db, event: InvitationEvent) -> QueryResult<bool> {
        let Some(next) = self.status.after(event) else { return Ok(false) };
        let here = invitations::table.find(self.id).filter(invitations::status.eq(self.status));
        Ok(diesel::update(here).set(invitations::status.eq(next)).execute(db)? == 1)
    }

    fn password_aad(&self) -> String {
        format!("invitations/{}/password", self.id.as_i64())
    }
}

/// A wrong code leaves what the address has left.
fn wrong_code(tx: &mut Tx, key: &str) -> QueryResult<CodeOutcome> {
    let (spent, _until) = tx.spent(&CODES, key)?;
    let left = i32::try_from(CODES.most.saturating_sub(spent)).unwrap_or(0);
    Ok(CodeOutcome::Refused(CodeCheck::wrong(left)))
}

/// Another one takes the place of those in these states.
fn supersede(db: &mut Db, account_id: AccountId, states: &[InvitationStatus]) -> QueryResult<()> {
    let open = invitations::table
        .filter(invitations::account_id.eq(account_id))
        .filter(invitations::status.eq_any(states));
    diesel::update(open).set(invitations::status.eq(InvitationStatus::Replaced)).execute(db)?;
    Ok(())
}

/// Deletes, a day after they ran out, invitations that are over, and passwords that nobody went on with. What an account waits
/// for stays: the address stands nowhere else.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let old = invitations::expires_at.lt(now.before(KEPT_AFTER));
    let ended = invitations::status.eq_any([InvitationStatus::Done, InvitationStatus::Replaced]);
    let over = invitations::table.filter(old).filter(ended).select(invitations::id).limit(PURGE_BATCH);
    let over: Vec<InvitationId> = over.load(db)?;
    diesel::delete(invitations::table.filter(invitations::id.eq_any(over))).execute(db)?;
    let begun = invitations::table.filter(old).filter(invitations::password.is_not_null());
    diesel::update(begun).set(invitations::password.eq(None::<Vec<u8>>)).execute(db)?;
    Ok(())
}
