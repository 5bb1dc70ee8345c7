//! Invitations: an account that is there before its owner (made by a first purchase, or for somebody who comes from the
//! marketplace), and the mailed link by which the owner takes it over: Confirm, Agree, a password, three questions.
//!
//! An address that has an account already is told so by mail; whoever invites learns no difference.

pub mod pages;
pub mod status;
pub mod steps;

use std::time::Duration;

use diesel::prelude::*;

use crate::access::invitation::status::{InvitationEvent, InvitationStatus};
use crate::accounts::account::{Account, AccountStatus, EMAIL_TAKEN};
use crate::accounts::consent::{self, Circumstances, ConsentKind, RegistrationId};
use crate::accounts::identifiers::email::Email;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::promo_gift;
use crate::base::{AccountId, Client, Keys, Moment, Purpose, Token, days, digits, hours, random_bytes, same};
use crate::credentials::question::{self, Hashed};
use crate::db::schema::{accounts, invitations};
use crate::db::{Db, taken};
use crate::limits::{self, Limit, Spent};
use crate::notices::{self, Notice, Says};
use crate::row_id;
use crate::texts::Locale;

row_id! {
    /// The row of one mailed invitation.
    InvitationId
}

pub const CODE_DIGITS: u32 = 6;
const LINK_LASTS: Duration = hours(24);
/// The time for the steps, from the button on.
const STEPS_LAST: Duration = hours(2);
/// The cookie outlives the steps.
pub const COOKIE_MINUTES: i64 = 180;
const MAILS: Limit = Limit { most: 5, within: hours(1) };
/// Codes are guessed at an address, whether anybody was invited there or not.
const CODES: Limit = Limit { most: 3, within: days(1) };
const CODES_PER_ASKER: Limit = Limit { most: 10, within: hours(1) };
const KEPT_AFTER: Duration = days(1);
const CLEANED_AT_ONCE: i64 = 1_000;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = invitations)]
pub struct Invitation {
    pub id: InvitationId,
    pub account_id: AccountId,
    pub status: InvitationStatus,
    /// As it was given.
    pub email: Email,
    nonce: Vec<u8>,
    password: Option<Vec<u8>>,
    expires_at: Moment,
}

/// What became of a wish to invite somebody: the same whether they have an account or not.
#[derive(Debug, PartialEq, Eq)]
pub enum Invited {
    Promised,
    Wait { until: Moment },
}

/// What became of a code that was typed.
#[derive(Debug)]
pub enum Judged {
    /// The browser goes on with this.
    Confirmed(Token),
    Missed {
        left: i64,
    },
    Wait {
        until: Moment,
    },
}

/// What became of the last step.
pub enum Finished {
    Account(Account),
    /// Another account has confirmed this address meanwhile.
    AddressTaken,
    /// The invitation is at another step.
    Elsewhere,
}

/// What the last step gives.
pub struct Ending {
    pub hashed: Hashed,
    pub locale: Locale,
    pub from: Client,
}

/// Promises the mail by which somebody takes over an account of their own, made here unless one waits for them. A newer mail takes
/// the place of the older.
pub fn invite(
    db: &mut Db,
    keys: &Keys,
    now: Moment,
    email: &Email,
    locale: Locale,
    link: &dyn Fn(&str) -> String,
) -> QueryResult<Invited> {
    if let Spent::Wait { until } =
        limits::spend(db, &counter(keys, "mails", email.key().as_str()), MAILS, now)?
    {
        return Ok(Invited::Wait { until });
    }
    if let Some(owner) = Account::email_owner(db, email)? {
        return match Account::find(db, owner)? {
            Some(account) => tell_owner(db, keys, now, &account, link),
            None => Ok(Invited::Promised),
        };
    }
    let account = match waiting(db, email)? {
        Some(account) => account,
        None => Account::invite(db, locale, now)?,
    };
    supersede(db, account.id, &[InvitationStatus::Mailed])?;
    let (token, nonce) = (Token::random(), random_bytes::<16>());
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(InvitationId::next()),
            invitations::account_id.eq(account.id),
            invitations::status.eq(InvitationStatus::Mailed),
            invitations::email.eq(email.as_str()),
            invitations::email_key.eq(email.key().as_str()),
            invitations::token_hash.eq(token.hash()),
            invitations::nonce.eq(nonce.as_slice()),
            invitations::expires_at.eq(now.after(LINK_LASTS)),
            invitations::created_at.eq(now),
        ))
        .execute(db)?;
    let says = Says::Invite {
        account: account.grouped_number(),
        url: link(&format!("/invitations/{}", token.as_str())),
        page: link("/invitation/code"),
        code: code(keys, account.id, &nonce),
    };
    let to = email.into();
    let notice = Notice { to, account_id: Some(account.id.as_i64()), locale, says };
    notices::post(db, keys, now, &notice)?;
    Ok(Invited::Promised)
}

