//! The way back into an account whose password is forgotten: something that reaches its owner (a mailed link with a code for
//! another browser; an SMS where there is no address), then the control questions, then a new password.
//!
//! Whoever asks learns nothing about whether there is an account: a row stands for every address, limits count what was typed,
//! and what would be posted for an account is posted for nobody as well and taken back.

pub mod pages;
pub mod restore;
pub mod status;
pub mod steps;

use std::time::Duration;

use diesel::prelude::*;
use diesel::result::Error;

use crate::access::recovery::status::{RecoveryEvent, RecoveryStatus};
use crate::accounts::account::{Account, AccountStatus};
use crate::accounts::identifiers::email::Email;
use crate::accounts::identifiers::login_name::LoginName;
use crate::accounts::identifiers::phone::Phone;
use crate::accounts::journal::{self, EventKind};
use crate::accounts::sms_limits::{self, Allowance, Sending};
use crate::base::{
    AccountId, Client, Keys, Moment, Purpose, Token, days, digits, hours, minutes, random_bytes, same,
};
use crate::credentials::security_question::Asked;
use crate::db::Db;
use crate::db::schema::recoveries;
use crate::limits::{self, Limit, Spent};
use crate::notices::{self, Channel, MessageNumber, Notice, Says, To};
use crate::row_id;
use crate::texts::Locale;

row_id! {
    /// The row of one way back in.
    RecoveryId
}

pub const MAIL_DIGITS: u32 = 6;
pub const SMS_DIGITS: u32 = 4;
const LINK_LASTS: Duration = minutes(30);
const SMS_CODE_LASTS: Duration = minutes(5);
/// The time for questions and password, from the link or code on.
const STEPS_LAST: Duration = minutes(30);
/// Cookies outlive both.
pub const COOKIE_MINUTES: i64 = 60;
const TRIES: i32 = 3;
const PER_ADDRESS: Limit = Limit { most: 3, within: hours(1) };
const PER_ASKER: Limit = Limit { most: 10, within: hours(1) };
const KEPT_AFTER: Duration = days(1);
const REFERENCE_KEPT: Duration = days(30);
const CLEANED_AT_ONCE: i64 = 1_000;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = recoveries)]
pub struct Recovery {
    pub id: RecoveryId,
    token_hash: String,
    asker_hash: String,
    pub status: RecoveryStatus,
    pub channel: Channel,
    pub account_id: Option<AccountId>,
    nonce: Vec<u8>,
    pub tries_left: i32,
    pub answers_left: i32,
    /// What support asks for.
    pub reference: Option<String>,
    expires_at: Moment,
}

/// What a browser holds of a way back in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// It asked, and may type the code.
    Asker,
    /// It has opened the mailed link.
    Link,
    /// It has used the link or code up, and goes on.
    Walker,
}

/// What was typed to find the account by.
#[derive(Clone)]
pub enum Target {
    Mail(Email),
    Phone(Phone),
}

/// Somebody who has forgotten a password, as limits count them.
#[derive(Clone)]
pub struct Asking {
    pub target: Target,
    pub locale: Locale,
    pub from: Client,
    pub address_unit: String,
    pub neighbourhood: String,
}

/// What became of a wish to get back in: the same for every address.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    Promised,
    /// Nothing was sent; it may be tried again then. `key` is the sentence that says why; its argument is `time`.
    Wait {
        until: Moment,
        key: &'static str,
    },
}

/// A link or code that came back: what the browser goes on with, and to which step.
#[derive(Debug)]
pub struct Proved {
    pub token: Token,
    pub next: RecoveryStatus,
}

/// What became of a code that was typed.
#[derive(Debug)]
pub enum Judged {
    Proved(Proved),
    Missed { left: i32 },
    Spent,
    Elsewhere,
}

