//! The conversation with the mail server, step by step: who is meant by a refusal depends on what it answers.

use std::error::Error as _;
use std::time::Duration;

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use tokio::time::timeout;

use super::carrier::Delivery;
use crate::base::{is_invisible, seconds};
use crate::config::{MailTls, MailUrl, SettingError};

const CONNECT_WITHIN: Duration = seconds(10);
/// The letter is taken (or not): nobody is waited for any more.
const LEAVE_WITHIN: Duration = seconds(2);
/// So much of a refusal's text is kept.
const TEXT_MAX_CHARS: usize = 120;
/// A longer word is a link or a token rather than a word.
const WORD_MAX_CHARS: usize = 32;
/// So many digits in a row may be a code.
const CODE_DIGITS: usize = 4;

/// What the server has answered to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Connecting, the greeting, TLS, the password.
    Entry,
    /// `MAIL FROM`: our own address.
    Sender,
    /// `RCPT TO`: the reader's.
    Recipient,
    /// `DATA` and the letter.
    Letter,
}

/// A server, and how we call ourselves there.
pub(super) struct MailServer {
    url: MailUrl,
    tls: Option<TlsParameters>,
    hello: ClientId,
    login: Option<Credentials>,
}

impl MailServer {
    /// Reads the certificate authority, if one is named; does not connect.
    pub(super) fn new(url: &MailUrl, hello: &ClientId) -> Result<MailServer, SettingError> {
        let tls = if url.tls == MailTls::None { None } else { Some(tls(url)?) };
        let login = url.login.as_ref().map(|(user, word)| Credentials::new(user.clone(), word.to_string()));
        Ok(MailServer { url: url.clone(), tls, hello: hello.clone(), login })
    }

    /// Hands one letter over, in a connection of its own.
    pub(super) async fn send(&self, envelope: &Envelope, letter: &[u8]) -> Delivery {
        let mut connection = match self.enter().await {
            Ok(connection) => connection,
            Err(error) => return self.judge(Step::Entry, &error, envelope),
        };
        let sent = hand_over(&mut connection, envelope, letter).await;
        let _ = timeout(LEAVE_WITHIN, connection.abort()).await;
        match sent {
            Ok(()) => Delivery::Taken { peer_id: None },
            Err((step, error)) => self.judge(step, &error, envelope),
        }
    }

    async fn enter(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapped = self.tls.clone().filter(|_| self.url.tls == MailTls::Wrapped);
        let server = (self.url.host.as_str(), self.url.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(CONNECT_WITHIN), &self.hello, wrapped, None)
                .await?;
        if let Some(tls) = self.tls.clone().filter(|_| self.url.tls == MailTls::StartTls) {
            connection.starttls(tls, &self.hello).await?;
        }
        if let Some(login) = &self.login {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], login).await?;
        }
        Ok(connection)
    }

    /// Only a lasting refusal of this letter or its reader is final. A server that refuses us (our name, our address, our password)
    /// may be mended before the letter is too old.
    fn judge(&self, step: Step, error: &Error, envelope: &Envelope) -> Delivery {
        let Some(code) = error.status().map(|code| code.to_string()) else { return unanswered(error) };
        let said = error.source().map(ToString::to_string).unwrap_or_default();
        let text = self.without_secrets(&said, envelope);
        let class = |how: &str| format!("{how} {code} {text}").trim_end().to_owned().into();
        if !error.is_permanent() {
            return Delivery::Later { class: class("put off") };
        }
        if step.is_about_us() || is_about_us(&code, &said) {
            tracing::warn!(?step, code, text, "the mail server does not let us in");
            return Delivery::Later { class: class("not let in") };
        }
        Delivery::Refused { class: class("refused") }
    }

    /// The server's own words, without addresses, links, codes and what we have told it of ourselves.
    fn without_secrets(&self, said: &str, envelope: &Envelope) -> String {
        let readers = envelope.to().iter().map(lettre::Address::user);
        let own = self.url.login.iter().flat_map(|(user, word)| [user.as_str(), word.as_str()]);
        let hidden: Vec<String> = readers.chain(own).map(str::to_lowercase).collect();
        let shown = |word: &str| {
            let plain = word.to_lowercase();
            let is_hidden = word.contains('@')
                || word.contains("://")
                || word.chars().count() > WORD_MAX_CHARS
                || word.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= CODE_DIGITS)
                || hidden.iter().any(|hidden| !hidden.is_empty() && plain.contains(hidden.as_str()));
            if is_hidden { "…".to_owned() } else { word.to_owned() }
        };
        let words: Vec<String> = said.split_whitespace().map(shown).collect();
        words.join(" ").chars().filter(|c| !is_invisible(*c)).take(TEXT_MAX_CHARS).collect()
    }
}

