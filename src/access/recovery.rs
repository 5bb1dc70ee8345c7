//! The way back into an account whose password is forgotten: something that reaches its owner (a mailed link with a code for
//! another browser; an SMS where there is no address), then the security questions, then a new password.
//!
//! Whoever asks learns nothing about whether there is an account: a row stands for every address, limits count what was typed,
//! and what would be posted for an account is posted for nobody as well and taken back.

pub mod pages;
pub mod restore;
pub mod status;
pub mod steps;

use std::time::Duration;

use diesel::prelude::*;

use crate::access::events::RECOVERY_ASKED;
use crate::access::messages;
use crate::access::recovery::status::{RecoveryEvent, RecoveryStatus};
use crate::accounts::account::Account;
use crate::accounts::identifiers::email::Email;
use crate::accounts::identifiers::login_name::LoginName;
use crate::accounts::identifiers::phone::Phone;
use crate::base::{AccountId, Keys, Moment, Purpose, Token, days, hours, minutes};
use crate::config::LimitMode;
use crate::credentials::security_question::SecurityQuestions;
use crate::db::schema::{one_time_codes, recoveries};
use crate::db::{Db, Tx};
use crate::limits::{Declared, Per, RateLimit, Spent};
use crate::notices::{Channel, Message, MessageNumber};
use crate::one_time_code::{CodeCheck, CodeId, CodeKind, OneTimeCode, sms_limits};
use crate::row_id;
use crate::texts::Locale;

row_id! {
    /// The row of one way back in.
    RecoveryId
}

/// The code beside the mailed link lives as long as the link.
const MAIL_CODE: CodeKind =
    CodeKind { purpose: "recovery by mail", digits: 6, lifetime: minutes(30), tries: 3 };
const SMS_CODE: CodeKind = CodeKind { purpose: "recovery by SMS", digits: 4, lifetime: minutes(5), tries: 3 };
/// The time for questions and password, from the link or code on.
const STEPS_LIFETIME: Duration = minutes(30);
/// Cookies outlive both.
pub const COOKIE_MINUTES: i64 = 60;
/// Tries at the questions.
const ANSWER_TRIES: i32 = 3;
const MAILS: RateLimit = RateLimit::new("recovery.mails", Per::Email, 3, hours(1));
const REQUESTS: RateLimit = RateLimit::new("recovery.requests", Per::IpPrefix, 10, hours(1));
/// Tries at the questions of an account, whatever the links.
const ANSWERS: RateLimit = RateLimit::new("recovery.answers", Per::Account, 10, days(1));
pub const LIMITS: &[Declared] = &[MAILS.declared(), REQUESTS.declared(), ANSWERS.declared()];
const KEPT_AFTER: Duration = days(1);
const REFERENCE_KEPT: Duration = days(30);
const PURGE_BATCH: i64 = 1_000;

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = recoveries)]
pub struct Recovery {
    pub id: RecoveryId,
    token_hash: String,
    requester_hash: String,
    pub status: RecoveryStatus,
    pub channel: Channel,
    pub account_id: Option<AccountId>,
    code_id: CodeId,
    pub answers_left: i32,
    /// What support asks for.
    pub reference: Option<String>,
    asked_for: String,
    typed: Vec<u8>,
    expires_at: Moment,
    /// None once the link or code was used.
    #[diesel(embed)]
    pub code: Option<OneTimeCode>,
}

/// What a browser holds of a way back in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRole {
    /// It asked, and may type the code.
    Requester,
    /// It has opened the mailed link.
    MailedLink,
    /// It has used the link or code up, and goes on.
    Continuing,
}

/// What was typed to find the account by.
#[derive(Clone)]
pub enum Target {
    Mail(Email),
    Phone(Phone),
}

impl Target {
    /// Tells whether the same is asked for once more, and nothing of what was typed.
    fn hash(&self, keys: &Keys) -> String {
        let typed = match self {
            Target::Mail(email) => email.key().as_str(),
            Target::Phone(phone) => phone.as_str(),
        };
        keys.keyed_hash(Purpose::Codes, &[b"recovery", typed.as_bytes()])
    }

