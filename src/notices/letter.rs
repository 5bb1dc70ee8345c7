//! A mail: the same text in a shell of plain text and one of HTML.

use askama::Template;

use super::notice::{Body, Draft, Says, Unusable, args, draft};
use super::number::MessageNumber;
use crate::base::has_unseen;
use crate::texts::{Locale, brand, words_with};

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
pub(super) fn mail(number: &MessageNumber, locale: Locale, says: &Says) -> Result<Body, Unusable> {
    let Draft { paragraphs, url, code, args: given } =
        draft(says).ok_or(Unusable("no text for this channel"))?;
    let kind = says.kind().word();
    let word = |part: &str| words_with(locale, &format!("mail-{kind}-{part}"), given.clone());
    let shell = |key: &str| words_with(locale, key, args([("number", number.as_str())]));
    let subject = word("subject");
    let paragraphs: Vec<String> = (1..=paragraphs).map(|place| word(&format!("body-{place}"))).collect();
    let caption = word("link");
    let code_label = shell("mail-code-label");
    let link_label = shell("mail-link-label");
    let number_line = shell("mail-number");
    let check_label = shell("mail-check");
    let check_url = beside(url, "/check").ok_or(Unusable("unusable text"))?;
    let check = (check_label.as_str(), check_url.as_str());
    let notice = shell("mail-notice");
    if has_unseen(&subject) || has_unseen(url) || paragraphs.iter().any(|text| has_unseen(text)) {
        return Err(Unusable("unusable text"));
    }
    let link = Some((caption.as_str(), url));
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

/// Another page of the site that a link leads to. Links of ours are built from the public URL, and so is this one.
fn beside(url: &str, path: &str) -> Option<String> {
    Some(url::Url::parse(url).ok()?.join(path).ok()?.into())
}
