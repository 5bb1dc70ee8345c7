//! Mail by SMTP.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use lettre::address::Address;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::extension::ClientId;

use super::carrier::{BoxFuture, Carrier, Delivery};
use super::content::Body;
use super::mail_server::MailServer;
use super::outgoing_message::OutgoingMessage;
use crate::base::seconds;
use crate::config::{MailUrl, SettingError};

/// For the whole conversation: only the connecting has a bound of its own.
const PATIENCE: Duration = seconds(40);

/// RFC 3834: answering machines stay silent.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(AutoSubmitted::name(), "auto-generated".to_owned())
    }
}

/// The mail server as a carrier. A connection for each message: a portal sends few, and servers close idle ones.
pub struct Mail {
    server: MailServer,
    from: Mailbox,
}

impl Mail {
    /// Reads the certificate authority, if one is named; does not connect. `hello`: how we call ourselves; `name` is shown as the
    /// sender's.
    pub fn new(url: &MailUrl, hello: &ClientId, from: &Address, name: &str) -> Result<Mail, SettingError> {
        let from = Mailbox::new(Some(name.to_owned()), from.clone());
        Ok(Mail { server: MailServer::new(url, hello)?, from })
    }

    /// The letter: the same bytes but for the boundary each time that it is written.
    fn letter(&self, message: &OutgoingMessage) -> Result<lettre::Message, Delivery> {
        let refused = |class| Delivery::Refused { class: Cow::Borrowed(class) };
        let Body::Mail { subject, text, html } = &message.body else { return Err(refused("not a mail")) };
        let to: Address = message.to.as_str().parse().map_err(|_error| refused("unusable address"))?;
        let queued = Duration::from_micros(u64::try_from(message.queued_at.micros()).unwrap_or(0));
        lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject.clone())
            .date(SystemTime::UNIX_EPOCH + queued)
            .message_id(Some(format!("<{}@{}>", message.number, self.from.email.domain())))
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative_plain_html(text.clone(), html.clone()))
            .map_err(|_error| refused("unusable letter"))
    }
}

impl Carrier for Mail {
    fn patience(&self) -> Duration {
        PATIENCE
    }

    fn deliver<'a>(&'a self, message: &'a OutgoingMessage) -> BoxFuture<'a, Delivery> {
        Box::pin(async move {
            let letter = match self.letter(message) {
                Ok(letter) => letter,
                Err(refused) => return refused,
            };
            self.server.send(letter.envelope(), &letter.formatted()).await
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::Clock;
    use crate::notices::{MessageNumber, OutboxId, Recipient};

    fn message(to: &str, subject: &str) -> OutgoingMessage {
        let body = Body::Mail {
            subject: subject.to_owned(),
            text: "Код: 041726".to_owned(),
            html: "<p>041726</p>".to_owned(),
        };
        let to = Recipient::mail(to, String::new());
        OutgoingMessage {
            id: OutboxId::next(),
            number: MessageNumber::random(),
            to,
            body,
            queued_at: Clock::default().now(),
        }
    }

    fn mail() -> Mail {
        let url = MailUrl::parse("smtp://127.0.0.1:2525").unwrap();
        Mail::new(&url, &ClientId::default(), &"no-reply@pay.example.org".parse().unwrap(), "Алипэй").unwrap()
    }

    fn headers(letter: &lettre::Message) -> String {
        let text = String::from_utf8(letter.formatted()).unwrap();
        let (headers, _body) = text.split_once("\r\n\r\n").unwrap();
        headers.lines().filter(|line| !line.contains("boundary")).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_repeat_of_a_letter_can_be_recognised() {
        let message = message("anna@example.org", "Подтвердите адрес");
        let (first, again) = (mail().letter(&message).unwrap(), mail().letter(&message).unwrap());
        let text = headers(&first);
        assert_eq!(text, headers(&again));
        assert!(text.contains(&format!("Message-ID: <{}@pay.example.org>", message.number)), "{text}");
        assert!(text.contains("Auto-Submitted: auto-generated"), "{text}");
        assert!(text.is_ascii() && text.contains("Subject: =?utf-8?b?"), "{text}");
    }

    #[test]
    fn nothing_in_a_letter_begins_another_header() {
        let text =
            headers(&mail().letter(&message("anna@example.org", "x\r\nBcc: all@example.org\0")).unwrap());
        assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
        for email in ["anna@example.org\r\nBcc: all@example.org", "anna", "a\0@example.org", ""] {
            let refused = mail().letter(&message(email, "x")).err();
            assert_eq!(refused, Some(Delivery::Refused { class: "unusable address".into() }), "{email}");
        }
    }

    #[test]
    fn an_authority_that_cannot_be_read_names_the_setting() {
        let url = MailUrl::parse("smtps://mail.example.org?ca=/nonexistent/ca.pem").unwrap();
        let error =
            Mail::new(&url, &ClientId::default(), &"a@example.org".parse().unwrap(), "x").err().unwrap();
        assert!(
            error.to_string().starts_with("KABINET_SMTP_URL: cannot read /nonexistent/ca.pem"),
            "{error}"
        );
    }
}
