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
    /// The sign-in page.
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
        }
    }
}
