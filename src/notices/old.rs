//! What messages were before rooms had their own, for callers that have not moved yet.

use std::time::Duration;

use diesel::result::QueryResult;

use super::content::Content;
use super::message::MessageArgs;
use super::number::MessageNumber;
use super::outbox::{self, Queued};
use super::recipient::Recipient;
use crate::base::{AccountId, Keys, Moment, hours, minutes};
use crate::db::Db;
use crate::texts::Locale;

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    Email,
    EmailRemoved,
    Phone,
    PhoneRemoved,
    Password,
    SmsSettings,
    PasswordReset,
    Questions,
    FactorOn,
    FactorOff,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    Device,
}

#[derive(Clone)]
pub struct Change {
    pub what: Changed,
    pub account: String,
    pub value: String,
    pub moment: String,
    pub address: String,
    pub left: i64,
    pub url: String,
}

/// What has happened to a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardEvent {
    Charged,
    Confirmed,
    Failed,
    Returned,
    Unbound,
    Expiring,
}

#[derive(Clone)]
pub struct CardNotice {
    pub what: CardEvent,
    pub account: String,
    pub card: String,
    pub sum: String,
    pub by: String,
    pub reason: String,
    pub url: String,
}

#[derive(Clone)]
pub struct MoneyStuck {
    pub account: String,
    pub card: String,
    pub sum: String,
    pub since: String,
    pub by: String,
    pub reason: String,
    pub url: String,
}

#[derive(Clone)]
pub enum Says {
    RegistrationCode { code: String },
    AlreadyRegistered { url: String },
    ConfirmEmail { account: String, url: String, code: String },
    AddressTaken { url: String },
    Unlock { url: String },
    Recovery { account: String, address: String, url: String, code: String },
    RecoveryCode { code: String },
    RecoveryByMail { url: String },
    Invite { account: String, url: String, page: String, code: String },
    AlreadyInvited { account: String, url: String },
    PhoneCode { code: String },
    PhoneTaken { url: String },
    Changed(Change),
    Card(CardNotice),
    MoneyStuck(MoneyStuck),
}

#[derive(Clone)]
pub struct Notice {
    pub to: Recipient,
    pub account_id: Option<i64>,
    pub locale: Locale,
    pub says: Says,
}

/// Puts a notice into the outbox, in the caller's transaction.
pub fn post(db: &mut Db, keys: &Keys, now: Moment, notice: &Notice) -> QueryResult<MessageNumber> {
    let (kind, lifetime) = notice.says.kind();
    let (url, code, args) = notice.says.parts();
    let verify_url = url.as_deref().and_then(|url| url::Url::parse(url).ok()?.join("/check").ok());
    let verify_url = verify_url.map(String::from).unwrap_or_default();
    let content = Content { to: notice.to.clone(), args, url, code, verify_url };
    let account_id = notice.account_id.map(AccountId::from_i64);
    let useful_until = now.after(lifetime);
    outbox::insert(db, keys, now, &Queued { account_id, locale: notice.locale, kind, useful_until, content })
}

impl Says {
    const fn kind(&self) -> (&'static str, Duration) {
        match self {
            Says::RegistrationCode { .. } => ("registration-code", minutes(10)),
            Says::AlreadyRegistered { .. } => ("already-registered", hours(72)),
            Says::ConfirmEmail { .. } => ("confirm-email", hours(24)),
            Says::AddressTaken { .. } => ("address-taken", hours(72)),
            Says::Unlock { .. } => ("unlock", minutes(30)),
            Says::Recovery { .. } => ("recovery", minutes(30)),
            Says::RecoveryCode { .. } => ("recovery-code", minutes(10)),
            Says::RecoveryByMail { .. } => ("recovery-by-mail", minutes(30)),
            Says::Invite { .. } => ("invite", hours(24)),
            Says::AlreadyInvited { .. } => ("already-invited", hours(72)),
            Says::PhoneCode { .. } => ("phone-code", minutes(10)),
            Says::PhoneTaken { .. } => ("phone-taken", hours(72)),
            Says::Changed(change) => (change.what.kind(), hours(72)),
            Says::Card(CardNotice { what: CardEvent::Charged, .. }) => ("card-charged", hours(24)),
            Says::Card(card) => (card.what.kind(), hours(72)),
            Says::MoneyStuck(_) => ("money-stuck", hours(72)),
        }
    }

    fn parts(&self) -> (Option<String>, Option<String>, MessageArgs) {
        let args = MessageArgs::new();
        let (url, code, args) = match self {
            Says::RegistrationCode { code } | Says::RecoveryCode { code } | Says::PhoneCode { code } => {
                return (None, Some(code.clone()), args);
            }
            Says::AlreadyRegistered { url }
            | Says::AddressTaken { url }
            | Says::Unlock { url }
            | Says::RecoveryByMail { url }
            | Says::PhoneTaken { url } => (url, None, args),
            Says::ConfirmEmail { account, url, code } => {
                (url, Some(code), args.with("number", account.as_str()))
            }
            Says::Recovery { account, address, url, code } => {
                (url, Some(code), args.with("number", account.as_str()).with("ip", address.as_str()))
            }
            Says::Invite { account, url, page, code } => {
                (url, Some(code), args.with("number", account.as_str()).with("page", page.as_str()))
            }
            Says::AlreadyInvited { account, url } => (url, None, args.with("number", account.as_str())),
            Says::Changed(Change { account, value, moment, address, left, url, .. }) => {
                let args = args.with("number", account.as_str()).with("value", value.as_str());
                let args = args.with("moment", moment.as_str()).with("ip", address.as_str());
                (url, None, args.with("left", *left))
            }
            Says::Card(CardNotice { account, card, sum, by, reason, url, .. }) => {
                let args = args.with("number", account.as_str()).with("card", card.as_str());
                let args = args.with("sum", sum.as_str()).with("by", by.as_str());
                (url, None, args.with("reason", reason.as_str()))
            }
            Says::MoneyStuck(MoneyStuck { account, card, sum, since, by, reason, url }) => {
                let args = args.with("number", account.as_str()).with("card", card.as_str());
                let args = args.with("sum", sum.as_str()).with("since", since.as_str());
                (url, None, args.with("by", by.as_str()).with("reason", reason.as_str()))
            }
        };
        (Some(url.clone()), code.cloned(), args)
    }
}

impl Changed {
    const fn kind(self) -> &'static str {
        match self {
            Changed::Email => "email-changed",
            Changed::EmailRemoved => "email-removed",
            Changed::Phone => "phone-changed",
            Changed::PhoneRemoved => "phone-removed",
            Changed::Password => "password-changed",
            Changed::SmsSettings => "sms-settings-changed",
            Changed::PasswordReset => "password-reset",
            Changed::Questions => "questions-changed",
            Changed::FactorOn => "factor-on",
            Changed::FactorOff => "factor-off",
            Changed::RecoveryCodesMade => "recovery-codes-made",
            Changed::RecoveryCodeUsed => "recovery-code-used",
            Changed::Device => "new-device",
        }
    }
}

impl CardEvent {
    const fn kind(self) -> &'static str {
        match self {
            CardEvent::Charged => "card-charged",
            CardEvent::Confirmed => "card-confirmed",
            CardEvent::Failed => "card-failed",
            CardEvent::Returned => "card-returned",
            CardEvent::Unbound => "card-unbound",
            CardEvent::Expiring => "card-expiring",
        }
    }
}
