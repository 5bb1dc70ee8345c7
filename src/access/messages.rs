//! What the ways in tell people.

use std::borrow::Cow;
use std::time::Duration;

use crate::base::{Token, hours, minutes};
use crate::notices::{Message, MessageArgs, SimpleMessage};

/// Somebody tried to register this phone again.
pub const ALREADY_REGISTERED: SimpleMessage = SimpleMessage::new("already-registered", "/sign-in");
/// Somebody invited this address, which has an account.
pub const ALREADY_INVITED: SimpleMessage = SimpleMessage::new("already-invited", "/sign-in");
/// A sign-in from a browser that was not known.
pub const NEW_BROWSER: SimpleMessage = SimpleMessage::new("new-browser", "/sign-in");

/// A way back in was gone to its end. It leads to the way that its owner has.
pub const fn password_reset(has_email: bool) -> SimpleMessage {
    SimpleMessage::new("password-reset", if has_email { "/recovery" } else { "/recovery/phone" })
}

/// The code of a registration.
pub struct RegistrationCode {
    pub code: String,
}

impl Message for RegistrationCode {
    fn kind(&self) -> &'static str {
        "registration-code"
    }

    fn lifetime(&self) -> Duration {
        minutes(10)
    }

    fn path(&self) -> Option<Cow<'_, str>> {
        None
    }

    fn code(&self) -> Option<&str> {
        Some(&self.code)
    }
}

/// Too many failed sign-ins: the link opens the sign-in again.
pub struct Unlock {
    pub token: Token,
}

impl Message for Unlock {
    fn kind(&self) -> &'static str {
        "unlock"
    }

    fn lifetime(&self) -> Duration {
        minutes(30)
    }

    fn path(&self) -> Option<Cow<'_, str>> {
        Some(format!("/unlock/{}", self.token.as_str()).into())
    }
}

/// The way back in, by the link or by the code.
pub struct Recovery {
    pub token: Token,
    pub code: String,
}

impl Message for Recovery {
    fn kind(&self) -> &'static str {
        "recovery"
    }

    fn lifetime(&self) -> Duration {
        minutes(30)
    }

    fn path(&self) -> Option<Cow<'_, str>> {
        Some(format!("/recovery/links/{}", self.token.as_str()).into())
    }

    fn code(&self) -> Option<&str> {
        Some(&self.code)
    }
}

/// What goes to a phone that asks for the way back in.
pub enum RecoveryBySms {
    Code(String),
    /// The account has an address, by which it is restored.
    HasEmail,
}

impl Message for RecoveryBySms {
    fn kind(&self) -> &'static str {
        match self {
            RecoveryBySms::Code(_) => "recovery-code",
            RecoveryBySms::HasEmail => "recovery-by-mail",
        }
    }

    fn lifetime(&self) -> Duration {
        match self {
            RecoveryBySms::Code(_) => minutes(10),
            RecoveryBySms::HasEmail => minutes(30),
        }
    }

    fn path(&self) -> Option<Cow<'_, str>> {
        match self {
            RecoveryBySms::Code(_) => None,
            RecoveryBySms::HasEmail => Some("/recovery".into()),
        }
    }

    fn code(&self) -> Option<&str> {
        match self {
            RecoveryBySms::Code(code) => Some(code),
            RecoveryBySms::HasEmail => None,
        }
    }
}

/// The account is there and waits for its owner.
pub struct Invite {
    /// `1234 5678 9012`.
    pub number: String,
    pub token: Token,
    pub code: String,
    /// The whole address of the page that takes the code in another browser.
    pub code_page: String,
}

impl Message for Invite {
    fn kind(&self) -> &'static str {
        "invite"
    }

    fn lifetime(&self) -> Duration {
        hours(24)
    }

    fn path(&self) -> Option<Cow<'_, str>> {
        Some(format!("/invitations/{}", self.token.as_str()).into())
    }

    fn args(&self) -> MessageArgs {
        MessageArgs::new().with("number", self.number.as_str()).with("page", self.code_page.as_str())
    }

    fn code(&self) -> Option<&str> {
        Some(&self.code)
    }
}

#[cfg(test)]
pub(crate) fn examples() -> Vec<crate::notices::testing::Example> {
    use crate::notices::testing::{by_both, by_mail, by_sms};
    let (token, code) = (Token::random(), "041726".to_owned());
    vec![
        by_sms(ALREADY_REGISTERED),
        by_mail(ALREADY_INVITED),
        by_both(NEW_BROWSER),
        by_both(password_reset(true)),
        by_sms(RegistrationCode { code: "0417".to_owned() }),
        by_both(Unlock { token: token.clone() }),
        by_mail(Recovery { token: token.clone(), code: code.clone() }),
        by_sms(RecoveryBySms::Code("0417".to_owned())),
        by_sms(RecoveryBySms::HasEmail),
        by_mail(Invite {
            number: "1234 5678 9012".to_owned(),
            token,
            code,
            code_page: "https://pay.example.org/invitation/code".to_owned(),
        }),
    ]
}