fn tell_owner(
    db: &mut Db,
    keys: &Keys,
    now: Moment,
    account: &Account,
    link: &dyn Fn(&str) -> String,
) -> QueryResult<Invited> {
    let Some(email) = &account.email else { return Ok(Invited::Promised) };
    let says = Says::AlreadyInvited { account: account.grouped_number(), url: link("/sign-in") };
    let account_id = Some(account.id.as_i64());
    let notice = Notice { to: email.into(), account_id, locale: account.locale, says };
    notices::post(db, keys, now, &notice)?;
    Ok(Invited::Promised)
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
        let mine = invitations::table.filter(invitations::step_hash.eq(held.hash()));
        mine.select(Invitation::as_select()).first(db).optional()
    }

    fn at(
        db: &mut Db,
        held: &Token,
        status: InvitationStatus,
        now: Moment,
    ) -> QueryResult<Option<Invitation>> {
        Ok(Invitation::of_browser(db, held)?
            .filter(|found| found.status == status && !found.has_expired(now)))
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
    pub fn confirm(db: &mut Db, now: Moment, link: &Token) -> QueryResult<Option<Token>> {
        match Invitation::of_link(db, link)? {
            Some(found) => found.begin(db, now),
            None => Ok(None),
        }
    }

    /// Judges a code that was mailed to this address. The try is spent first, for addresses that nobody has invited as well.
    pub fn judge(
        db: &mut Db,
        keys: &Keys,
        now: Moment,
        email: &Email,
        typed: &str,
        asker: &str,
    ) -> QueryResult<Judged> {
        let key = email.key().as_str();
        for (counter, limit) in
            [(counter(keys, "asker", asker), CODES_PER_ASKER), (counter(keys, "codes", key), CODES)]
        {
            if let Spent::Wait { until } = limits::spend(db, &counter, limit, now)? {
                return Ok(Judged::Wait { until });
            }
        }
        let newest = invitations::table
            .filter(invitations::email_key.eq(key))
            .filter(invitations::status.eq(InvitationStatus::Mailed))
            .order(invitations::id.desc())
            .select(Invitation::as_select())
            .first(db)
            .optional()?;
        let right = newest
            .filter(|found| same(code(keys, found.account_id, &found.nonce).as_bytes(), typed.as_bytes()));
        if let Some(found) = right
            && let Some(token) = found.begin(db, now)?
        {
            return Ok(Judged::Confirmed(token));
        }
        let (spent, _until) = limits::count(db, &counter(keys, "codes", key), now)?;
        Ok(Judged::Missed { left: CODES.most.saturating_sub(spent) })
    }

    fn begin(&self, db: &mut Db, now: Moment) -> QueryResult<Option<Token>> {
        let invited = Account::find(db, self.account_id)?
            .is_some_and(|account| account.status == AccountStatus::Invited);
        let Some(next) = self.status.after(InvitationEvent::Confirmed).filter(|_| invited) else {
            return Ok(None);
        };
        let token = Token::random();
        let open = invitations::table
            .find(self.id)
            .filter(invitations::status.eq(self.status))
            .filter(invitations::expires_at.gt(now));
        let changes = (
            invitations::status.eq(next),
            invitations::step_hash.eq(token.hash()),
            invitations::expires_at.eq(now.after(STEPS_LAST)),
        );
        Ok((diesel::update(open).set(changes).execute(db)? == 1).then_some(token))
    }

    /// Notes the consent and moves on. False when the invitation is at another step.
    pub fn agree(db: &mut Db, held: &Token, of: &Circumstances, now: Moment) -> QueryResult<bool> {
        let Some(found) = Invitation::at(db, held, InvitationStatus::Privacy, now)? else { return Ok(false) };
        if !found.advance(db, InvitationEvent::Agreed)? {
            return Ok(false);
        }
        // An invitation is a registration as far as consents go: ids of rows are never the same.
        let id = RegistrationId::from_i64(found.id.as_i64());
        consent::give(db, id, ConsentKind::Privacy, of, now)?;
        consent::hand_over(db, id, found.account_id)?;
        Ok(true)
    }

    /// Keeps the password until the last step. False when the invitation is at another step.
    pub fn choose_password(
        db: &mut Db,
        keys: &Keys,
        held: &Token,
        phc: &str,
        now: Moment,
    ) -> QueryResult<bool> {
        let Some(found) = Invitation::at(db, held, InvitationStatus::Password, now)? else {
            return Ok(false);
        };
        let sealed = keys.seal(&found.password_place(), phc.as_bytes());
        diesel::update(invitations::table.find(found.id))
            .set(invitations::password.eq(sealed))
            .execute(db)?;
        found.advance(db, InvitationEvent::PasswordChosen)
    }

    /// Makes the account its owner's: all of it or nothing.
    pub fn finish(
        db: &mut Db,
        keys: &Keys,
        now: Moment,
        held: &Token,
        ending: &Ending,
    ) -> QueryResult<Finished> {
        let Some(found) = Invitation::at(db, held, InvitationStatus::Questions, now)? else {
            return Ok(Finished::Elsewhere);
        };
        match db.transaction(|db| found.settle(db, keys, now, ending)) {
            Ok(Some(account)) => Ok(Finished::Account(account)),
            Ok(None) => Ok(Finished::Elsewhere),
            Err(error) if taken(&error, EMAIL_TAKEN) => Ok(Finished::AddressTaken),
            Err(error) => Err(error),
        }
    }

    fn settle(&self, db: &mut Db, keys: &Keys, now: Moment, ending: &Ending) -> QueryResult<Option<Account>> {
        let sealed = self.password.as_deref().unwrap_or_default();
        let opened = keys.open_sealed(&self.password_place(), sealed).ok();
        let Some(phc) = opened.and_then(|phc| String::from_utf8(phc.to_vec()).ok()) else { return Ok(None) };
        if !self.advance(db, InvitationEvent::QuestionsChosen)? {
            return Ok(None);
        }
        if !Account::activate(db, keys, self.account_id, &phc, ending.locale)? {
            return Err(diesel::NotFound);
        }
        Account::set_email(db, self.account_id, &self.email)?;
        question::store(db, keys, self.account_id, &ending.hashed)?;
        promo_gift::give(db, self.account_id, now)?;
        journal::note(db, self.account_id, EventKind::Registered, "", &ending.from, now)?;
        diesel::update(invitations::table.find(self.id))
            .set(invitations::password.eq(None::<Vec<u8>>))
            .execute(db)?;
        use InvitationStatus::{Mailed, Password, Privacy, Questions};
        supersede(db, self.account_id, &[Mailed, Privacy, Password, Questions])?;
        Account::find(db, self.account_id)
    }

    /// One step on; false when somebody was first or the event does not belong here.
    fn advance(&self, db: &mut Db, event: InvitationEvent) -> QueryResult<bool> {
        let Some(next) = self.status.after(event) else { return Ok(false) };
        let here = invitations::table.find(self.id).filter(invitations::status.eq(self.status));
        Ok(diesel::update(here).set(invitations::status.eq(next)).execute(db)? == 1)
    }

    fn password_place(&self) -> String {
        format!("invitations/{}/password", self.id.as_i64())
    }
}

