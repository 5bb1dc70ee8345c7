//! Addresses as people type them, and the form that is compared.

use kabinet::accounts::identifiers::email::{EMAIL_MAX_CHARS, Email, EmailProblem};
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
    assert_eq!(email.masked(), "A•••@Example.ORG");
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

/// Chromium sends what was typed into a field for addresses in ASCII.
#[test]
fn a_domain_that_comes_in_ascii_is_shown_in_its_own_letters() {
    let typed = Email::parse("petr@почта.рф").unwrap();
    for sent in ["petr@xn--80a1acny.xn--p1ai", "petr@XN--80A1ACNY.xn--p1ai", "petr@xn--80a1acny.рф"] {
        let email = Email::parse(sent).unwrap();
        assert_eq!(email, typed, "{sent}");
        assert_eq!((email.as_str(), email.masked().as_str()), ("petr@почта.рф", "p•••@почта.рф"));
        assert_eq!(Email::from_stored(sent), Some(email));
    }
    assert_eq!(typed.mailbox(), "petr@xn--80a1acny.xn--p1ai");
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
    assert_eq!(key("mi\u{212a}e@example.org"), Err(EmailProblem::LocalPart));
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
        ("анна@example.org", LocalPart),
        (long_local.as_str(), Wrong),
        ("anna petrova@example.org", Characters),
        ("Anna <anna@example.org>", Characters),
        ("anna@example.org\r\nBcc: all@example.org", Characters),
        ("an\0na@example.org", Characters),
        ("an\u{202e}na@example.org", Characters),
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
