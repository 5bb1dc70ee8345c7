//! The text of a message: an SMS, or a mail, which is the same text in a shell of plain text and one of HTML.

use askama::Template;

use super::content::{Body, Content, Unusable};
use super::number::MessageNumber;
use super::recipient::Channel;
use crate::base::has_invisible;
use crate::texts::{self, Locale, brand, words_with};

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
        let text = texts::find(locale, &format!("sms-{kind}"), self.for_texts()).ok_or(NO_TEXT)?;
        if has_invisible(&text) { Err(Unusable("unusable text")) } else { Ok(Body::Sms { text }) }
    }
}

#[derive(Template)]
#[template(path = "notices/mail.html")]
struct Html<'a> {
    lang: &'static str,
    brand: &'static str,
    subject: &'a str,
    paragraphs: &'a [String],
    link: Option<(&'a str, &'a str)>,
    code: Option<&'a str>,
    code_label: &'a str,
    link_label: &'a str,
    number_line: &'a str,
    /// What the page that tells whether a message is ours is called, and where it is.
    check: (&'a str, &'a str),
    notice: &'a str,
}

#[derive(Template)]
#[template(path = "notices/mail.txt")]
struct Text<'a> {
    brand: &'static str,
    subject: &'a str,
    paragraphs: &'a [String],
    link: Option<(&'a str, &'a str)>,
    code: Option<&'a str>,
    code_label: &'a str,
    number_line: &'a str,
    /// What the page that tells whether a message is ours is called, and where it is.
    check: (&'a str, &'a str),
    notice: &'a str,
}

/// Writes a mail: subject, text and HTML.
fn mail(number: &MessageNumber, locale: Locale, kind: &str, content: &Content) -> Result<Body, Unusable> {
    let given = content.for_texts();
    let find = |part: &str| texts::find(locale, &format!("mail-{kind}-{part}"), given.clone());
    let shell =
        |key: &str| words_with(locale, key, [("number".into(), number.as_str().to_owned().into())].into());
    let subject = find("subject").ok_or(NO_TEXT)?;
    let paragraphs: Vec<String> = (1..=9).map_while(|place| find(&format!("body-{place}"))).collect();
    let url = content.url.as_deref();
    let caption = find("link").unwrap_or_default();
    let code_label = shell("mail-code-label");
    let link_label = shell("mail-link-label");
    let number_line = shell("mail-number");
    let verify_label = shell("mail-verify");
    let check = (verify_label.as_str(), content.verify_url.as_str());
    let notice = shell("mail-notice");
    if [subject.as_str(), url.unwrap_or_default()].into_iter().any(has_invisible)
        || paragraphs.iter().any(|text| has_invisible(text))
    {
        return Err(Unusable("unusable text"));
    }
    let link = url.map(|url| (caption.as_str(), url));
    let code = content.code.as_deref();
    let (brand, lang) = (brand(), locale.word());
    let html = Html {
        lang,
        brand,
        subject: &subject,
        paragraphs: &paragraphs,
        link,
        code,
        code_label: &code_label,
        link_label: &link_label,
        number_line: &number_line,
        check,
        notice: &notice,
    };
    let text = Text {
        brand,
        subject: &subject,
        paragraphs: &paragraphs,
        link,
        code,
        code_label: &code_label,
        number_line: &number_line,
        check,
        notice: &notice,
    };
    let (html, text) = (html.render(), text.render());
    let (Ok(html), Ok(text)) = (html, text) else { return Err(Unusable("unusable text")) };
    Ok(Body::Mail { subject, text, html })
}
