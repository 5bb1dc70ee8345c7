//! The texts in three languages: none is missing, none is left over, each can be said.

use std::collections::{BTreeMap, BTreeSet};

use kabinet::notices::MOST_PARAGRAPHS;
use kabinet::texts::{Args, FluentValue, Locale, words_with};

use super::sources::{File, files, working_sources};
use super::texts::{Message, messages};

/// Russian texts that count in the genitive («не длиннее двух символов»): 2 and 5 are said in one way.
const GENITIVE: [&str; 6] =
    ["login-long", "password-long", "password-short", "landing-currencies", "name-long", "answer-long"];

#[test]
fn the_same_messages_exist_in_three_languages_and_want_the_same() {
    let russian = messages(Locale::Ru);
    for locale in Locale::ALL {
        let others = messages(*locale);
        let keys = |of: &BTreeMap<String, Message>| of.keys().cloned().collect::<BTreeSet<_>>();
        let differ: Vec<_> = keys(russian).symmetric_difference(&keys(others)).cloned().collect();
        let word = locale.word();
        assert!(
            differ.is_empty(),
            "these keys are in one of locales/ru and locales/{word} only: write them in the other, or delete them: {differ:#?}"
        );
        for (key, message) in others {
            assert_eq!(
                message.wants, russian[key].wants,
                "{key} names other arguments in locales/{word} (left) than in locales/ru (right): name the same in all languages"
            );
        }
    }
}

/// Whoever is sent to support reads beside it how to reach them.
#[test]
fn a_page_that_names_support_says_how_to_reach_it() {
    let names = ["оддержк", "support", "客服", "支持人员"];
    let (templates, code) = (files("templates", ".html"), working_sources());
    let (mut missing, mut found) = (Vec::new(), 0);
    for locale in Locale::ALL {
        for key in messages(*locale).keys().filter(|key| !key.starts_with("support-")) {
            let said = examples(key, &messages(*locale)[key]);
            let said = words_with(*locale, key, said.last().cloned().unwrap());
            if !names.iter().any(|name| said.contains(name)) {
                continue;
            }
            let quoted = format!("\"{key}\"");
            for page in templates.iter().filter(|page| page.text.contains(&quoted)) {
                found += 1;
                if !(page.text.contains("s::line(cx)") || page.text.contains("s::contacts(")) {
                    missing.push(format!("{}: {key} in {}", page.path, locale.word()));
                }
            }
            for file in code.iter().filter(|file| file.text.contains(&quoted)) {
                missing.push(format!("{}: {key} in {}", file.path, locale.word()));
            }
        }
    }
    assert!(missing.is_empty(), "these pages name support and do not say how to reach it: {missing:#?}");
    assert!(found >= 15, "{found}");
}

#[test]
fn every_message_can_be_said_in_each_language() {
    for locale in Locale::ALL {
        for (key, message) in messages(*locale) {
            for args in examples(key, message) {
                let said = words_with(*locale, key, args.clone());
                let where_and_what = format!("{} {key} {args:?}: «{said}»", locale.word());
                assert!(said != *key && !said.trim().is_empty(), "{where_and_what}");
                assert!(
                    !said.contains("{ $") && !said.contains("{$") && !said.contains('\u{2068}'),
                    "{where_and_what}"
                );
                for argument in &message.wants {
                    let shown = args.get(argument.as_str()).map(shown).unwrap();
                    let chosen = message.chooses.contains_key(argument);
                    assert!(chosen || said.contains(&shown), "{where_and_what} does not say {argument}");
                }
            }
        }
    }
}

/// Arguments of every kind that matters: numbers with each plural form, each word that is chosen by.
fn examples(key: &str, message: &Message) -> Vec<Args> {
    let mut examples = vec![Args::new()];
    for argument in &message.wants {
        let values: Vec<FluentValue<'static>> = match message.chooses.get(argument) {
            _ if counts(key, argument) => [0, 1, 2, 5, 11, 21, 254].map(FluentValue::from).into(),
            Some(words) => words.iter().map(|word| FluentValue::from(word.clone())).collect(),
            None => vec![FluentValue::from(format!("«{argument}»"))],
        };
        let with = |value: &FluentValue<'static>| {
            examples
                .iter()
                .cloned()
                .map(|mut args| {
                    args.insert(argument.clone().into(), value.clone());
                    args
                })
                .collect::<Vec<_>>()
        };
        examples = values.iter().flat_map(with).collect();
    }
    examples
}

/// Whether a message is given a number there: in some language it has plural forms for it.
fn counts(key: &str, argument: &str) -> bool {
    Locale::ALL.iter().any(|locale| messages(*locale)[key].counts(argument))
}

