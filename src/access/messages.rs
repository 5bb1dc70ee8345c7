//! What the ways in tell people.

use crate::accounts::messages::CHANGE_PASSWORD;
use crate::base::{Token, hours, minutes};
use crate::notices::SimpleMessage;

/// Somebody tried to register this phone again.
pub const ALREADY_REGISTERED: SimpleMessage = SimpleMessage::new("already-registered", "/sign-in");
/// Somebody invited this address, which has an account.
pub const ALREADY_INVITED: SimpleMessage = SimpleMessage::new("already-invited", "/sign-in");
/// A sign-in from a browser that was not known.
pub const NEW_BROWSER: SimpleMessage = SimpleMessage::new("new-browser", CHANGE_PASSWORD);

/// A way back in was gone to its end. It leads to the way that its owner has.
pub const fn password_reset(has_email: bool) -> SimpleMessage {
    SimpleMessage::new("password-reset", if has_email { "/recovery" } else { "/recovery/phone" })
}

/// The code of a registration.
pub fn registration_code(code: String) -> SimpleMessage {
    SimpleMessage::code("registration-code", code, minutes(10))
}

/// Too many failed sign-ins: the link opens the sign-in again.
pub fn unlock(token: &Token) -> SimpleMessage {
    SimpleMessage::link("unlock", format!("/unlock/{}", token.as_str()), minutes(30))
}

/// The way back in, by the link or by the code.
pub fn recovery(token: &Token, code: String) -> SimpleMessage {
    let path = format!("/recovery/links/{}", token.as_str());
    SimpleMessage::link("recovery", path, minutes(30)).or_code(code)
}

/// The way back in by a code alone.
pub fn recovery_code(code: String) -> SimpleMessage {
    SimpleMessage::code("recovery-code", code, minutes(10))
}

/// To a phone that asks for the way back in: the account has an address, by which it is restored.
pub fn recovery_by_mail() -> SimpleMessage {
    SimpleMessage::new("recovery-by-mail", "/recovery").within(minutes(30))
}

/// The account is there and waits for its owner. `number`: `1234 5678 9012`. `code_page`: the whole address of the page that takes the
/// code in another browser.
pub fn invite(number: String, token: &Token, code: String, code_page: String) -> SimpleMessage {
    let link = SimpleMessage::link("invite", format!("/invitations/{}", token.as_str()), hours(24));
    link.or_code(code).with("number", number).with("page", code_page)
}

#[cfg(test)]
pub(crate) fn examples() -> Vec<crate::notices::testing::Example> {
    use crate::notices::testing::{by_both, by_mail, by_sms};
    let (token, code) = (Token::random(), "041726".to_owned());
    let brief = Token::brief();
    vec![
        by_sms(ALREADY_REGISTERED),
        by_mail(ALREADY_INVITED).at_owner(),
        by_both(NEW_BROWSER),
        by_both(password_reset(true)),
        by_sms(registration_code("0417".to_owned())),
        by_both(unlock(&brief)),
        by_mail(recovery(&token, code.clone())).at_owner(),
        by_sms(recovery_code("0417".to_owned())).at_owner(),
        by_sms(recovery_by_mail()).at_owner(),
        by_mail(invite(
            "1234 5678 9012".to_owned(),
            &token,
            code,
            "https://pay.example.org/invitation/code".to_owned(),
        )),
    ]
}
