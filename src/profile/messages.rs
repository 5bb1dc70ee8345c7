//! What this room tells people.

use crate::accounts::identifiers::phone::Phone;
use crate::accounts::messages::CHANGE_PASSWORD;
use crate::base::minutes;
use crate::notices::{Recipient, SimpleMessage};

/// Somebody tried to add a phone that is another account's.
pub const PHONE_TAKEN: SimpleMessage = SimpleMessage::new("phone-taken", "/sign-in");

/// It leads to the way back in that its owner has.
pub const fn password_changed(has_email: bool) -> SimpleMessage {
    SimpleMessage::new("password-changed", if has_email { "/recovery" } else { "/recovery/phone" })
}

/// The first address of an account. `new`: told masked.
pub fn email_added(new: &Recipient) -> SimpleMessage {
    SimpleMessage::new("email-added", CHANGE_PASSWORD).with("value", new.masked())
}

/// `new`: told masked.
pub fn email_changed(new: &Recipient) -> SimpleMessage {
    SimpleMessage::new("email-changed", CHANGE_PASSWORD).with("value", new.masked())
}

/// `gone`: told masked.
pub fn email_removed(gone: &Recipient) -> SimpleMessage {
    SimpleMessage::new("email-removed", CHANGE_PASSWORD).with("value", gone.masked())
}

/// `new`: told masked, as pages show it.
pub fn phone_changed(new: &Phone) -> SimpleMessage {
    SimpleMessage::new("phone-changed", CHANGE_PASSWORD).with("value", new.masked())
}

/// `gone`: told masked.
pub fn phone_removed(gone: &Recipient) -> SimpleMessage {
    SimpleMessage::new("phone-removed", CHANGE_PASSWORD).with("value", gone.masked())
}

/// The code that confirms a new phone.
pub fn phone_code(code: String) -> SimpleMessage {
    SimpleMessage::code("phone-code", code, minutes(10))
}

#[cfg(test)]
pub(crate) fn examples() -> Vec<crate::notices::testing::Example> {
    use crate::accounts::identifiers::email::Email;
    use crate::notices::testing::{by_both, by_sms};
    let phone = Phone::from_stored("+79161234567").unwrap();
    let (email, recipient) =
        (Recipient::from(&Email::parse("anna@example.org").unwrap()), Recipient::from(&phone));
    vec![
        by_both(password_changed(true)),
        by_sms(PHONE_TAKEN),
        by_both(email_added(&email)),
        by_both(email_changed(&email)),
        by_both(email_removed(&email)),
        by_both(phone_changed(&phone)),
        by_both(phone_removed(&recipient)),
        by_sms(phone_code("0417".to_owned())),
    ]
}
