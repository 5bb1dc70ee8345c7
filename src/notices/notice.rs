//! A notice: what is to be told to whom. Here it becomes an SMS or a mail in the reader's language.

use askama::Template;
use serde::{Deserialize, Serialize};

use super::number::MessageNumber;
use crate::base::{Moment, has_unseen};
use crate::row_id;
use crate::text_enum;
use crate::texts::{Args, FluentValue, Locale, brand, words_with};

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

/// Something that was done to an account: when, as text; the IP address; where the message leads.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Happened {
    /// `1234 5678 9012`.
    pub account: String,
    pub moment: String,
    pub address: String,
    pub url: String,
}

impl Happened {
    fn args(&self) -> Args {
        let Happened { account, moment, address, url } = self;
        args([("number", account), ("moment", moment), ("address", address), ("url", url)])
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
    /// Mail: a sign-in from an unknown device. `moment`: when, as text; `address`: the IP address; `url` is the sign-in page.
    NewDevice { account: String, moment: String, address: String, url: String },
    /// Mail or SMS: the second factor was turned on; `url` is the security page.
    FactorOn(Happened),
    /// The same: it was turned off.
    FactorOff(Happened),
    /// The same: new recovery codes took the place of the older ones.
    RecoveryCodesMade(Happened),
    /// The same: a recovery code was used, and so many are left.
    RecoveryCodeUsed(Happened, i64),
    /// Mail: the way back in, by the link or by the code. `address`: the IP address that asked for it.
    Recovery { account: String, address: String, url: String, code: String },
    /// SMS: the code of the way back in.
    RecoveryCode { code: String },
    /// SMS: this account has an address, by which it is restored; `url` is the page for that.
    RecoveryByMail { url: String },
    /// Mail or SMS: the password was restored; `url` is where it can be restored again.
    PasswordReset { account: String, moment: String, address: String, url: String },
    /// Mail: the account is there and waits for its owner; `page` takes the code in another browser.
    Invite { account: String, url: String, page: String, code: String },
    /// Mail: somebody invited this address, which has an account; `url` is the sign-in page.
    AlreadyInvited { account: String, url: String },
    /// Mail or SMS: the control questions were set or changed; `url` is the sign-in page.
    QuestionsChanged { account: String, moment: String, address: String, url: String },
}

impl Says {
    pub const fn kind(&self) -> Kind {
        match self {
            Says::RegistrationCode { .. } => Kind::RegistrationCode,
            Says::AlreadyRegistered { .. } => Kind::AlreadyRegistered,
            Says::ConfirmEmail { .. } => Kind::ConfirmEmail,
            Says::AddressTaken { .. } => Kind::AddressTaken,
            Says::Unlock { .. } => Kind::Unlock,
            Says::NewDevice { .. } => Kind::NewDevice,
            Says::FactorOn(..) => Kind::FactorOn,
            Says::FactorOff(..) => Kind::FactorOff,
            Says::RecoveryCodesMade(..) => Kind::RecoveryCodesMade,
            Says::RecoveryCodeUsed(..) => Kind::RecoveryCodeUsed,
            Says::Recovery { .. } => Kind::Recovery,
            Says::RecoveryCode { .. } => Kind::RecoveryCode,
            Says::RecoveryByMail { .. } => Kind::RecoveryByMail,
            Says::PasswordReset { .. } => Kind::PasswordReset,
            Says::Invite { .. } => Kind::Invite,
            Says::AlreadyInvited { .. } => Kind::AlreadyInvited,
            Says::QuestionsChanged { .. } => Kind::QuestionsChanged,
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

fn args<const N: usize>(pairs: [(&'static str, &str); N]) -> Args {
    pairs.into_iter().map(|(name, value)| (name.into(), FluentValue::from(value.to_owned()))).collect()
}

fn sms(locale: Locale, says: &Says) -> Result<Body, Unusable> {
    let text = match says {
        Says::RegistrationCode { code } => words_with(locale, "sms-registration-code", args([("code", code)])),
        Says::AlreadyRegistered { url } => words_with(locale, "sms-already-registered", args([("url", url)])),
        Says::Unlock { url } => words_with(locale, "sms-unlock", args([("url", url)])),
        Says::FactorOn(what) => words_with(locale, "sms-factor-on", what.args()),
        Says::FactorOff(what) => words_with(locale, "sms-factor-off", what.args()),
        Says::RecoveryCodesMade(what) => words_with(locale, "sms-recovery-codes-made", what.args()),
        Says::RecoveryCodeUsed(what, _) => words_with(locale, "sms-recovery-code-used", what.args()),
        Says::RecoveryCode { code } => words_with(locale, "sms-recovery-code", args([("code", code)])),
        Says::RecoveryByMail { url } => words_with(locale, "sms-recovery-by-mail", args([("url", url)])),
        Says::PasswordReset { url, .. } => words_with(locale, "sms-password-reset", args([("url", url)])),
        Says::QuestionsChanged { url, .. } => words_with(locale, "sms-questions-changed", args([("url", url)])),
        _ => return Err(Unusable("no text for this channel")),
    };
    if has_unseen(&text) { Err(Unusable("unusable text")) } else { Ok(Body::Sms { text }) }
}

/// What a mail of one kind is made of.
struct Draft<'a> {
    paragraphs: u8,
    url: &'a str,
    code: Option<&'a str>,
    args: Args,
}

fn draft(says: &Says) -> Option<Draft<'_>> {
    Some(match says {
        Says::ConfirmEmail { account, url, code } => {
            Draft { paragraphs: 3, url, code: Some(code), args: args([("number", account)]) }
        }
        Says::AddressTaken { url } => Draft { paragraphs: 2, url, code: None, args: Args::new() },
        Says::Unlock { url } => Draft { paragraphs: 3, url, code: None, args: Args::new() },
        Says::NewDevice { account, moment, address, url } => {
            Draft { paragraphs: 2, url, code: None, args: args([("number", account), ("moment", moment), ("address", address)]) }
        }
        Says::Recovery { account, address, url, code } => {
            Draft { paragraphs: 3, url, code: Some(code), args: args([("number", account), ("address", address)]) }
        }
        Says::PasswordReset { account, moment, address, url } | Says::QuestionsChanged { account, moment, address, url } => {
            Draft { paragraphs: 2, url, code: None, args: args([("number", account), ("moment", moment), ("address", address)]) }
        }
        Says::Invite { account, url, page, code } => {
            Draft { paragraphs: 3, url, code: Some(code), args: args([("number", account), ("page", page)]) }
        }
        Says::AlreadyInvited { account, url } => Draft { paragraphs: 2, url, code: None, args: args([("number", account)]) },
        Says::FactorOn(what) | Says::FactorOff(what) | Says::RecoveryCodesMade(what) => {
            Draft { paragraphs: 2, url: &what.url, code: None, args: what.args() }
        }
        Says::RecoveryCodeUsed(what, left) => {
            let mut args = what.args();
            args.insert("left".into(), (*left).into());
            Draft { paragraphs: 3, url: &what.url, code: None, args }
        }
        Says::RegistrationCode { .. } | Says::AlreadyRegistered { .. } => return None,
        Says::RecoveryCode { .. } | Says::RecoveryByMail { .. } => return None,
    })
}

#[derive(Template)]
#[template(path = "notices/mail.html")]
struct Html<'a> {
    lang: &'static str,
    brand: &'static str,
    subject: &'a str,
    paragraphs: &'a [String],
    link: Option<(&'a str, &'a str)>,
    code: Option<&'a str>,
    code_label: &'a str,
    link_label: &'a str,
    number_line: &'a str,
    notice: &'a str,
}

#[derive(Template)]
#[template(path = "notices/mail.txt")]
struct Text<'a> {
    brand: &'static str,
    subject: &'a str,
    paragraphs: &'a [String],
    link: Option<(&'a str, &'a str)>,
    code: Option<&'a str>,
    code_label: &'a str,
    number_line: &'a str,
    notice: &'a str,
}

fn mail(number: &MessageNumber, locale: Locale, says: &Says) -> Result<Body, Unusable> {
    let Draft { paragraphs, url, code, args: given } = draft(says).ok_or(Unusable("no text for this channel"))?;
    let kind = says.kind().word();
    let word = |part: &str| words_with(locale, &format!("mail-{kind}-{part}"), given.clone());
    let shell = |key: &str| words_with(locale, key, args([("number", number.as_str())]));
    let subject = word("subject");
    let paragraphs: Vec<String> = (1..=paragraphs).map(|place| word(&format!("body-{place}"))).collect();
    let caption = word("link");
    let code_label = shell("mail-code-label");
    let link_label = shell("mail-link-label");
    let number_line = shell("mail-number");
    let notice = shell("mail-notice");
    if has_unseen(&subject) || has_unseen(url) || paragraphs.iter().any(|text| has_unseen(text)) {
        return Err(Unusable("unusable text"));
    }
    let link = Some((caption.as_str(), url));
    let (brand, lang) = (brand(), locale.word());
    let html = Html {
        lang,
        brand,
        subject: &subject,
        paragraphs: &paragraphs,
        link,
        code,
        code_label: &code_label,
        link_label: &link_label,
        number_line: &number_line,
        notice: &notice,
    };
    let text = Text {
        brand,
        subject: &subject,
        paragraphs: &paragraphs,
        link,
        code,
        code_label: &code_label,
        number_line: &number_line,
        notice: &notice,
    };
    let (html, text) = (html.render(), text.render());
    let (Ok(html), Ok(text)) = (html, text) else { return Err(Unusable("unusable text")) };
    Ok(Body::Mail { subject, text, html })
}