/// Begins a way back in and promises what belongs to it.
pub fn ask(
    db: &mut Db,
    keys: &Keys,
    now: Moment,
    asker: &Token,
    asking: &Asking,
    link: &dyn Fn(&str) -> String,
) -> QueryResult<Begun> {
    if let Some(wait) = spend(db, keys, now, asking)? {
        return Ok(wait);
    }
    let (name, channel, lasts) = match &asking.target {
        Target::Mail(email) => (
            LoginName { email: Some(email.key().clone()), ..LoginName::default() },
            Channel::Mail,
            LINK_LASTS,
        ),
        Target::Phone(phone) => {
            (LoginName { phone: Some(phone.clone()), ..LoginName::default() }, Channel::Sms, SMS_CODE_LASTS)
        }
    };
    let account = Account::named(db, &name)?.filter(|account| account.status == AccountStatus::Active);
    // An account that has an address is restored by it: its SMS says so, and has no code.
    let restored = account.as_ref().filter(|account| channel == Channel::Mail || account.email.is_none());
    supersede(db, restored.map(|account| account.id), &[RecoveryStatus::Asked])?;
    let (id, token, nonce) = (RecoveryId::next(), Token::random(), random_bytes::<16>());
    diesel::insert_into(recoveries::table)
        .values((
            recoveries::id.eq(id),
            recoveries::token_hash.eq(token.hash()),
            recoveries::asker_hash.eq(asker.hash()),
            recoveries::status.eq(RecoveryStatus::Asked),
            recoveries::channel.eq(channel),
            recoveries::account_id.eq(restored.map(|account| account.id)),
            recoveries::nonce.eq(nonce.as_slice()),
            recoveries::tries_left.eq(TRIES),
            recoveries::answers_left.eq(TRIES),
            recoveries::expires_at.eq(now.after(lasts)),
            recoveries::created_at.eq(now),
        ))
        .execute(db)?;
    let says = match channel {
        Channel::Mail => Says::Recovery {
            account: account.as_ref().map_or_else(String::new, Account::grouped_number),
            address: asking.from.ip.clone(),
            url: link(&format!("/recovery/links/{}", token.as_str())),
            code: code(keys, id, &nonce, channel),
        },
        Channel::Sms if account.is_some() && restored.is_none() => {
            Says::RecoveryByMail { url: link("/recovery") }
        }
        Channel::Sms => Says::RecoveryCode { code: code(keys, id, &nonce, channel) },
    };
    match account {
        Some(account) => promise(db, keys, now, &account, asking, says)?,
        None => promise_to_nobody(db, keys, now, asking, says)?,
    }
    Ok(Begun::Promised)
}

/// Spends what is asked for, wherever it counts. What to answer when that is too much; None when it may go on.
fn spend(db: &mut Db, keys: &Keys, now: Moment, asking: &Asking) -> QueryResult<Option<Begun>> {
    let wait = |spent: Spent| match spent {
        Spent::Allowed => None,
        Spent::Wait { until } => Some(Begun::Wait { until, key: "recovery-wait" }),
    };
    let asker = counter(keys, "asker", asking.address_unit.as_bytes());
    let most = limits::spend(db, &asker, PER_ASKER, now)?;
    match &asking.target {
        _ if most != Spent::Allowed => Ok(wait(most)),
        Target::Mail(email) => {
            let address = counter(keys, "mail", email.key().as_str().as_bytes());
            limits::spend(db, &address, PER_ADDRESS, now).map(wait)
        }
        Target::Phone(phone) => {
            let sending =
                Sending { phone, address_unit: &asking.address_unit, neighbourhood: &asking.neighbourhood };
            Ok(match sms_limits::spend(db, keys, now, &sending)? {
                Allowance::Granted { .. } => None,
                Allowance::Refused { until, why } => Some(Begun::Wait { until, key: why.key() }),
            })
        }
    }
}

fn promise(
    db: &mut Db,
    keys: &Keys,
    now: Moment,
    account: &Account,
    asking: &Asking,
    says: Says,
) -> QueryResult<()> {
    // To the address as it is stored, never as it was typed.
    let to = match (&asking.target, &account.email, &account.phone) {
        (Target::Mail(_), Some(email), _) => To::Mail(email.clone()),
        (Target::Phone(_), _, Some(phone)) => To::Phone(phone.clone()),
        _ => return Ok(()),
    };
    let notice = Notice { to, account_id: Some(account.id.as_i64()), locale: account.locale, says };
    notices::post(db, keys, now, &notice)?;
    journal::note(db, account.id, EventKind::RecoveryAsked, "", &asking.from, now)
}

