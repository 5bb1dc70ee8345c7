//! The messages of every room, from the examples in its `messages.rs`.

use std::collections::BTreeSet;

use crate::notices::testing::{Example, SITE};
use crate::notices::{Body, Channel, Content, Message, MessageArgs, MessageNumber, Recipient, Unusable, log};
use crate::texts::Locale;
use crate::{access, accounts, cards, credentials, profile};

fn examples() -> Vec<Example> {
    let rooms = [
        accounts::messages::examples(),
        credentials::messages::examples(),
        access::messages::examples(),
        profile::messages::examples(),
        cards::messages::examples(),
    ];
    rooms.into_iter().flatten().collect()
}

/// As the owner of an account is told.
fn content(to: Recipient, message: &dyn Message) -> Content {
    let common = MessageArgs::new()
        .with("number", "1234 5678 9012")
        .with("moment", "22 ноября 2026 г. в 19:05")
        .with("ip", "203.0.113.7");
    Content::of(to, message, common, |path| format!("{SITE}{path}"))
}

/// The keys of the texts of messages.
fn keys(locale: Locale) -> BTreeSet<String> {
    let path = format!("{}/locales/{}/notices.ftl", env!("CARGO_MANIFEST_DIR"), locale.word());
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().filter_map(|line| line.split_once(" = ")).map(|(key, _)| key.trim().to_owned()).collect()
}

#[test]
fn every_message_can_be_said_in_every_language() {
    let number = MessageNumber::random();
    for (locale, example) in
        Locale::ALL.iter().flat_map(|locale| examples().into_iter().map(move |e| (*locale, e)))
    {
        let (message, kind) = (example.message.as_ref(), example.message.kind());
        for (channel, to) in [
            (Channel::Sms, Recipient::phone("+79991234567", String::new())),
            (Channel::Mail, Recipient::mail("anna@example.org", String::new())),
        ] {
            let content = content(to, message);
            let written = content.write(&number, locale, kind);
            if !example.channels.contains(&channel) {
                assert!(matches!(written, Err(Unusable("no text for this channel"))), "{kind}");
                continue;
            }
            match written.unwrap_or_else(|error| panic!("{kind}: {error}")) {
                Body::Sms { text } => {
                    assert!(text.contains("Alipay"), "{text}");
                    let says = |part: &Option<String>| part.as_ref().is_some_and(|part| text.contains(part));
                    assert!(says(&content.url) || says(&content.code), "{text}");
                    assert!(!text.contains("sms-") && !text.contains("{ $"), "{text}");
                }
                Body::Mail { subject, text, html } => {
                    is_a_whole_mail(&number, &content, (&subject, &text, &html));
                    let bodies =
                        (1..).take_while(|n| keys(locale).contains(&format!("mail-{kind}-body-{n}")));
                    let paragraphs = bodies.count() + usize::from(content.code.is_some());
                    assert_eq!(html.matches("<p style=\"margin:0 0 16px\">").count(), paragraphs, "{html}");
                }
            }
        }
    }
}

fn is_a_whole_mail(number: &MessageNumber, content: &Content, (subject, text, html): (&str, &str, &str)) {
    assert!(text.contains(number.as_str()) && html.contains(number.as_str()), "{text}");
    assert!(
        text.contains(" https://pay.example.org/messages/verify\n")
            && html.contains("\"https://pay.example.org/messages/verify\""),
        "{text}"
    );
    let url = content.url.as_deref().unwrap();
    assert!(url.starts_with(SITE) && text.contains(&format!("{url}\n")), "{text}");
    assert!(content.code.as_ref().is_none_or(|code| text.contains(code) && html.contains(code)), "{text}");
    assert!(text.contains(subject) && !text.contains("mail-") && !text.contains("{ $"), "{text}");
    assert!(!html.contains("src=") && !html.contains("<link") && !html.contains("<script"), "{html}");
}

#[test]
fn every_message_is_called_something_in_each_language() {
    for example in examples() {
        for locale in Locale::ALL {
            let (kind, subject) = (example.message.kind(), log::subject(*locale, example.message.kind()));
            assert!(!subject.ends_with("-subject") && !subject.contains("{ $"), "{kind}: {subject}");
        }
    }
}

#[test]
fn every_text_of_a_message_belongs_to_one() {
    let kinds: BTreeSet<&str> = examples().iter().map(|example| example.message.kind()).collect();
    let of_one = |key: &str| {
        let Some(rest) = key.strip_prefix("mail-").or(key.strip_prefix("sms-")) else { return true };
        let parts = ["", "-subject", "-link", "-body-1", "-body-2", "-body-3"];
        let is_shell = ["number", "verify", "code-label", "link-label", "notice"].contains(&rest);
        is_shell || parts.iter().any(|part| rest.strip_suffix(part).is_some_and(|kind| kinds.contains(kind)))
    };
    let left_over: Vec<String> = keys(Locale::Ru).into_iter().filter(|key| !of_one(key)).collect();
    assert!(left_over.is_empty(), "{left_over:?}");
}