    /// As whoever has typed it reads it.
    pub fn shown(&self) -> String {
        match self {
            Target::Mail(email) => email.as_str().to_owned(),
            Target::Phone(phone) => phone.spaced(),
        }
    }
}

/// Nothing was sent; it may be tried again then. `key` is the sentence that says why; its argument is `time`.
#[derive(Debug, PartialEq, Eq)]
pub struct Denied {
    pub until: Moment,
    pub key: &'static str,
}

/// A link or code that came back: what the browser goes on with, and to which step.
#[derive(Debug)]
pub struct Verified {
    pub token: Token,
    pub next: RecoveryStatus,
}

fn aad(id: RecoveryId) -> String {
    format!("recoveries {} typed", id.as_i64())
}

/// Begins a way back in and promises what belongs to it: the same for every address. `wanted` is the page of ours that its browser was going
/// to, or nothing.
pub fn begin(
    tx: &mut Tx,
    requester: &Token,
    target: &Target,
    wanted: &str,
    locale: Locale,
) -> QueryResult<Result<(), Denied>> {
    if let Some(denied) = spend(tx, target)? {
        return Ok(Err(denied));
    }
    let (mut login, mut channel) = (LoginName::default(), Channel::Mail);
    match target {
        Target::Mail(email) => login.email = Some(email.key().clone()),
        Target::Phone(phone) => (login.phone, channel) = (Some(phone.clone()), Channel::Sms),
    }
    let account = Account::find_by_login(tx.db, &login)?.filter(Account::is_active);
    // An account that has an address is restored by it: its SMS says so, and has no code.
    let restored = account.as_ref().filter(|account| channel == Channel::Mail || account.email.is_none());
    let asked_for = target.hash(tx.keys);
    supersede_requested(tx.db, &asked_for)?;
    let (token, kind) = (Token::random(), code_kind(channel));
    let code = kind.create(tx, tx.now)?;
    let id = RecoveryId::next();
    diesel::insert_into(recoveries::table)
        .values((
            recoveries::id.eq(id),
            recoveries::typed.eq(tx.keys.seal(&aad(id), format!("{}\n{wanted}", target.shown()).as_bytes())),
            recoveries::token_hash.eq(token.hash()),
            recoveries::requester_hash.eq(requester.hash()),
            recoveries::status.eq(RecoveryStatus::Asked),
            recoveries::channel.eq(channel),
            recoveries::account_id.eq(restored.map(|account| account.id)),
            recoveries::code_id.eq(code.id),
            recoveries::answers_left.eq(ANSWER_TRIES),
            recoveries::asked_for.eq(&asked_for),
            recoveries::expires_at.eq(code.expires_at),
            recoveries::created_at.eq(tx.now),
        ))
        .execute(tx.db)?;
    let text = kind.text(tx.keys, &code, &requester.hash());
    let has_email = account.is_some() && restored.is_none();
    let message = match channel {
        Channel::Mail => messages::recovery(&token, text),
        Channel::Sms if has_email => messages::recovery_by_mail(),
        Channel::Sms => messages::recovery_code(text),
    };
    queue(tx, account.as_ref(), target, locale, &message)?;
    Ok(Ok(()))
}

/// Spends what is asked for, wherever it counts. What to answer when that is too much; None when it may go on.
fn spend(tx: &mut Tx, target: &Target) -> QueryResult<Option<Denied>> {
    if tx.limits.codes == LimitMode::Strict
        && let Spent::Wait { until } = tx.spend(&REQUESTS, &tx.client.ip_prefix())?
    {
        return Ok(Some(Denied { until, key: "recovery-network" }));
    }
    Ok(match target {
        Target::Mail(email) => match tx.spend(&MAILS, email.key().as_str())? {
            Spent::Allowed => None,
            Spent::Wait { until } => Some(Denied { until, key: "recovery-wait" }),
        },
        Target::Phone(phone) => tx.spend_sms(phone)?.err().map(|denied| {
            let key = match denied {
                sms_limits::Denied::Network { .. } => "recovery-sms-network",
                other => other.key(),
            };
            Denied { until: denied.until(), key }
        }),
    })
}