fn shown(value: &FluentValue) -> String {
    match value {
        FluentValue::String(text) => text.to_string(),
        FluentValue::Number(number) => number.as_string().into_owned(),
        _ => String::new(),
    }
}

#[test]
fn russian_plurals_are_those_of_one_two_five_and_twenty_one() {
    let mut counted = 0;
    for (key, message) in messages(Locale::Ru) {
        for argument in message.wants.iter().filter(|argument| counts(key, argument)) {
            assert!(message.counts(argument), "{key} does not count its {argument}");
            counted += 1;
            let said = |number: i64| {
                let mut args: Args =
                    message.wants.iter().map(|name| (name.clone().into(), "…".into())).collect();
                args.insert(argument.clone().into(), number.into());
                words_with(Locale::Ru, key, args).replace(&number.to_string(), "…")
            };
            let forms = [said(1), said(2), said(5), said(21)];
            assert_eq!(forms[0], forms[3], "{key}: 1 and 21");
            assert_ne!(forms[0], forms[1], "{key}: 1 and 2");
            assert_ne!(forms[0], forms[2], "{key}: 1 and 5");
            assert_eq!(forms[1] == forms[2], GENITIVE.contains(&key.as_str()), "{key}: 2 and 5");
            assert_eq!(said(11), forms[2], "{key}: 11 and 5");
        }
    }
    assert!(counted > 10, "only {counted} texts count");
}

#[test]
fn every_key_that_templates_name_exists_and_gets_what_it_wants() {
    let russian = messages(Locale::Ru);
    let (mut wrong, mut named) = (Vec::new(), 0);
    for file in files("templates", ".html") {
        for (key, given) in keys_in(&file.text) {
            named += 1;
            match russian.get(key) {
                None => wrong.push(format!("{}: {key} does not exist", file.path)),
                Some(message) if message.wants.iter().any(|name| !given.contains(&name.as_str())) => {
                    wrong.push(format!("{}: {key} wants {:?}, gets {given:?}", file.path, message.wants));
                }
                Some(_) => {}
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "templates name these keys: write each in locales/*/<room>.ftl, and give it what it wants by `cx.ta`: {wrong:#?}"
    );
    assert!(named > 500, "only {named} keys were read");
}

#[test]
fn every_key_is_used_somewhere() {
    let sources = files("src", ".rs").into_iter().chain(files("templates", ".html")).map(|file| file.text);
    let sources: String = sources.collect();
    let (quoted, computed) = (sources.split('"').collect::<BTreeSet<_>>(), computed_keys());
    let left_over: Vec<&String> = messages(Locale::Ru)
        .keys()
        .filter(|key| !quoted.contains(key.as_str()) && !computed.contains(*key))
        .collect();
    assert!(
        left_over.is_empty(),
        "no source and no template names these keys, and no kind in a messages.rs or events.rs makes them up: use them, or delete \
         them in every language: {left_over:#?}"
    );
}

/// Keys that are made from a word: the texts of a message from its kind, that of an event from its own.
fn computed_keys() -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for file in files("src", ".rs") {
        if file.path.ends_with("/messages.rs") {
            for kind in file.text.split('"').skip(1).step_by(2) {
                keys.extend(["subject", "link"].map(|part| format!("mail-{kind}-{part}")));
                keys.extend((1..=MOST_PARAGRAPHS).map(|place| format!("mail-{kind}-body-{place}")));
                keys.extend([format!("sms-{kind}"), format!("sms-{kind}-subject")]);
            }
        }
        for event in file.text.split("ActivityEvent::new(\"").skip(1) {
            keys.extend(event.split('"').next().map(|word| format!("event-{word}")));
        }
    }
    keys
}

#[test]
fn the_text_of_an_event_stands_among_those_of_its_room() {
    let texts = files("locales/ru", ".ftl");
    let mut elsewhere = Vec::new();
    for file in files("src", ".rs") {
        for event in file.text.split("ActivityEvent::new(\"").skip(1) {
            let (word, room) = (event.split('"').next().unwrap_or_default(), file.room());
            let stands =
                |text: &File| text.text.lines().any(|line| line.starts_with(&format!("event-{word} =")));
            let of_room = |text: &&File| {
                let name = text.path.trim_start_matches("locales/ru/");
                name.split('/').next().unwrap_or_default().trim_end_matches(".ftl") == room
            };
            if !texts.iter().filter(of_room).any(stands) {
                elsewhere.push(format!("event-{word}: in locales/*/{room}.ftl or locales/*/{room}/"));
            }
        }
    }
    assert!(
        elsewhere.is_empty(),
        "write the texts of these events where their rooms have theirs: {elsewhere:#?}"
    );
}

#[test]
fn every_type_of_message_has_an_example() {
    for file in files("src", ".rs").iter().filter(|file| !file.path.starts_with("src/notices/")) {
        let examples = file.text.split("fn examples()").nth(1).unwrap_or_default();
        for part in file.text.split("impl Message for ").skip(1) {
            let name: String = part.chars().take_while(|c| c.is_alphanumeric()).collect();
            assert!(file.path.ends_with("/messages.rs"), "{}: {name} belongs to messages.rs", file.path);
            assert!(examples.contains(&name), "{}: {name} is not among the examples", file.path);
        }
    }
}

/// Keys that a template names, each with the names of what it is given: `cx.t("…")`, `cx.ta("…", [("name", …)])`, and
/// what the macros of forms take.
fn keys_in(template: &str) -> Vec<(&str, Vec<&str>)> {
    let mut found = Vec::new();
    for call in template.split("cx.t(\"").skip(1) {
        found.extend(call.split('"').next().map(|key| (key, Vec::new())));
    }
    for call in template.split("cx.ta(\"").skip(1) {
        let call = call.split("])").next().unwrap_or_default();
        let given = call.split("(\"").skip(1).filter_map(|name| name.split('"').next()).collect();
        found.extend(call.split('"').next().map(|key| (key, given)));
    }
    for call in template.split("{% call f::").skip(1) {
        let call = call.split("%}").next().unwrap_or_default();
        let mut parts = call.split('"');
        while let (Some(before), Some(text)) = (parts.next(), parts.next()) {
            let is_look =
                ["complete = ", "mode = ", "kind = ", "look = "].iter().any(|name| before.ends_with(name));
            if !is_look && text.contains('-') {
                found.push((text, Vec::new()));
            }
        }
    }
    found
}

#[test]
fn every_problem_that_the_code_names_has_a_sentence() {
    let russian = messages(Locale::Ru);
    let mut named = 0;
    for file in files("src", ".rs") {
        for call in file.text.split("Problem::new(\"").skip(1) {
            let parts: Vec<&str> = call.splitn(4, '"').collect();
            // Where the key is not written out, a rule names it.
            if let [_field, ", ", key, ..] = parts.as_slice() {
                named += 1;
                assert!(russian.contains_key(*key), "{}: {key}", file.path);
            }
        }
    }
    assert!(named > 10);
}

/// The texts of a language, each with the lines that belong to it.
fn texts_of(locale: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for file in files(&format!("locales/{locale}"), ".ftl") {
        for line in file.text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            match (line.split_once(" = "), line.starts_with(' '), found.last_mut()) {
                (_, true, Some((_, text))) => text.push_str(line),
                (Some((key, text)), false, _) => found.push((key.to_owned(), text.to_owned())),
                _ => panic!("{}: «{line}»", file.path),
            }
        }
    }
    found
}

