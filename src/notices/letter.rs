//! The text of a message: an SMS, or a mail, which is the same text in a shell of plain text and one of HTML.

use askama::Template;

use super::content::{Body, Content, Unusable};
use super::number::MessageNumber;
use super::recipient::Channel;
use super::sms_text::in_plain_letters;
use crate::base::has_invisible;
use crate::texts::{self, Locale, site, words_with};

/// `mail-<kind>-body-1` and so on, to this one.
pub const MOST_PARAGRAPHS: u8 = 9;

const NO_TEXT: Unusable = Unusable("no text for this channel");

impl Content {
    /// Writes the message of a kind.
    pub fn write(&self, number: &MessageNumber, locale: Locale, kind: &str) -> Result<Body, Unusable> {
        if !self.to.is_usable() {
            return Err(Unusable("unusable recipient"));
        }
        match self.to.channel() {
            Channel::Sms => self.sms(locale, kind),
            Channel::Mail => mail(number, locale, kind, self),
        }
    }

    fn sms(&self, locale: Locale, kind: &str) -> Result<Body, Unusable> {
        let text = texts::find(locale, &format!("sms-{kind}"), self.for_texts())?.ok_or(NO_TEXT)?;
        if has_invisible(&text) {
            return Err(Unusable("unusable text"));
        }
        Ok(Body::Sms { text: in_plain_letters(text) })
    }
}

/// What both shells say.
struct Letter<'a> {
    lang: &'static str,
    brand: &'static str,
    /// That the site is independent of whoever is called so, too.
    independent: String,
    subject: &'a str,
    paragraphs: &'a [String],
    link: Option<(&'a str, &'a str)>,
    code: Option<&'a str>,
    comma: &'a str,
    joint: &'a str,
    code_label: String,
    link_label: String,
    number_line: String,
    /// What the page that tells whether a message is ours is called, and where it is.
    check: (String, &'a str),
    notice: String,
}

#[derive(Template)]
#[template(path = "notices/mail.html")]
struct Html<'a> {
    letter: &'a Letter<'a>,
}

#[derive(Template)]
#[template(path = "notices/mail.txt")]
struct Text<'a> {
    letter: &'a Letter<'a>,
}

/// Writes a mail: subject, text and HTML.
fn mail(number: &MessageNumber, locale: Locale, kind: &str, content: &Content) -> Result<Body, Unusable> {
    let given = content.for_texts();
    let find = |part: &str| texts::find(locale, &format!("mail-{kind}-{part}"), given.clone());
    let shell =
        |key: &str| words_with(locale, key, [("number".into(), number.as_str().to_owned().into())].into());
    let subject = find("subject")?.ok_or(NO_TEXT)?;
    let paragraphs =
        (1..=MOST_PARAGRAPHS).map(|place| find(&format!("body-{place}"))).map_while(Result::transpose);
    let paragraphs = paragraphs.collect::<Result<Vec<String>, _>>()?;
    let url = content.url.as_deref();
    let caption = find("link")?.unwrap_or_default();
    if [subject.as_str(), url.unwrap_or_default()].into_iter().any(has_invisible)
        || paragraphs.iter().any(|text| has_invisible(text))
    {
        return Err(Unusable("unusable text"));
    }
    let letter = Letter {
        lang: locale.word(),
        brand: &site().brand,
        independent: shell("brand-independent"),
        subject: &subject,
        paragraphs: &paragraphs,
        link: url.map(|url| (caption.as_str(), url)),
        code: content.code.as_deref(),
        code_label: shell("mail-code-label"),
        comma: if locale == Locale::ZhCn { "，" } else { ", " },
        joint: locale.joint(),
        link_label: shell("mail-link-label"),
        number_line: shell("mail-number"),
        check: (shell("mail-verify"), &content.verify_url),
        notice: shell("mail-notice"),
    };
    let (html, text) = (Html { letter: &letter }.render(), Text { letter: &letter }.render());
    let (Ok(html), Ok(text)) = (html, text) else { return Err(Unusable("unusable text")) };
    Ok(Body::Mail { subject, text, html })
}