/// The message, to the address as it is stored, never as it was typed; for nobody, the same work.
fn queue(
    tx: &mut Tx,
    account: Option<&Account>,
    target: &Target,
    locale: Locale,
    message: &impl Message,
) -> QueryResult<()> {
    let Some(account) = account else {
        let to = match target {
            Target::Mail(email) => email.into(),
            Target::Phone(phone) => phone.into(),
        };
        return tx.queue_decoy(to, locale, message);
    };
    let to = match (target, &account.email, &account.phone) {
        (Target::Mail(_), Some(email), _) => email.into(),
        (Target::Phone(_), _, Some(phone)) => phone.into(),
        _ => return Ok(()),
    };
    tx.queue_for_owner(to, account, message)?;
    tx.record(account.id, &RECOVERY_ASKED, "")
}

impl Recovery {
    /// What a browser's cookie leads to, and what it is.
    pub fn find(db: &mut Db, held: &Token) -> QueryResult<Option<(Recovery, TokenRole)>> {
        let hash = held.hash();
        let mine = recoveries::token_hash
            .eq(&hash)
            .or(recoveries::requester_hash.eq(&hash))
            .or(recoveries::continuation_hash.is_not_null().and(recoveries::continuation_hash.eq(&hash)));
        let found = recoveries::table
            .left_join(one_time_codes::table.on(one_time_codes::id.eq(recoveries::code_id)))
            .filter(mine)
            .select(Recovery::as_select())
            .first::<Recovery>(db)
            .optional()?;
        Ok(found.map(|found| {
            let role = if found.token_hash == hash {
                TokenRole::MailedLink
            } else if found.requester_hash == hash {
                TokenRole::Requester
            } else {
                TokenRole::Continuing
            };
            (found, role)
        }))
    }

    /// The row, when this browser holds it so and it waits for that.
    pub(crate) fn at(
        tx: &mut Tx,
        held: &Token,
        role: TokenRole,
        status: RecoveryStatus,
    ) -> QueryResult<Option<Recovery>> {
        let found = Recovery::find(tx.db, held)?;
        Ok(found
            .filter(|(found, is)| *is == role && found.status == status && !found.has_expired(tx.now))
            .map(|(found, _)| found))
    }

    /// What was typed, for the browser that asked, whether there is such an account or not; empty when the keys are others.
    pub fn shown(&self, keys: &Keys) -> String {
        self.kept(keys).0
    }

    /// The page that the browser was going to when its owner had forgotten the password; empty where there was none.
    pub fn wanted(&self, keys: &Keys) -> String {
        self.kept(keys).1
    }

    fn kept(&self, keys: &Keys) -> (String, String) {
        let opened = keys.open_sealed(&aad(self.id), &self.typed).ok();
        let text = opened.and_then(|kept| String::from_utf8(kept.to_vec()).ok()).unwrap_or_default();
        let (typed, wanted) = text.split_once('\n').unwrap_or((&text, ""));
        (typed.to_owned(), wanted.to_owned())
    }

    pub fn has_expired(&self, now: Moment) -> bool {
        self.expires_at <= now
    }

    /// Whether the browser that holds this has asked for the same and waits for it.
    pub fn is_waiting(tx: &mut Tx, held: &Token, target: &Target) -> QueryResult<bool> {
        let found = Recovery::at(tx, held, TokenRole::Requester, RecoveryStatus::Asked)?;
        Ok(found.is_some_and(|found| found.asked_for == target.hash(tx.keys)))
    }

    pub fn code_digits(&self) -> u32 {
        code_kind(self.channel).digits
    }

    /// The button of the mailed link: one press wins. None when somebody was first.
    pub fn follow(tx: &mut Tx, link: &Token) -> QueryResult<Option<Verified>> {
        match Recovery::at(tx, link, TokenRole::MailedLink, RecoveryStatus::Asked)? {
            Some(found) if found.channel == Channel::Mail => found.verify(tx),
            _ => Ok(None),
        }
    }

