//! What this room tells people.

use std::borrow::Cow;
use std::time::Duration;

use crate::base::{Token, hours};
use crate::notices::{Message, MessageArgs, SimpleMessage};

/// Somebody tried to add an address that is another account's.
pub const ADDRESS_TAKEN: SimpleMessage = SimpleMessage::new("address-taken", "/sign-in");
pub const SMS_PREFERENCES_CHANGED: SimpleMessage = SimpleMessage::new("sms-preferences-changed", "/sign-in");

/// Confirm this address by the link or by the code.
pub struct ConfirmEmail {
    /// `1234 5678 9012`.
    pub number: String,
    pub token: Token,
    pub code: String,
}

impl Message for ConfirmEmail {
    fn kind(&self) -> &'static str {
        "confirm-email"
    }

    fn lifetime(&self) -> Duration {
        hours(24)
    }

    fn path(&self) -> Option<Cow<'_, str>> {
        Some(format!("/confirmations/{}", self.token.as_str()).into())
    }

    fn args(&self) -> MessageArgs {
        MessageArgs::new().with("number", self.number.as_str())
    }

    fn code(&self) -> Option<&str> {
        Some(&self.code)
    }
}

#[cfg(test)]
pub(crate) fn examples() -> Vec<crate::notices::testing::Example> {
    use crate::notices::testing::{by_both, by_mail};
    let number = "1234 5678 9012".to_owned();
    vec![
        by_mail(ADDRESS_TAKEN),
        by_both(SMS_PREFERENCES_CHANGED),
        by_mail(ConfirmEmail { number, token: Token::random(), code: "041726".to_owned() }),
    ]
}
