//! A notice: what is to be told to whom. Here it becomes an SMS or a mail in the reader's language.

use serde::{Deserialize, Serialize};

use super::card_news::{CardEvent, CardNotice, MoneyStuck};
use super::change::Change;
use super::letter::mail;
use super::number::MessageNumber;
use crate::base::{Moment, has_unseen};
use crate::row_id;
use crate::text_enum;
use crate::texts::{Args, FluentValue, Locale, words_with};

row_id! {
    /// A row of the outbox. The world sees the message number instead.
    OutboxId
}

text_enum! {
    /// How a message travels.
    Channel { Mail => "mail", Sms => "sms" }
}

text_enum! {
    /// What a message is about.
    Kind {
        RegistrationCode => "registration-code",
        AlreadyRegistered => "already-registered",
        ConfirmEmail => "confirm-email",
        AddressTaken => "address-taken",
        Unlock => "unlock",
        NewDevice => "new-device",
        CardCharged => "card-charged",
        CardConfirmed => "card-confirmed",
        CardFailed => "card-failed",
        CardReturned => "card-returned",
        CardUnbound => "card-unbound",
        CardExpiring => "card-expiring",
        MoneyStuck => "money-stuck",
        FactorOn => "factor-on",
        FactorOff => "factor-off",
        RecoveryCodesMade => "recovery-codes-made",
        RecoveryCodeUsed => "recovery-code-used",
        Recovery => "recovery",
        RecoveryCode => "recovery-code",
        RecoveryByMail => "recovery-by-mail",
        PasswordReset => "password-reset",
        Invite => "invite",
        AlreadyInvited => "already-invited",
        QuestionsChanged => "questions-changed",
        EmailChanged => "email-changed",
        EmailRemoved => "email-removed",
        PhoneCode => "phone-code",
        PhoneTaken => "phone-taken",
        PhoneChanged => "phone-changed",
        PhoneRemoved => "phone-removed",
        PasswordChanged => "password-changed",
        SmsSettingsChanged => "sms-settings-changed",
    }
}

/// Who is told.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum To {
    /// E.164: `+79991234567`.
    Phone(String),
    /// An address as its owner typed it.
    Mail(String),
}

impl To {
    pub const fn channel(&self) -> Channel {
        match self {
            To::Phone(_) => Channel::Sms,
            To::Mail(_) => Channel::Mail,
        }
    }

    pub fn as_str(&self) -> &str {
        match self {
            To::Phone(text) | To::Mail(text) => text,
        }
    }

    /// For the row in clear, for staff: `+7********67`, `a***@example.org`.
    pub fn masked(&self) -> String {
        match self {
            To::Phone(phone) => {
                let count = phone.chars().count();
                let shown = |place: usize| place < 2 || place + 2 >= count;
                phone.chars().enumerate().map(|(place, c)| if shown(place) { c } else { '*' }).collect()
            }
            To::Mail(address) => {
                let (user, domain) = address.rsplit_once('@').unwrap_or((address, ""));
                user.chars().take(1).chain("***@".chars()).chain(domain.chars()).collect()
            }
        }
    }

    /// Whether it can be handed to a carrier: nothing in it that would begin another header or command.
    fn usable(&self) -> bool {
        match self {
            To::Phone(phone) => {
                let digits = phone.strip_prefix('+').unwrap_or_default();
                (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
            }
            To::Mail(address) => !has_unseen(address) && address.len() <= 254,
        }
    }
}

/// What is told, with all that the text needs. Sums and moments come as texts in the reader's language; links are whole.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// SMS: the code of a registration.
    RegistrationCode { code: String },
    /// SMS: somebody tried to register this phone again; `url` is the sign-in page.
    AlreadyRegistered { url: String },
    /// Mail: confirm this address by the link or by the code. `account`: `1234 5678 9012`.
    ConfirmEmail { account: String, url: String, code: String },
    /// Mail: somebody tried to add an address that is another account's; `url` is the sign-in page.
    AddressTaken { url: String },
    /// SMS or mail: too many failed sign-ins; `url` opens the sign-in again.
    Unlock { url: String },
    /// Mail: the way back in, by the link or by the code. `address`: the IP address that asked for it.
    Recovery { account: String, address: String, url: String, code: String },
    /// SMS: the code of the way back in.
    RecoveryCode { code: String },
    /// SMS: this account has an address, by which it is restored; `url` is the page for that.
    RecoveryByMail { url: String },
    /// Mail: the account is there and waits for its owner; `page` takes the code in another browser.
    Invite { account: String, url: String, page: String, code: String },
    /// Mail: somebody invited this address, which has an account; `url` is the sign-in page.
    AlreadyInvited { account: String, url: String },
    /// SMS: the code that confirms a new phone.
    PhoneCode { code: String },
    /// SMS: somebody tried to add a phone that is another account's; `url` is the sign-in page.
    PhoneTaken { url: String },
    /// Mail or SMS: something about access has changed.
    Changed(Change),
    /// Mail or SMS: news of a bank card.
    Card(CardNotice),
    /// Mail to the operator.
    MoneyStuck(MoneyStuck),
}

impl Says {
    pub const fn kind(&self) -> Kind {
        match self {
            Says::RegistrationCode { .. } => Kind::RegistrationCode,
            Says::AlreadyRegistered { .. } => Kind::AlreadyRegistered,
            Says::ConfirmEmail { .. } => Kind::ConfirmEmail,
            Says::AddressTaken { .. } => Kind::AddressTaken,
            Says::Unlock { .. } => Kind::Unlock,
            Says::Recovery { .. } => Kind::Recovery,
            Says::RecoveryCode { .. } => Kind::RecoveryCode,
            Says::RecoveryByMail { .. } => Kind::RecoveryByMail,
            Says::Invite { .. } => Kind::Invite,
            Says::AlreadyInvited { .. } => Kind::AlreadyInvited,
            Says::PhoneCode { .. } => Kind::PhoneCode,
            Says::PhoneTaken { .. } => Kind::PhoneTaken,
            Says::Changed(change) => change.what.kind(),
            Says::Card(card) => card.what.kind(),
            Says::MoneyStuck(_) => Kind::MoneyStuck,
        }
    }
}

