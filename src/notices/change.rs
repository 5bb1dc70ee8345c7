//! Notices of one shape: something about access to an account has changed, then and from there.

use serde::{Deserialize, Serialize};

use super::notice::Kind;

/// What has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    Email,
    EmailRemoved,
    Phone,
    PhoneRemoved,
    Password,
    SmsSettings,
    /// By a way back in.
    PasswordReset,
    Questions,
    FactorOn,
    FactorOff,
    RecoveryCodesMade,
    RecoveryCodeUsed,
    /// A sign-in from a browser that was not known.
    Device,
}

/// A change, as mail and SMS tell of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub what: Changed,
    /// `1234 5678 9012`.
    pub account: String,
    /// The new address or phone, or the one that was taken away; masked. Empty for other changes.
    pub value: String,
    /// When, as text in the owner's language and zone.
    pub moment: String,
    /// The IP address that it came from.
    pub address: String,
    /// Recovery codes that are left; 0 for other changes.
    pub left: i64,
    /// The page where the owner can do something about it.
    pub url: String,
}

impl Changed {
    pub const fn kind(self) -> Kind {
        match self {
            Changed::Email => Kind::EmailChanged,
            Changed::EmailRemoved => Kind::EmailRemoved,
            Changed::Phone => Kind::PhoneChanged,
            Changed::PhoneRemoved => Kind::PhoneRemoved,
            Changed::Password => Kind::PasswordChanged,
            Changed::SmsSettings => Kind::SmsSettingsChanged,
            Changed::PasswordReset => Kind::PasswordReset,
            Changed::Questions => Kind::QuestionsChanged,
            Changed::FactorOn => Kind::FactorOn,
            Changed::FactorOff => Kind::FactorOff,
            Changed::RecoveryCodesMade => Kind::RecoveryCodesMade,
            Changed::RecoveryCodeUsed => Kind::RecoveryCodeUsed,
            Changed::Device => Kind::NewDevice,
        }
    }

    /// The key of the SMS.
    pub(super) const fn sms(self) -> &'static str {
        match self {
            Changed::Email => "sms-email-changed",
            Changed::EmailRemoved => "sms-email-removed",
            Changed::Phone => "sms-phone-changed",
            Changed::PhoneRemoved => "sms-phone-removed",
            Changed::Password => "sms-password-changed",
            Changed::SmsSettings => "sms-sms-settings-changed",
            Changed::PasswordReset => "sms-password-reset",
            Changed::Questions => "sms-questions-changed",
            Changed::FactorOn => "sms-factor-on",
            Changed::FactorOff => "sms-factor-off",
            Changed::RecoveryCodesMade => "sms-recovery-codes-made",
            Changed::RecoveryCodeUsed => "sms-recovery-code-used",
            Changed::Device => "sms-new-device",
        }
    }

    /// Paragraphs of the mail.
    pub(super) const fn paragraphs(self) -> u8 {
        if matches!(self, Changed::RecoveryCodeUsed) { 3 } else { 2 }
    }
}
