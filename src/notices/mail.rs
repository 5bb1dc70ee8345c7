//! Mail by SMTP.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use lettre::address::Address;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::carrier::{BoxFuture, Carrier, Delivery};
use super::content::Body;
use super::outgoing_message::OutgoingMessage;
use crate::base::seconds;
use crate::config::{MailTls, MailUrl, SettingError};

const CONNECT_WITHIN: Duration = seconds(10);
/// For the whole conversation: the crate bounds only the connecting.
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
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Mail {
    /// Reads the certificate authority, if one is named; does not connect. `name` is shown as the sender's.
    pub fn new(url: &MailUrl, from: &Address, name: &str) -> Result<Mail, SettingError> {
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&url.host)
            .port(url.port)
            .timeout(Some(CONNECT_WITHIN));
        builder = builder.tls(match url.tls {
            MailTls::None => Tls::None,
            MailTls::StartTls => Tls::Required(tls(url)?),
            MailTls::Wrapped => Tls::Wrapper(tls(url)?),
        });
        if let Some((user, password)) = &url.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.to_string()));
        }
        Ok(Mail { server: builder.build(), from: Mailbox::new(Some(name.to_owned()), from.clone()) })
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

fn tls(url: &MailUrl) -> Result<TlsParameters, SettingError> {
    let problem = |text: String| SettingError::new("KABINET_SMTP_URL", text);
    let mut builder = TlsParameters::builder(url.host.clone());
    if let Some(path) = &url.ca {
        let pem = std::fs::read(path)
            .map_err(|error| problem(format!("cannot read {}: {error}", path.display())))?;
        let ca = Certificate::from_pem(&pem)
            .map_err(|_error| problem(format!("{} must hold certificates in PEM form", path.display())))?;
        builder = builder.add_root_certificate(ca);
    }
    builder.build().map_err(|error| problem(format!("cannot be used with TLS: {error}")))
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
            match self.server.send(letter).await {
                Ok(_answer) => Delivery::Taken { peer_id: None },
                Err(error) => judge(&error),
            }
        })
    }
}

/// Only a lasting refusal of this letter is final. A server that refuses us (a wrong password, no TLS) may be mended
/// before the letter is too old.
fn judge(error: &lettre::transport::smtp::Error) -> Delivery {
    let later = |class: Cow<'static, str>| Delivery::Later { class };
    match error.status().map(|code| code.to_string()) {
        Some(code) if error.is_permanent() && !is_about_us(&code) => {
            Delivery::Refused { class: format!("refused {code}").into() }
        }
        Some(code) if error.is_permanent() => later(format!("not let in {code}").into()),
        Some(code) => later(format!("put off {code}").into()),
        None if error.is_client() || error.is_response() => later("no understanding".into()),
        None => {
            // The line's own trouble, such as a certificate that is not trusted: no words of the server, no address.
            let cause: &dyn std::error::Error = error;
            tracing::warn!(error = cause, "the mail server cannot be reached");
            later(if error.is_timeout() { "no answer" } else { "no connection" }.into())
        }
    }
}

/// 530, 534, 535, 538: authentication is wanted or has failed. 500 to 504, 521, 554 may be either; they count as the letter's,
/// apart from those that speak of commands, which are the same for each letter.
fn is_about_us(code: &str) -> bool {
    matches!(code, "500" | "502" | "503" | "504" | "521" | "530" | "534" | "535" | "538")
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
        Mail::new(&url, &"no-reply@pay.example.org".parse().unwrap(), "Алипэй").unwrap()
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
        let error = Mail::new(&url, &"a@example.org".parse().unwrap(), "x").err().unwrap();
        assert!(
            error.to_string().starts_with("KABINET_SMTP_URL: cannot read /nonexistent/ca.pem"),
            "{error}"
        );
    }
}
