//! The messages of every room, from the examples in its `messages.rs`.

use std::collections::BTreeSet;

use crate::accounts::notify::common_args;
use crate::notices::testing::{Example, SITE, sms_parts};
use crate::notices::{
    Body, Channel, Content, MOST_PARAGRAPHS, MessageArgs, MessageNumber, Recipient, Unusable, log,
};
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

/// As it is sent: to the owner of an account, or with no more than the message says.
fn content(to: Recipient, example: &Example) -> Content {
    let common = if example.is_for_owner {
        common_args("1234 5678 9012".to_owned(), "22 ноября 2026 г. в 19:05".to_owned(), "203.0.113.7")
    } else {
        MessageArgs::new()
    };
    Content::of(to, example.message.as_ref(), common, |path| format!("{SITE}{path}"))
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
        let kind = example.message.kind();
        for (channel, to) in [
            (Channel::Sms, Recipient::phone("+79991234567", String::new())),
            (Channel::Mail, Recipient::mail("anna@example.org", String::new())),
        ] {
            let content = content(to, &example);
            let written = content.write(&number, locale, kind);
            if !example.channels.contains(&channel) {
                assert!(
                    matches!(written, Err(Unusable("no text for this channel"))),
                    "{kind} has texts for {} too: make its example `by_both`, or delete them",
                    channel.word()
                );
                continue;
            }
            match written.unwrap_or_else(|error| panic!("{}", refused(locale, &content.to, kind, &error))) {
                Body::Sms { text } => {
                    assert!(text.contains("Alipay"), "{text}");
                    assert!(
                        text.contains("Ant Group)") || text.contains("（非蚂蚁集团）"),
                        "independent: {text}"
                    );
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

/// Each part is paid for, and a phone shows a text of one part at once. In Russian and Chinese 70 characters are one: the brand and that
/// the site is independent take a third of them, an ordinary link (`https://pay.example.org/sign-in`) half.
#[test]
fn an_sms_has_two_parts_at_most_and_one_where_it_can() {
    let (mut one_in, mut counted) = ([0; Locale::ALL.len()], 0);
    for (locale, kind, text) in every_sms() {
        let parts = sms_parts(&text);
        // What has no link is a code, and should be seen whole.
        let most = if text.contains(SITE) { 2 } else { 1 };
        assert!((1..=most).contains(&parts), "{kind}: {parts} parts in {}: {text}", locale.word());
        one_in[locale.index()] += usize::from(parts == 1);
        counted += 1;
    }
    let kinds = counted / Locale::ALL.len();
    let [russian, english, chinese] = one_in;
    assert!(russian >= 3 && english >= kinds - 5 && chinese >= kinds / 2, "{one_in:?} of {kinds}");
}

/// A phone offers the number after "code" for the field; a full stop or a letter that sticks to it goes along, or hides it.
#[test]
fn after_a_code_comes_a_space_or_the_end_of_the_line() {
    let of_sms = every_sms().into_iter().map(|(_, kind, text)| (kind, text));
    let with_code =
        examples().into_iter().filter_map(|example| Some((example.message.code()?.to_owned(), example)));
    let codes: Vec<(String, &'static str)> =
        with_code.map(|(code, example)| (code, example.message.kind())).collect();
    let all: Vec<(&'static str, String)> = of_sms.chain(every_mail_text()).collect();
    let mut found = 0;
    for (kind, text) in all {
        for (code, _) in codes.iter().filter(|(_, of)| *of == kind) {
            for (place, _) in text.match_indices(code.as_str()) {
                let (before, after) = (&text[..place], &text[place + code.len()..]);
                assert!(before.ends_with([' ', '\n']), "{kind}: {text}");
                assert!(after.is_empty() || after.starts_with([' ', '\n']), "{kind}: {text}");
                found += 1;
            }
        }
    }
    assert!(found >= 6 * Locale::ALL.len(), "{found}");
}

fn every_sms() -> Vec<(Locale, &'static str, String)> {
    written(Channel::Sms, Recipient::phone("+79991234567", String::new()))
        .map(|(locale, kind, body)| match body {
            Body::Sms { text } => (locale, kind, text),
            Body::Mail { .. } => unreachable!(),
        })
        .collect()
}

fn every_mail_text() -> Vec<(&'static str, String)> {
    written(Channel::Mail, Recipient::mail("anna@example.org", String::new()))
        .map(|(_, kind, body)| match body {
            Body::Mail { text, .. } => (kind, text),
            Body::Sms { .. } => unreachable!(),
        })
        .collect()
}

/// Every kind of message of a channel, in every language.
fn written(channel: Channel, to: Recipient) -> impl Iterator<Item = (Locale, &'static str, Body)> {
    let number = MessageNumber::random();
    Locale::ALL.iter().flat_map(move |locale| {
        let (to, number) = (to.clone(), number.clone());
        let examples = examples().into_iter().filter(move |example| example.channels.contains(&channel));
        examples.map(move |example| {
            let kind = example.message.kind();
            (*locale, kind, content(to.clone(), &example).write(&number, *locale, kind).unwrap())
        })
    })
}

fn refused(locale: Locale, to: &Recipient, kind: &str, error: &Unusable) -> String {
    format!(
        "{kind} cannot be sent by {} in {}: {error}. Look at its texts in locales/{}/notices.ftl: give them what they name \
         by `with`, or, if `tx.notify_at` sends it, say so in its example by `at_owner`",
        to.channel().word(),
        locale.word(),
        locale.word()
    )
}

fn is_a_whole_mail(number: &MessageNumber, content: &Content, (subject, text, html): (&str, &str, &str)) {
    let independent =
        |said: &str| said.contains("127.0.0.1") && said.contains("Alipay") && said.contains("Ant Group");
    assert!(independent(text) && independent(html), "{text}");
    assert!(text.contains(number.as_str()) && html.contains(number.as_str()), "{text}");
    assert!(
        text.contains("https://pay.example.org/messages/verify\n")
            && html.contains("\"https://pay.example.org/messages/verify\""),
        "{text}"
    );
    let url = content.url.as_deref().unwrap();
    assert!(url.starts_with(SITE) && text.contains(&format!("{url}\n")), "{text}");
    assert!(content.code.as_ref().is_none_or(|code| text.contains(code) && html.contains(code)), "{text}");
    assert!(text.contains(subject) && !text.contains("mail-") && !text.contains("{ $"), "{text}");
    assert!(!html.contains("src=") && !html.contains("<link") && !html.contains("<script"), "{html}");
}

/// Where there is something else to be done first, its page stands there.
const FIRST_AT_THE_CARD: [&str; 2] = ["card-charged", "card-confirmed"];

#[test]
fn whoever_is_told_to_change_the_password_or_restore_access_is_led_there() {
    let changes = ["мените пароль", "hange your password", "hange the password", "改密码"];
    let restores = ["осстановите доступ", "estore your access", "恢复"];
    let mut led = BTreeSet::new();
    let texts = every_sms().into_iter().map(|(_, kind, text)| (kind, text)).chain(every_mail_text());
    for (kind, text) in texts.filter(|(kind, _)| !FIRST_AT_THE_CARD.contains(kind)) {
        if changes.iter().any(|words| text.contains(words)) {
            assert!(text.contains(&format!("{SITE}/p")), "{kind}: {text}");
            led.insert(kind);
        } else if restores.iter().any(|words| text.contains(words)) && kind.starts_with("password-") {
            assert!(text.contains(&format!("{SITE}/recovery")), "{kind}: {text}");
            led.insert(kind);
        }
    }
    assert!(led.len() >= 15, "{led:?}");
}

#[test]
fn every_message_is_called_something_in_each_language() {
    for example in examples() {
        for locale in Locale::ALL {
            let (kind, subject) = (example.message.kind(), log::subject(*locale, example.message.kind()));
            assert!(
                !subject.ends_with("-subject") && !subject.contains("{ $"),
                "the list of messages calls {kind} “{subject}”: write mail-{kind}-subject, or sms-{kind}-subject if it goes \
                 by SMS alone, in locales/{}/notices.ftl, without arguments",
                locale.word()
            );
        }
    }
}

#[test]
fn every_text_of_a_message_belongs_to_one() {
    let kinds: BTreeSet<&str> = examples().iter().map(|example| example.message.kind()).collect();
    let of_one = |key: &str| {
        let Some(rest) = key.strip_prefix("mail-").or(key.strip_prefix("sms-")) else { return true };
        let is_shell = ["number", "verify", "code-label", "link-label", "notice"].contains(&rest);
        let is_of_one = |part: &str| rest.strip_suffix(part).is_some_and(|kind| kinds.contains(kind));
        let is_paragraph = (1..=MOST_PARAGRAPHS).any(|place| is_of_one(&format!("-body-{place}")));
        is_shell || is_paragraph || ["", "-subject", "-link"].into_iter().any(is_of_one)
    };
    let left_over: Vec<String> = keys(Locale::Ru).into_iter().filter(|key| !of_one(key)).collect();
    assert!(
        left_over.is_empty(),
        "no message has these texts of notices.ftl. Add the message to `examples()` of its room's messages.rs, or call the texts \
         by its kind (mail-<kind>-subject, -body-1 to -body-{MOST_PARAGRAPHS}, -link; sms-<kind>), or delete them: {left_over:#?}"
    );
}