    /// Checks a code, typed in the browser that asked; of one that lets nobody on, what it was.
    pub fn check(tx: &mut Tx, requester: &Token, typed: &str) -> QueryResult<Result<Verified, CodeCheck>> {
        let Some(found) = Recovery::at(tx, requester, TokenRole::Requester, RecoveryStatus::Asked)? else {
            return Ok(Err(CodeCheck::WrongStep));
        };
        let kind = code_kind(found.channel);
        // The row does not keep what was typed: its code is bound to the browser that asked.
        let checked = kind.check(tx, found.code_id, &found.requester_hash, typed)?;
        if checked != CodeCheck::Right {
            return Ok(Err(checked));
        }
        match found.verify(tx)? {
            Some(verified) => Ok(Ok(verified)),
            None => kind.counts_as_wrong(tx, found.code_id, typed).map(Err),
        }
    }

    /// Uses the link and the code up, and says what comes next.
    fn verify(&self, tx: &mut Tx) -> QueryResult<Option<Verified>> {
        let Some(account) = self.account(tx.db)? else { return Ok(None) };
        let event = match (SecurityQuestions::of(tx.db, tx.keys, account.id)?, self.channel) {
            (Some(_), _) => RecoveryEvent::VerifiedWithQuestions,
            (None, Channel::Mail) => RecoveryEvent::VerifiedByMail,
            (None, Channel::Sms) => RecoveryEvent::VerifiedBySms,
        };
        let Some(next) = self.status.after(event) else { return Ok(None) };
        let token = Token::random();
        let reference =
            (next == RecoveryStatus::Support).then(|| MessageNumber::random().as_str().to_owned());
        let changes = (
            recoveries::status.eq(next),
            recoveries::continuation_hash.eq(token.hash()),
            recoveries::reference.eq(&reference),
            recoveries::expires_at.eq(tx.now.after(STEPS_LIFETIME)),
        );
        let here = recoveries::table.find(self.id).filter(recoveries::status.eq(self.status));
        if diesel::update(here).set(changes).execute(tx.db)? != 1 {
            return Ok(None);
        }
        code_kind(self.channel).forget(tx.db, self.code_id)?;
        if self.channel == Channel::Sms {
            sms_limits::count_confirmed(tx)?;
        }
        if let Some(reference) = reference {
            tx.record(account.id, &RECOVERY_ASKED, &reference)?;
        }
        Ok(Some(Verified { token, next }))
    }

    /// The account, while it may be used.
    pub fn account(&self, db: &mut Db) -> QueryResult<Option<Account>> {
        let Some(id) = self.account_id else { return Ok(None) };
        Ok(Account::find(db, id)?.filter(Account::is_active))
    }

    /// One step on; false when somebody was first or the event does not belong here.
    pub(crate) fn advance(&self, db: &mut Db, event: RecoveryEvent) -> QueryResult<bool> {
        let Some(next) = self.status.after(event) else { return Ok(false) };
        let here = recoveries::table.find(self.id).filter(recoveries::status.eq(self.status));
        Ok(diesel::update(here).set(recoveries::status.eq(next)).execute(db)? == 1)
    }
}

/// Another one takes the place of those that nobody has come back to, whether or not there is such an account: whoever asks in two
/// browsers sees the same in both cases.
fn supersede_requested(db: &mut Db, asked_for: &str) -> QueryResult<()> {
    let open = recoveries::table
        .filter(recoveries::asked_for.eq(asked_for))
        .filter(recoveries::status.eq(RecoveryStatus::Asked));
    diesel::update(open).set(recoveries::status.eq(RecoveryStatus::Replaced)).execute(db)?;
    Ok(())
}

const fn code_kind(channel: Channel) -> CodeKind {
    match channel {
        Channel::Mail => MAIL_CODE,
        Channel::Sms => SMS_CODE,
    }
}

/// Deletes what ran out a day ago, and references after a month.
pub fn delete_expired(db: &mut Db, now: Moment) -> QueryResult<()> {
    let over: Vec<RecoveryId> = recoveries::table
        .filter(recoveries::expires_at.lt(now.before(KEPT_AFTER)))
        .filter(recoveries::reference.is_null().or(recoveries::expires_at.lt(now.before(REFERENCE_KEPT))))
        .select(recoveries::id)
        .limit(PURGE_BATCH)
        .load(db)?;
    diesel::delete(recoveries::table.filter(recoveries::id.eq_any(over))).execute(db)?;
    Ok(())
}