fn supersede(db: &mut Db, account_id: AccountId, states: &[InvitationStatus]) -> QueryResult<()> {
    for status in states {
        let Some(next) = status.after(InvitationEvent::Superseded) else { continue };
        let open = invitations::table
            .filter(invitations::account_id.eq(account_id))
            .filter(invitations::status.eq(status));
        diesel::update(open).set(invitations::status.eq(next)).execute(db)?;
    }
    Ok(())
}

/// Computed, never stored: whoever reads the database does not learn it.
fn code(keys: &Keys, account_id: AccountId, nonce: &[u8]) -> String {
    digits(
        keys.number(Purpose::Codes, &[b"invitation", &account_id.as_i64().to_be_bytes(), nonce]),
        CODE_DIGITS,
    )
}

fn counter(keys: &Keys, kind: &str, what: &str) -> String {
    format!(
        "invitation:{kind}:{}",
        keys.name(Purpose::Counters, &[b"invitation", kind.as_bytes(), what.as_bytes()])
    )
}

/// Deletes, a day after they ran out, invitations that are over, and passwords that nobody went on with. What an account waits
/// for stays: the address stands nowhere else.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    let old = invitations::expires_at.lt(now.before(KEPT_AFTER));
    let ended = invitations::status.eq_any([InvitationStatus::Done, InvitationStatus::Replaced]);
    let over = invitations::table.filter(old).filter(ended).select(invitations::id).limit(CLEANED_AT_ONCE);
    let over: Vec<InvitationId> = over.load(db)?;
    diesel::delete(invitations::table.filter(invitations::id.eq_any(over))).execute(db)?;
    let begun = invitations::table.filter(old).filter(invitations::password.is_not_null());
    diesel::update(begun).set(invitations::password.eq(None::<Vec<u8>>)).execute(db).map(|_rows| ())
}
