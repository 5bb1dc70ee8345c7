//! What this room tells people.

use crate::base::{Token, hours};
use crate::notices::SimpleMessage;

/// Somebody tried to add an address that is another account's.
pub const ADDRESS_TAKEN: SimpleMessage = SimpleMessage::new("address-taken", "/sign-in");
/// Where the password is changed, as short as an SMS wants it: whoever reads that something was changed by somebody else goes there.
pub const CHANGE_PASSWORD: &str = "/p";
pub const SMS_PREFERENCES_CHANGED: SimpleMessage =
    SimpleMessage::new("sms-preferences-changed", CHANGE_PASSWORD);

/// Confirm this address by the link or by the code. `number`: `1234 5678 9012`.
pub fn confirm_email(number: String, token: &Token, code: String) -> SimpleMessage {
    let link = SimpleMessage::link("confirm-email", format!("/confirmations/{}", token.as_str()), hours(24));
    link.or_code(code).with("number", number)
}

#[cfg(test)]
pub(crate) fn examples() -> Vec<crate::notices::testing::Example> {
    use crate::notices::testing::{by_both, by_mail};
    let number = "1234 5678 9012".to_owned();
    vec![
        by_mail(ADDRESS_TAKEN),
        by_both(SMS_PREFERENCES_CHANGED),
        by_mail(confirm_email(number, &Token::random(), "041726".to_owned())),
    ]
}
