//! What carriers would misread is not written.

use kabinet::base::{hours, minutes};
use kabinet::notices::{Body, Channel, Content, MessageArgs, MessageNumber, Recipient, Unusable};
use kabinet::texts::Locale;

use crate::house::{TestMessage, code_to, mail_to};

const SITE: &str = "https://pay.example.org";

#[test]
fn recipients_and_texts_that_carriers_would_misread_are_refused() {
    let number = MessageNumber::random();
    let written = |to: Recipient, site: &str| {
        let posting = match to.channel() {
            Channel::Sms => code_to(to.as_str()),
            Channel::Mail => mail_to(to.as_str()),
        };
        let link = |path: &str| format!("{site}{path}");
        let content = Content::of(to, &posting.message, MessageArgs::new(), link);
        content.write(&number, Locale::Ru, posting.message.kind).map(|_body| ())
    };
    let unusable = Err(Unusable("unusable recipient"));
    for phone in ["", "79991234567", "+7999\r\n123456", "+7999123456789012", "+٧٩٩٩١٢٣٤٥٦٧"] {
        assert_eq!(written(Recipient::phone(phone, String::new()), SITE), unusable, "{phone}");
    }
    for email in ["a@b.c\r\nBcc: all@example.org", "a\0@b.c", "a\u{202e}@b.c"] {
        assert_eq!(written(Recipient::mail(email, String::new()), SITE), unusable, "{email}");
    }
    let (mail, unusable) = (Recipient::mail("a@b.c", String::new()), Err(Unusable("unusable text")));
    assert_eq!(written(mail.clone(), SITE), Ok(()));
    assert_eq!(written(mail.clone(), "https://x\r\nDATA"), unusable);
    let unlock = |to: Recipient| {
        let message =
            TestMessage { kind: "unlock", lifetime: minutes(30), path: Some("/unlock/x"), code: None };
        let link = |path: &str| format!("https://x\r\nDATA{path}");
        Content::of(to, &message, MessageArgs::new(), link)
            .write(&number, Locale::Ru, "unlock")
            .map(|_body| ())
    };
    assert_eq!(unlock(mail), unusable);
    assert_eq!(unlock(Recipient::phone("+79991234567", String::new())), unusable);
}

#[test]
fn a_text_that_wants_what_it_was_not_given_is_an_error_and_no_shorter_message() {
    let written = |to: Recipient, kind: &'static str, args: MessageArgs| {
        let message = TestMessage { kind, lifetime: hours(72), path: Some("/security"), code: None };
        let content = Content::of(to, &message, args, |path| format!("{SITE}{path}"));
        content.write(&MessageNumber::random(), Locale::Ru, kind)
    };
    let common = || {
        let args = MessageArgs::new().with("number", "1234 5678 9012").with("moment", "сегодня");
        args.with("ip", "203.0.113.7")
    };
    let mail = |args| written(Recipient::mail("a@b.c", String::new()), "backup-code-used", args);
    let unusable = |written| matches!(written, Err(Unusable("a text wants what it was not given")));
    assert!(unusable(mail(MessageArgs::new())), "the first paragraph names the account");
    assert!(unusable(mail(common())), "the second counts what is left");
    let Ok(Body::Mail { text, .. }) = mail(common().with("left", 9)) else { panic!("all is given") };
    assert!(text.contains("1234 5678 9012") && text.contains('9'), "{text}");
    let phone = Recipient::phone("+79991234567", String::new());
    assert!(unusable(written(phone, "email-changed", MessageArgs::new())), "the SMS names the address");
}