/// The work of a promise and no promise: how long the answer takes shall not tell an account from none.
fn promise_to_nobody(db: &mut Db, keys: &Keys, now: Moment, asking: &Asking, says: Says) -> QueryResult<()> {
    let to = match &asking.target {
        Target::Mail(email) => To::Mail(email.as_str().to_owned()),
        Target::Phone(phone) => To::Phone(phone.as_str().to_owned()),
    };
    let notice = Notice { to, account_id: None, locale: asking.locale, says };
    let taken_back = db.transaction(|db| {
        notices::post(db, keys, now, &notice)?;
        limits::spend(db, &counter(keys, "nobody", &random_bytes::<16>()), PER_ADDRESS, now)?;
        Err::<(), _>(Error::RollbackTransaction)
    });
    match taken_back {
        Err(Error::RollbackTransaction) => Ok(()),
        other => other,
    }
}

impl Recovery {
    /// What a browser's cookie leads to, and what it is.
    pub fn find(db: &mut Db, held: &Token) -> QueryResult<Option<(Recovery, Hand)>> {
        let hash = held.hash();
        let mine = recoveries::token_hash
            .eq(&hash)
            .or(recoveries::asker_hash.eq(&hash))
            .or(recoveries::step_hash.is_not_null().and(recoveries::step_hash.eq(&hash)));
        let found =
            recoveries::table.filter(mine).select(Recovery::as_select()).first::<Recovery>(db).optional()?;
        Ok(found.map(|found| {
            let hand = if found.token_hash == hash {
                Hand::Link
            } else if found.asker_hash == hash {
                Hand::Asker
            } else {
                Hand::Walker
            };
            (found, hand)
        }))
    }

    /// The row, when this browser holds it so and it waits for that.
    pub(crate) fn at(
        db: &mut Db,
        held: &Token,
        hand: Hand,
        status: RecoveryStatus,
        now: Moment,
    ) -> QueryResult<Option<Recovery>> {
        let found = Recovery::find(db, held)?;
        Ok(found
            .filter(|(found, is)| *is == hand && found.status == status && !found.has_expired(now))
            .map(|(found, _)| found))
    }

    pub fn has_expired(&self, now: Moment) -> bool {
        self.expires_at <= now
    }

    pub fn code_digits(&self) -> u32 {
        code_digits(self.channel)
    }

    /// The button of the mailed link: one press wins. None when somebody was first.
    pub fn follow(
        db: &mut Db,
        keys: &Keys,
        now: Moment,
        link: &Token,
        from: &Client,
    ) -> QueryResult<Option<Proved>> {
        match Recovery::at(db, link, Hand::Link, RecoveryStatus::Asked, now)? {
            Some(found) if found.channel == Channel::Mail => found.prove(db, keys, now, from),
            _ => Ok(None),
        }
    }

    /// Judges a code, typed in the browser that asked. The try is spent before it is looked at.
    pub fn judge(
        db: &mut Db,
        keys: &Keys,
        now: Moment,
        asker: &Token,
        typed: &str,
        from: &Client,
    ) -> QueryResult<Judged> {
        let Some(found) = Recovery::at(db, asker, Hand::Asker, RecoveryStatus::Asked, now)? else {
            return Ok(Judged::Elsewhere);
        };
        let open = recoveries::table
            .find(found.id)
            .filter(recoveries::status.eq(found.status))
            .filter(recoveries::tries_left.gt(0));
        if diesel::update(open).set(recoveries::tries_left.eq(recoveries::tries_left - 1)).execute(db)? != 1 {
            return Ok(Judged::Spent);
        }
        let right = same(code(keys, found.id, &found.nonce, found.channel).as_bytes(), typed.as_bytes());
        if right && let Some(proved) = found.prove(db, keys, now, from)? {
            return Ok(Judged::Proved(proved));
        }
        Ok(match found.tries_left - 1 {
            0 => Judged::Spent,
            left => Judged::Missed { left },
        })
    }

