//! E-mail addresses. Two forms of each are kept:
//!
//! - the **address**, as it was typed: what mail is sent to and what its owner is shown;
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

use crate::base::{has_invisible, strip_bidi_marks};
use crate::notices::Recipient;
use crate::text_column;

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
        Recipient::mail(&email.text, email.masked())
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

/// Why a text is no address of ours. Each has a sentence of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailProblem {
    Empty,
    /// Longer than `EMAIL_MAX_CHARS`.
    Long,
    /// Spaces, or characters that nobody sees: line breaks, zero-width characters, overrides of direction.
    Characters,
    /// No such address can exist, or mail cannot be sent to it.
    Wrong,
}

impl EmailProblem {
    /// The key of its sentence.
    pub const fn key(self) -> &'static str {
        match self {
            EmailProblem::Empty => "email-empty",
            EmailProblem::Long => "email-long",
            EmailProblem::Characters => "email-characters",
            EmailProblem::Wrong => "email-wrong",
        }
    }
}

impl Email {
    /// Reads an address as typed. Around it, spaces and marks of direction are dropped; in it, full-width forms of ASCII
    /// (`＠`, as Chinese keyboards have it) become ASCII, and the domain takes its one Unicode form (NFC). The local part must be ASCII as it stands: normalising it
    /// would make a k of the Kelvin sign.
    pub fn parse(typed: &str) -> Result<Email, EmailProblem> {
        // Four times, because it is only here to keep huge texts from the work below.
        if typed.len() > 4 * EMAIL_MAX_CHARS && typed.trim().len() > 4 * EMAIL_MAX_CHARS {
            return Err(EmailProblem::Long);
        }
        let text: String = strip_bidi_marks(typed).trim().chars().map(narrow).collect();
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
        let domain = ascii_domain(&typed_domain).ok_or(EmailProblem::Wrong)?;
        let mailbox = format!("{local}@{domain}");
        if mailbox.len() > EMAIL_MAX_CHARS {
            return Err(EmailProblem::Long);
        }
        if !mailbox.validate_email() || !dots_apart(local) {
            return Err(EmailProblem::Wrong);
        }
        Ok(Email { text: format!("{local}@{typed_domain}"), key: EmailKey(mailbox.to_ascii_lowercase()) })
    }