/// The brand stands in captions that the articles quote, in titles, and before each SMS; elsewhere the site speaks as itself.
#[test]
fn no_text_speaks_as_if_the_site_were_alipay() {
    let captions = ["title-ending", "landing-go-gloss", "landing-in-marketplace-3", "landing-in-site-1"];
    let notices =
        ["independence", "footer-independence", "mail-notice", "policy-who-text", "landing-go-gloss"];
    for locale in Locale::ALL {
        for (key, text) in texts_of(locale.word()) {
            let named =
                text.contains("$brand") && !captions.contains(&key.as_str()) && !key.starts_with("sms-");
            assert!(!named, "{}: {key} names the brand: {text}", locale.word());
            let of_alipay = text.contains("Alipay") && !notices.contains(&key.as_str());
            assert!(!of_alipay, "{}: {key} names Alipay: {text}", locale.word());
        }
    }
}

#[test]
fn chinese_sentences_have_chinese_punctuation() {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for (key, text) in texts_of(Locale::ZhCn.word()) {
        let pairs = text.chars().zip(text.chars().skip(1));
        let wrong: Vec<_> =
            pairs.filter(|(one, next)| is_han(*one) && ",.;:!?()\"".contains(*next)).collect();
        assert!(wrong.is_empty(), "{key}: {wrong:?} in {text}");
    }
}

/// What stands between two sentences is `cx.joint()`: a blank is no part of Chinese.
#[test]
fn no_template_puts_a_blank_between_sentences() {
    let mut wrong = Vec::new();
    for file in files("templates", ".html").iter().filter(|file| !file.path.contains("/sandbox/")) {
        for line in file.text.lines() {
            let glued = line.match_indices("}} ").any(|(at, blank)| {
                let (before, after) = (&line[..at], &line[at + blank.len()..]);
                let text = before.rfind("{{").is_some_and(|open| before[open..].starts_with("{{ cx.t"));
                text && ["<a ", "<time", "{{ cx.t"].iter().any(|next| after.starts_with(next))
            });
            if glued && !line.contains("<title>") {
                wrong.push(format!("{}: {line}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
