//! Mail by SMTP.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use lettre::address::Address;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::carrier::{Carrier, Delivery, Soon};
use super::notice::{Body, Message};
use crate::base::{minutes, seconds};
use crate::config::{MailTls, MailUrl, SettingError};

/// For each step of the conversation: greeting, each command.
const ANSWER_WITHIN: Duration = seconds(20);
/// For the whole of it.
const PATIENCE: Duration = minutes(1);

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
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&url.host).port(url.port).timeout(Some(ANSWER_WITHIN));
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
    fn letter(&self, message: &Message) -> Result<lettre::Message, Delivery> {
        let refused = |class| Delivery::Refused { class: Cow::Borrowed(class) };
        let Body::Mail { subject, text, html } = &message.body else { return Err(refused("not a mail")) };
        let to: Address = message.to.as_str().parse().map_err(|_error| refused("unusable address"))?;
        let posted = Duration::from_micros(u64::try_from(message.posted_at.micros()).unwrap_or(0));
        lettre::Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject.clone())
            .date(SystemTime::UNIX_EPOCH + posted)
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
        let pem = std::fs::read(path).map_err(|error| problem(format!("cannot read {}: {error}", path.display())))?;
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

    fn deliver<'a>(&'a self, message: &'a Message) -> Soon<'a, Delivery> {
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
        Some(code) if error.is_permanent() && !is_about_us(&code) => Delivery::Refused { class: format!("refused {code}").into() },
        Some(code) if error.is_permanent() => later(format!("not let in {code}").into()),
        Some(code) => later(format!("put off {code}").into()),
        None if error.is_timeout() => later("no answer".into()),
        None if error.is_tls() => later("no TLS".into()),
        None if error.is_client() || error.is_response() => later("no understanding".into()),
        None => later("no connection".into()),
    }
}

/// 530, 534, 535, 538: authentication is wanted or has failed. 500 to 504, 521, 554 may be either; they count as the letter's,
/// apart from those that speak of commands, which are the same for each letter.
fn is_about_us(code: &str) -> bool {
    matches!(code, "500" | "502" | "503" | "504" | "521" | "530" | "534" | "535" | "538")
}