    /// The rule of a form's field.
    pub fn validate(typed: &str) -> Result<(), ValidationError> {
        Email::parse(typed).map(drop).map_err(|problem| {
            let mut broken = ValidationError::new(problem.key());
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

    /// As its owner typed it.
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

    /// The part after the @, as typed.
    pub fn domain(&self) -> &str {
        self.text.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// For places that others may look at: `a***@example.org`, whatever the length of the name.
    pub fn masked(&self) -> String {
        Email::mask(&self.text)
    }

    /// The same of an address that is nobody's here, such as the operator's.
    pub fn mask(address: &str) -> String {
        let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
        let first: String = local.chars().take(1).collect();
        format!("{first}***@{domain}")
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(typed: &str) -> Result<String, EmailProblem> {
        Email::parse(typed).map(|email| email.key().to_string())
    }

    #[test]
    fn the_address_stays_as_typed_and_the_key_is_canonical() {
        let email = Email::parse(" Anna.Petrova+Shop@Example.ORG\u{a0}\n").unwrap();
        assert_eq!(email.as_str(), "Anna.Petrova+Shop@Example.ORG");
        assert_eq!(email.key().as_str(), "anna.petrova+shop@example.org");
        assert_eq!(email.mailbox(), "Anna.Petrova+Shop@example.org");
        assert_eq!((email.local(), email.domain()), ("Anna.Petrova+Shop", "Example.ORG"));
        assert_eq!(email.masked(), "A***@Example.ORG");
    }

    #[test]
    fn what_was_an_address_once_is_still_read() {
        for stored in ["Anna@Example.ORG", "anna@Почта.РФ"] {
            assert_eq!(Email::from_stored(stored), Email::parse(stored).ok());
        }
        let old = Email::from_stored("\"Anna P\"@Example.ORG").unwrap();
        assert_eq!((old.as_str(), old.key().as_str()), ("\"Anna P\"@Example.ORG", "\"anna p\"@example.org"));
        assert_eq!((Email::from_stored(""), Email::from_stored("anna")), (None, None));
    }

    #[test]
    fn a_domain_in_another_script_is_sent_to_in_ascii() {
        let email = Email::parse("anna@Почта.РФ").unwrap();
        assert_eq!(email.as_str(), "anna@Почта.РФ");
        assert_eq!(email.mailbox(), "anna@xn--80a1acny.xn--p1ai");
        assert_eq!(email.key().as_str(), "anna@xn--80a1acny.xn--p1ai");
        assert_eq!(key("ANNA@xn--80a1acny.xn--p1ai"), Ok(email.key().to_string()));
        assert_eq!(key("anna＠example．org"), Ok("anna@example.org".to_owned()));
    }

    #[test]
    fn look_alikes_are_never_merged() {
        let mike = key("mike@example.org").unwrap();
        for typed in [
            "mıke@example.org",
            "mike@ехample.org",
            "mike@exampıe.org",
            "m\u{131}ke@example.org",
            "mikе@example.org",
        ] {
            assert_ne!(key(typed), Ok(mike.clone()), "{typed:?}");
        }
        // The Kelvin sign is a k to Unicode.
        assert_eq!(key("mi\u{212a}e@example.org"), Err(EmailProblem::Wrong));
        assert_ne!(key("a@strasse.de"), key("a@straße.de"));
        assert_ne!(key("a.b@example.org"), key("ab@example.org"));
        assert_ne!(key("a+b@example.org"), key("a@example.org"));
    }

    #[test]
    fn each_problem_has_its_name() {
        use EmailProblem::*;
        let long_domain = format!("a@{}.org", ["b".repeat(60).as_str(); 5].join("."));
        let huge = format!("a@{}.org", "b".repeat(100_000));
        let long_local = format!("{}@example.org", "a".repeat(65));
        for (typed, problem) in [
            ("", Empty),
            (" \t\n\u{a0}", Empty),
            ("anna", Wrong),
            ("@", Wrong),
            ("anna@", Wrong),
            ("@example.org", Wrong),
            ("anna@example", Wrong),
            ("anna@localhost", Wrong),
            ("anna@example.", Wrong),
            ("anna@example.org.", Wrong),
            ("anna@.example.org", Wrong),
            ("anna@example..org", Wrong),
            ("anna@-example.org", Wrong),
            ("anna@exa_mple.org", Wrong),
            ("anna@127.0.0.1", Wrong),
            ("anna@0x7f.1", Wrong),
            ("anna@[127.0.0.1]", Wrong),
            ("anna@[::1]", Wrong),
            ("anna@example.org:25", Wrong),
            ("anna@example.org/x", Wrong),
            ("anna@ex%61mple.org", Wrong),
            ("anna@boris@example.org", Wrong),
            ("\"anna\"@example.org", Wrong),
            ("<anna@example.org>", Wrong),
            ("anna@example.org,boris@example.org", Wrong),
            (".anna@example.org", Wrong),
            ("anna.@example.org", Wrong),
            ("an..na@example.org", Wrong),
            ("анна@example.org", Wrong),
            (long_local.as_str(), Wrong),
            ("anna petrova@example.org", Characters),
            ("Anna <anna@example.org>", Characters),
            ("anna@example.org\r\nBcc: all@example.org", Characters),
            ("an\0na@example.org", Characters),
            ("an\u{202e}na@example.org", Characters),
            ("an\u{200b}na@example.org", Characters),
            ("anna@exam\u{ad}ple.org", Characters),
            ("anna@exam\u{200d}ple.org", Characters),
            (long_domain.as_str(), Long),
            (huge.as_str(), Long),
        ] {
            assert_eq!(key(typed), Err(problem), "{typed:?}");
        }
    }

    #[test]
    fn the_longest_address_is_taken_and_one_more_is_not() {
        let local = "a".repeat(64);
        let domain = format!("{}.{}.{}.org", "b".repeat(63), "c".repeat(63), "d".repeat(57));
        let longest = format!("{local}@{domain}");
        assert_eq!(longest.len(), EMAIL_MAX_CHARS);
        assert_eq!(key(&longest), Ok(longest.clone()));
        assert_eq!(key(&longest.replace(".org", "e.org")), Err(EmailProblem::Long));
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(typed in any::<String>()) {
            let _ = Email::parse(&typed);
        }

        #[test]
        fn whatever_is_taken_can_be_mailed_and_read_again(typed in "[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~а-я-]{1,12}@[a-zA-Z0-9а-яß.-]{1,12}\\.[a-zрф]{1,4}") {
            if let Ok(email) = Email::parse(&typed) {
                prop_assert!(email.mailbox().is_ascii());
                prop_assert!(email.mailbox().parse::<lettre::Address>().is_ok(), "{}", email.mailbox());
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email.clone()));
                prop_assert_eq!(key(&email.mailbox()), Ok(email.key().to_string()));
                prop_assert_eq!(key(email.key().as_str()), Ok(email.key().to_string()));
                prop_assert_eq!(key(&typed.to_ascii_uppercase()), Ok(email.key().to_string()));
            }
        }
    }
}