/// What is to be told. `post` puts it into the outbox.
#[derive(Clone)]
pub struct Notice {
    pub to: To,
    pub account_id: Option<i64>,
    pub locale: Locale,
    pub says: Says,
}

impl std::fmt::Debug for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Notice({})", self.says.kind().word())
    }
}

/// A message as a carrier gets it.
#[derive(Clone)]
pub struct Message {
    pub id: OutboxId,
    pub number: MessageNumber,
    pub to: To,
    pub body: Body,
    /// When it was promised.
    pub posted_at: Moment,
}

/// The text of a message, in the reader's language.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    Sms { text: String },
    Mail { subject: String, text: String, html: String },
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Message({})", self.number)
    }
}

/// A message that cannot be written: a recipient or text with characters that carriers would misread, or a kind that has
/// no text for its channel. The word is what the outbox keeps as `failure`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unusable(pub &'static str);

/// Writes the message of a notice.
pub fn write(number: &MessageNumber, locale: Locale, to: &To, says: &Says) -> Result<Body, Unusable> {
    if !to.usable() {
        return Err(Unusable("unusable recipient"));
    }
    match to {
        To::Phone(_) => sms(locale, says),
        To::Mail(_) => mail(number, locale, says),
    }
}

pub(super) fn args<const N: usize>(pairs: [(&'static str, &str); N]) -> Args {
    pairs.into_iter().map(|(name, value)| (name.into(), FluentValue::from(value.to_owned()))).collect()
}

fn sms(locale: Locale, says: &Says) -> Result<Body, Unusable> {
    let text = match says {
        Says::RegistrationCode { code } => {
            words_with(locale, "sms-registration-code", args([("code", code)]))
        }
        Says::AlreadyRegistered { url } => words_with(locale, "sms-already-registered", args([("url", url)])),
        Says::Unlock { url } => words_with(locale, "sms-unlock", args([("url", url)])),
        Says::RecoveryCode { code } => words_with(locale, "sms-recovery-code", args([("code", code)])),
        Says::RecoveryByMail { url } => words_with(locale, "sms-recovery-by-mail", args([("url", url)])),
        Says::PhoneCode { code } => words_with(locale, "sms-phone-code", args([("code", code)])),
        Says::PhoneTaken { url } => words_with(locale, "sms-phone-taken", args([("url", url)])),
        Says::Changed(change) => {
            words_with(locale, change.what.sms(), args([("value", &change.value), ("url", &change.url)]))
        }
        Says::Card(CardNotice { what, card, sum, by, url, .. }) => {
            words_with(locale, what.sms(), args([("card", card), ("sum", sum), ("by", by), ("url", url)]))
        }
        _ => return Err(Unusable("no text for this channel")),
    };
    if has_unseen(&text) { Err(Unusable("unusable text")) } else { Ok(Body::Sms { text }) }
}

/// What a mail of one kind is made of.
pub(super) struct Draft<'a> {
    pub paragraphs: u8,
    pub url: &'a str,
    pub code: Option<&'a str>,
    pub args: Args,
}

pub(super) fn draft(says: &Says) -> Option<Draft<'_>> {
    Some(match says {
        Says::ConfirmEmail { account, url, code } => {
            Draft { paragraphs: 3, url, code: Some(code), args: args([("number", account)]) }
        }
        Says::AddressTaken { url } => Draft { paragraphs: 2, url, code: None, args: Args::new() },
        Says::Unlock { url } => Draft { paragraphs: 3, url, code: None, args: Args::new() },
        Says::Recovery { account, address, url, code } => Draft {
            paragraphs: 3,
            url,
            code: Some(code),
            args: args([("number", account), ("address", address)]),
        },
        Says::Invite { account, url, page, code } => {
            Draft { paragraphs: 3, url, code: Some(code), args: args([("number", account), ("page", page)]) }
        }
        Says::AlreadyInvited { account, url } => {
            Draft { paragraphs: 2, url, code: None, args: args([("number", account)]) }
        }
        Says::RecoveryCode { .. } | Says::RecoveryByMail { .. } => return None,
        Says::Changed(Change { what, account, value, moment, address, left, url }) => {
            let mut told = args([
                ("number", account.as_str()),
                ("value", value),
                ("moment", moment),
                ("address", address),
            ]);
            told.insert("left".into(), (*left).into());
            Draft { paragraphs: what.paragraphs(), url, code: None, args: told }
        }
        Says::RegistrationCode { .. } | Says::AlreadyRegistered { .. } => return None,
        Says::Card(CardNotice { what, account, card, sum, by, reason, url }) => {
            let told =
                [("number", account.as_str()), ("card", card), ("sum", sum), ("by", by), ("reason", reason)];
            let paragraphs = if *what == CardEvent::Charged { 3 } else { 2 };
            Draft { paragraphs, url, code: None, args: args(told) }
        }
        Says::MoneyStuck(MoneyStuck { account, card, sum, since, by, reason, url }) => {
            let told = [
                ("number", account.as_str()),
                ("card", card),
                ("sum", sum),
                ("since", since),
                ("by", by),
                ("reason", reason),
            ];
            Draft { paragraphs: 3, url, code: None, args: args(told) }
        }
        Says::PhoneCode { .. } | Says::PhoneTaken { .. } => return None,
    })
}