    /// Uses the link and the code up, and says what comes next.
    fn prove(&self, db: &mut Db, keys: &Keys, now: Moment, from: &Client) -> QueryResult<Option<Proved>> {
        let Some(account) = self.account(db)? else { return Ok(None) };
        let event = match (Asked::of(db, keys, account.id)?, self.channel) {
            (Some(_), _) => RecoveryEvent::ProvedWithQuestions,
            (None, Channel::Mail) => RecoveryEvent::ProvedByMail,
            (None, Channel::Sms) => RecoveryEvent::ProvedBySms,
        };
        let Some(next) = self.status.after(event) else { return Ok(None) };
        let token = Token::random();
        let reference =
            (next == RecoveryStatus::Support).then(|| MessageNumber::random().as_str().to_owned());
        let changes = (
            recoveries::status.eq(next),
            recoveries::step_hash.eq(token.hash()),
            recoveries::reference.eq(&reference),
            recoveries::expires_at.eq(now.after(STEPS_LAST)),
        );
        let here = recoveries::table.find(self.id).filter(recoveries::status.eq(self.status));
        if diesel::update(here).set(changes).execute(db)? != 1 {
            return Ok(None);
        }
        if self.channel == Channel::Sms {
            sms_limits::count_confirmed(db, now)?;
        }
        if let Some(reference) = reference {
            journal::note(db, account.id, EventKind::RecoveryAsked, &reference, from, now)?;
        }
        Ok(Some(Proved { token, next }))
    }

    /// The account, while it may be used.
    pub fn account(&self, db: &mut Db) -> QueryResult<Option<Account>> {
        let Some(id) = self.account_id else { return Ok(None) };
        Ok(Account::find(db, id)?.filter(|account| account.status == AccountStatus::Active))
    }

    /// One step on; false when somebody was first or the event does not belong here.
    pub(crate) fn advance(&self, db: &mut Db, event: RecoveryEvent) -> QueryResult<bool> {
        let Some(next) = self.status.after(event) else { return Ok(false) };
        let here = recoveries::table.find(self.id).filter(recoveries::status.eq(self.status));
        Ok(diesel::update(here).set(recoveries::status.eq(next)).execute(db)? == 1)
    }
}

fn supersede(db: &mut Db, account_id: Option<AccountId>, states: &[RecoveryStatus]) -> QueryResult<()> {
    // Nobody's id is 0: for an unknown address the same is done to no row.
    let account_id = account_id.unwrap_or(AccountId::from_i64(0));
    for status in states {
        let Some(next) = status.after(RecoveryEvent::Superseded) else { continue };
        let open = recoveries::table
            .filter(recoveries::account_id.eq(account_id))
            .filter(recoveries::status.eq(status));
        diesel::update(open).set(recoveries::status.eq(next)).execute(db)?;
    }
    Ok(())
}

const fn code_digits(channel: Channel) -> u32 {
    match channel {
        Channel::Mail => MAIL_DIGITS,
        Channel::Sms => SMS_DIGITS,
    }
}

/// Computed, never stored: whoever reads the database does not learn it.
fn code(keys: &Keys, id: RecoveryId, nonce: &[u8], channel: Channel) -> String {
    digits(
        keys.number(Purpose::Codes, &[b"recovery", &id.as_i64().to_be_bytes(), nonce]),
        code_digits(channel),
    )
}

pub(crate) fn counter(keys: &Keys, kind: &str, what: &[u8]) -> String {
    format!("recovery:{kind}:{}", keys.name(Purpose::Counters, &[b"recovery", kind.as_bytes(), what]))
}

/// Deletes what ran out a day ago, and references after a month.
pub fn clean(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over: Vec<RecoveryId> = recoveries::table
        .filter(recoveries::expires_at.lt(now.before(KEPT_AFTER)))
        .filter(recoveries::reference.is_null().or(recoveries::expires_at.lt(now.before(REFERENCE_KEPT))))
        .select(recoveries::id)
        .limit(CLEANED_AT_ONCE)
        .load(db)?;
    diesel::delete(recoveries::table.filter(recoveries::id.eq_any(over))).execute(db).map(|_rows| ())
}
