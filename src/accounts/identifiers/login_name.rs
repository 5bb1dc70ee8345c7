//! The one field of the sign-in form: an account number, an e-mail address or a phone number, in any spacing and case.
//!
//! A text may be two of them at once: twelve digits whose last one is right by Luhn (one in ten are) are an account number, and may be a
//! foreign phone number typed without its plus. Both are read. Whoever looks the account up asks for the **number first**, then
//! the phone; a plus in front makes it a phone and nothing else.

use crate::accounts::identifiers::account_number::AccountNumber;
use crate::accounts::identifiers::email::{Email, EmailKey};
use crate::accounts::identifiers::phone::Phone;
use crate::base::strip_unseen;

/// A longer text is nobody's login.
pub const LOGIN_MAX_CHARS: usize = 254;

/// What the text can be. Nothing at all is an answer too: then nobody has this login.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoginName {
    pub number: Option<AccountNumber>,
    pub phone: Option<Phone>,
    pub email: Option<EmailKey>,
}

impl LoginName {
    pub fn read(typed: &str) -> LoginName {
        let typed = strip_unseen(typed);
        let typed = typed.trim();
        if typed.chars().nth(LOGIN_MAX_CHARS).is_some() {
            return LoginName::default();
        }
        // Nothing that has an @ is a number, and nothing without one is an address.
        if typed.contains(['@', '＠']) {
            let spaceless: String = typed.chars().filter(|c| !space(*c)).collect();
            return LoginName {
                email: Email::parse(&spaceless).ok().map(|email| email.key().clone()),
                ..LoginName::default()
            };
        }
        LoginName { number: AccountNumber::parse(typed), phone: Phone::parse_any(typed).ok(), email: None }
    }
}

/// What a thumb leaves between the parts of an address. Line breaks and tabs are not among it: nobody types them.
fn space(c: char) -> bool {
    c.is_whitespace() && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
}