impl Step {
    /// Whether a refusal here would be the same for every letter.
    const fn is_about_us(self) -> bool {
        matches!(self, Step::Entry | Step::Sender)
    }
}

async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    letter: &[u8],
) -> Result<(), (Step, Error)> {
    let mut options = Vec::new();
    let mut addresses = envelope.to().iter().chain(envelope.from());
    let is_plain = addresses.all(|address| AsRef::<str>::as_ref(address).is_ascii());
    let server = connection.server_info();
    if !is_plain && server.supports_feature(Extension::SmtpUtfEight) {
        options.push(MailParameter::SmtpUtfEight);
    }
    if !letter.is_ascii() && server.supports_feature(Extension::EightBitMime) {
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let sender = Mail::new(envelope.from().cloned(), options);
    connection.command(sender).await.map_err(|error| (Step::Sender, error))?;
    for to in envelope.to() {
        let recipient = Rcpt::new(to.clone(), Vec::new());
        connection.command(recipient).await.map_err(|error| (Step::Recipient, error))?;
    }
    connection.command(Data).await.map_err(|error| (Step::Letter, error))?;
    connection.message(letter).await.map_err(|error| (Step::Letter, error))?;
    Ok(())
}

/// The line's own trouble, such as a certificate that is not trusted: no words of the server, no address.
fn unanswered(error: &Error) -> Delivery {
    if error.is_client() || error.is_response() {
        return Delivery::Later { class: "no understanding".into() };
    }
    let cause: &dyn std::error::Error = error;
    tracing::warn!(error = cause, "the mail server cannot be reached");
    Delivery::Later { class: if error.is_timeout() { "no answer" } else { "no connection" }.into() }
}

/// Whether a refusal of a reader or a letter is one of us all the same. 530, 534, 535, 538: authentication is wanted or has failed.
/// 500 to 504 and 521 speak of commands, which are the same for each letter; so do the enhanced codes X.3 and X.5 (the system, the
/// protocol) and X.7 (policy: no relaying for us, a name or address that nobody vouches for).
fn is_about_us(code: &str, text: &str) -> bool {
    let subject = text.split_whitespace().next().and_then(|enhanced| enhanced.strip_prefix("5."));
    let subject = subject.and_then(|rest| rest.split_once('.')).map(|(subject, _)| subject);
    matches!(code, "500" | "502" | "503" | "504" | "521" | "530" | "534" | "535" | "538")
        || matches!(subject, Some("3" | "5" | "7"))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_kept_without_what_is_nobody_s_business() {
        let url = MailUrl::parse("smtps://kabinet-user:letter-box@mail.example.org").unwrap();
        let server = MailServer::new(&url, &ClientId::Domain("pay.example.org".to_owned())).unwrap();
        let envelope = Envelope::new(None, vec!["Anna.Petrova@example.org".parse().unwrap()]).unwrap();
        for (said, kept) in [
            ("5.1.1 <anna.petrova@example.org>: no such user", "5.1.1 … no such user"),
            ("5.1.1 User ANNA.PETROVA unknown", "5.1.1 User … unknown"),
            (
                "Helo command rejected: need fully-qualified hostname",
                "Helo command rejected: need fully-qualified hostname",
            ),
            ("no 041726 and https://pay.example.org/confirmations/x", "no … and …"),
            ("5.7.8 kabinet-user letter-box is wrong", "5.7.8 … … is wrong"),
            ("a\u{202e}b\nc\u{1b}[31m", "ab c[31m"),
            ("", ""),
        ] {
            assert_eq!(server.without_secrets(said, &envelope), kept);
        }
        assert_eq!(server.without_secrets(&"word ".repeat(200), &envelope).chars().count(), TEXT_MAX_CHARS);
    }

    #[test]
    fn what_is_about_us_is_told_from_what_is_about_a_reader() {
        for (code, text, ours) in [
            ("550", "5.1.1 no such user", false),
            ("550", "no such user", false),
            ("552", "5.2.2 mailbox full", false),
            ("550", "5.4.1 recipient address rejected", false),
            ("550", "5.7.1 relaying denied", true),
            ("554", "5.7.26 unauthenticated mail", true),
            ("530", "5.7.0 authentication required", true),
            ("503", "bad sequence", true),
            ("550", "5.5.1 unknown command", true),
            ("554", "5.6.0 bad content", false),
        ] {
            assert_eq!(is_about_us(code, text), ours, "{code} {text}");
        }
    }
}
