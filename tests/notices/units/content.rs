//! What carriers would misread is not written.

use kabinet::base::minutes;
use kabinet::notices::{Channel, Content, MessageArgs, MessageNumber, Recipient, Unusable};
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
