//! E-mail addresses. Two forms of each are kept:
//!
//! - the **address**, as it was typed, but for a domain in ASCII (`xn--…`), which is decoded: what mail is sent to and its owner is shown;
//! - the **key**, a canonical form: what is unique, and what a typed login is looked up by.
//!
//! The key is made by simple rules and merges no look-alikes: `mıke@…` (dotless ı) is no address at all, and a domain in
//! Cyrillic or with a ß keeps its own name. Mail goes to the stored address, never to what somebody typed to find it:
//! that is how accounts were taken over elsewhere (CVE-2019-19844).

use std::fmt;

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use unicode_normalization::UnicodeNormalization;
use url::Host;
use validator::{ValidateEmail, ValidationError};

use crate::base::{has_invisible, in_own_letters, mask, strip_unseen};
use crate::notices::Recipient;
use crate::{text_column, text_enum};

/// The longest address that mail can be sent to (RFC 5321, 4.5.3.1.3, without the angle brackets).
pub const EMAIL_MAX_CHARS: usize = 254;

/// An address that mail can be sent to.
#[derive(Debug, Clone, PartialEq, Eq, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Email {
    text: String,
    key: EmailKey,
}

text_column!(Email, as_str, from_stored);

impl From<&Email> for Recipient {
    fn from(email: &Email) -> Recipient {
        Recipient::mail(&email.mailbox(), email.masked())
    }
}

/// The canonical form of an address: lower case, the domain in ASCII.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailKey(String);

impl EmailKey {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_enum! {
    /// Why a text is no address of ours. The word is the key of its sentence.
    EmailProblem {
        Empty => "email-empty",
        // Longer than `EMAIL_MAX_CHARS`.
        Long => "email-long",
        // Spaces, or characters that nobody sees: line breaks, zero-width characters, overrides of direction.
        Characters => "email-characters",
        // Letters before the @ that most servers do not take.
        LocalPart => "email-local",
        // No such address can exist, or mail cannot be sent to it.
        Wrong => "email-wrong",
    }
}

impl Email {
    /// Reads an address as typed. Around it, spaces are dropped, and what cannot be seen; in it, full-width forms of ASCII
    /// (`＠`, as Chinese keyboards have it) become ASCII, and the domain takes its one Unicode form (NFC). The local part must be ASCII as it stands: normalising it
    /// would make a k of the Kelvin sign.
    pub fn parse(typed: &str) -> Result<Email, EmailProblem> {
        // Four times, because it is only here to keep huge texts from the work below.
        if typed.len() > 4 * EMAIL_MAX_CHARS && typed.trim().len() > 4 * EMAIL_MAX_CHARS {
            return Err(EmailProblem::Long);
        }
        let text: String = strip_unseen(typed).trim().chars().map(narrow).collect();
        if text.is_empty() {
            return Err(EmailProblem::Empty);
        }
        if text.chars().nth(EMAIL_MAX_CHARS).is_some() {
            return Err(EmailProblem::Long);
        }
        if has_invisible(&text) || text.chars().any(char::is_whitespace) {
            return Err(EmailProblem::Characters);
        }
        let (local, typed_domain) = text.rsplit_once('@').ok_or(EmailProblem::Wrong)?;
        let typed_domain: String = typed_domain.nfc().collect();
        if local.chars().any(|c| c.is_alphabetic() && !c.is_ascii()) {
            return Err(EmailProblem::LocalPart);
        }
        let domain = ascii_domain(&typed_domain).ok_or(EmailProblem::Wrong)?;
        let mailbox = format!("{local}@{domain}");
        if mailbox.len() > EMAIL_MAX_CHARS {
            return Err(EmailProblem::Long);
        }
        if !mailbox.validate_email() || !dots_apart(local) {
            return Err(EmailProblem::Wrong);
        }
        let text = in_own_letters(&format!("{local}@{typed_domain}")).into_owned();
        Ok(Email { text, key: EmailKey(mailbox.to_ascii_lowercase()) })
    }

    /// The rule of a form's field.
    pub fn validate(typed: &str) -> Result<(), ValidationError> {
        Email::parse(typed).map(drop).map_err(|problem| {
            let mut broken = ValidationError::new(problem.word());
            broken.add_param("max".into(), &EMAIL_MAX_CHARS);
            broken
        })
    }

    /// An address out of the database, which holds only what `as_str` gave. It is not judged anew: rules change, and whoever has
    /// an account keeps it. None for what never was an address.
    pub fn from_stored(stored: &str) -> Option<Email> {
        if let Ok(email) = Email::parse(stored) {
            return Some(email);
        }
        let text = stored.to_owned();
        let key = EmailKey(stored.to_lowercase());
        stored.contains('@').then_some(Email { text, key })
    }

    /// As its owner writes it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What is unique and compared.
    pub fn key(&self) -> &EmailKey {
        &self.key
    }

    /// What an SMTP server is given: the same mailbox, the domain in ASCII (`xn--…`), so that any server takes it.
    pub fn mailbox(&self) -> String {
        let domain = self.key.0.rsplit_once('@').map_or("", |(_, domain)| domain);
        format!("{}@{domain}", self.local())
    }

    /// The part before the @.
    pub fn local(&self) -> &str {
        self.text.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// The part after the @, as its owner writes it.
    pub fn domain(&self) -> &str {
        self.text.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// For places that others may look at: `a•••@example.org`.
    pub fn masked(&self) -> String {
        mask::address(&self.text)
    }
}

/// A full-width form of an ASCII character as that character. No address can hold one otherwise.
fn narrow(c: char) -> char {
    let offset = u32::from(c).wrapping_sub(0xff01);
    if offset < 94 { char::from_u32(offset + 0x21).unwrap_or(c) } else { c }
}

/// The domain as DNS knows it (IDNA 2008 as browsers read it), lower case. None for numeric addresses, for a name of one
/// label, which no mail from outside can reach and which is mostly a forgotten ending, and for what is no name.
fn ascii_domain(typed: &str) -> Option<String> {
    // A host of a URL may hold %-escapes; a domain of an address may not.
    if typed.contains('%') {
        return None;
    }
    match Host::parse(typed) {
        Ok(Host::Domain(domain)) if domain.contains('.') && !domain.ends_with('.') => Some(domain),
        _ => None,
    }
}

/// Dots stand alone and inside (RFC 5321's Dot-string): mail servers refuse the rest.
fn dots_apart(local: &str) -> bool {
    local.split('.').all(|part| !part.is_empty())
}
