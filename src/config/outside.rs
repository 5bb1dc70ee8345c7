//! Settings that are addresses of the outside world.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use lettre::transport::smtp::extension::ClientId;
use url::Url;
use zeroize::Zeroizing;

const LOOPBACK: ClientId = ClientId::Ipv4(Ipv4Addr::LOCALHOST);

/// Which database, and where.
#[derive(Clone)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    /// The whole connection URL: it may hold a password and is never printed.
    Postgres(Zeroizing<String>),
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite://{}", path.display()),
            DatabaseUrl::Postgres(_) => f.write_str("postgres://…"),
        }
    }
}

impl DatabaseUrl {
    pub fn parse(text: &str) -> Result<DatabaseUrl, String> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            let usable = !path.is_empty() && !path.contains('?') && path != ":memory:";
            return if usable {
                Ok(DatabaseUrl::Sqlite(path.into()))
            } else {
                Err("must name a file, such as sqlite://data/kabinet.db".to_owned())
            };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            let url = Url::parse(text).map_err(|error| format!("is not a usable URL: {error}"))?;
            refuse_what_libpq_repeats(text, &url)?;
            refuse_tls_without_tls(&url)?;
            return Ok(DatabaseUrl::Postgres(Zeroizing::new(text.to_owned())));
        }
        Err("must begin with sqlite:// or postgres://".to_owned())
    }
}

/// How a password is written in a URL.
const ESCAPES: &str = "within user and password write / ? # @ and % as %2F %3F %23 %40 and %25";

/// What libpq cannot read of a URL stands in its errors, and what stands there may be a part of the password.
fn refuse_what_libpq_repeats(text: &str, url: &Url) -> Result<(), String> {
    let escaped = text.split('%').skip(1).all(|rest| {
        let code = rest.as_bytes().get(..2).unwrap_or_default();
        code.len() == 2 && code.iter().all(u8::is_ascii_hexdigit) && code != b"00"
    });
    let split = url.path().contains('@') || url.query().is_some_and(|query| query.contains('@'));
    if !escaped || split || url.fragment().is_some() {
        return Err(format!("cannot be read without doubt: {ESCAPES}"));
    }
    Ok(())
}

/// A password with a bare `/`, `?` or `#` would silently be cut in two: one half the server's name, the other nowhere.
fn refuse_more_than(options: &[&str], url: &Url) -> Result<(), String> {
    let unknown = url.query_pairs().any(|(name, _)| !options.contains(&&*name));
    if unknown || !matches!(url.path(), "" | "/") || url.fragment().is_some() {
        let known = options.join(", ");
        return Err(format!(
            "has more than a user, a password, a host, a port and the option `{known}`: {ESCAPES}"
        ));
    }
    Ok(())
}

/// libpq without TLS would fall back or fail late: say at the start what this build cannot do.
fn refuse_tls_without_tls(url: &Url) -> Result<(), String> {
    let wants_tls = url
        .query_pairs()
        .any(|(name, mode)| name == "sslmode" && matches!(&*mode, "require" | "verify-ca" | "verify-full"));
    if wants_tls && !cfg!(feature = "postgres-tls") {
        return Err(
            "asks for TLS, which this build does not have: build with `cargo build --release --features postgres-tls`".to_owned()
        );
    }
    Ok(())
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// `smtp://`: none; only to a loopback address.
    None,
    /// `smtp+starttls://`: begun in the clear, refused without TLS.
    StartTls,
    /// `smtps://`: from the first byte.
    Wrapped,
}

/// The mail server.
#[derive(Clone)]
pub struct MailUrl {
    pub tls: MailTls,
    pub host: String,
    pub port: u16,
    pub login: Option<(String, Zeroizing<String>)>,
    /// A PEM file with a certificate authority of one's own (`?ca=/etc/kabinet/ca.pem`).
    pub ca: Option<PathBuf>,
}

impl std::fmt::Debug for MailUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}:{}", self.tls, self.host, self.port)
    }
}

impl MailUrl {
    pub fn parse(text: &str) -> Result<MailUrl, String> {
        let url = Url::parse(text).map_err(|error| format!("is not a usable URL: {error}"))?;
        let (tls, port) = match url.scheme() {
            "smtp" => (MailTls::None, 25),
            "smtp+starttls" => (MailTls::StartTls, 587),
            "smtps" => (MailTls::Wrapped, 465),
            _ => return Err("must begin with smtp://, smtp+starttls:// or smtps://".to_owned()),
        };
        refuse_more_than(&["ca"], &url)?;
        let host = host(&url)?;
        let login = login(&url)?;
        if tls == MailTls::None && !is_loopback_name(&host) {
            return Err(
                "plain smtp:// is only for a loopback address: use smtp+starttls:// or smtps://".to_owned()
            );
        }
        let ca = url
            .query_pairs()
            .find(|(name, _)| name == "ca")
            .map(|(_, path)| PathBuf::from(path.into_owned()));
        Ok(MailUrl { tls, host, port: url.port().unwrap_or(port), login, ca })
    }
}

/// The SMS centre (SMPP 3.4).
#[derive(Clone)]
pub struct SmsUrl {
    pub host: String,
    pub port: u16,
    pub system_id: String,
    pub password: Zeroizing<String>,
    /// The sender that phones show (`?from=KABINET`): up to 11 letters and digits, or a number.
    pub from: String,
}

impl std::fmt::Debug for SmsUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

impl SmsUrl {
    pub fn parse(text: &str) -> Result<SmsUrl, String> {
        let url = Url::parse(text).map_err(|error| format!("is not a usable URL: {error}"))?;
        if url.scheme() != "smpp" {
            return Err("must begin with smpp://".to_owned());
        }
        refuse_more_than(&["from"], &url)?;
        let (system_id, password) =
            login(&url)?.ok_or("must name the account: smpp://system_id:password@host:port")?;
        if system_id.len() > 15 || password.len() > 8 {
            return Err("SMPP 3.4 allows 15 characters of system_id and 8 of password".to_owned());
        }
        let from = url
            .query_pairs()
            .find(|(name, _)| name == "from")
            .map_or_else(|| "Kabinet".to_owned(), |(_, from)| from.into_owned());
        let well_made =
            !from.is_empty() && from.len() <= 11 && from.chars().all(|c| c.is_ascii_alphanumeric());
        if !well_made {
            return Err("`from` must be 1 to 11 Latin letters and digits".to_owned());
        }
        Ok(SmsUrl { host: host(&url)?, port: url.port().unwrap_or(2775), system_id, password, from })
    }
}

fn host(url: &Url) -> Result<String, String> {
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or("must name a host")?;
    Ok(host.trim_matches(['[', ']']).to_owned())
}

fn is_loopback_name(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn login(url: &Url) -> Result<Option<(String, Zeroizing<String>)>, String> {
    if url.username().is_empty() {
        return Ok(None);
    }
    let decode = |text: &str| {
        percent_encoding::percent_decode_str(text).decode_utf8().map(std::borrow::Cow::into_owned)
    };
    let user = decode(url.username()).map_err(|_error| "the user name is not valid UTF-8")?;
    let password =
        decode(url.password().unwrap_or_default()).map_err(|_error| "the password is not valid UTF-8")?;
    Ok(Some((user, Zeroizing::new(password))))
}

pub fn public_url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("is not a usable URL: {error}"))?;
    let root = matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() || !root {
        return Err("must be the address of the site's root, such as https://pay.example.org".to_owned());
    }
    Ok(url)
}

/// A name with a dot, or an address literal: what strict mail servers let in.
pub fn hello(text: &str) -> Result<ClientId, String> {
    const SHAPE: &str =
        "must be a host name with a dot, such as pay.example.org, or an address such as [203.0.113.7]";
    if let Some(literal) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return match literal.strip_prefix("IPv6:").unwrap_or(literal).parse() {
            Ok(IpAddr::V4(ip)) => Ok(ClientId::Ipv4(ip)),
            Ok(IpAddr::V6(ip)) => Ok(ClientId::Ipv6(ip)),
            Err(_) => Err(SHAPE.to_owned()),
        };
    }
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_number = text.parse::<IpAddr>().is_ok();
    let is_name = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
    if is_name && !is_number { Ok(ClientId::Domain(text.to_owned())) } else { Err(SHAPE.to_owned()) }
}

/// The public address's own name; where that is none that others could know, an address literal (RFC 5321, 4.1.4).
pub fn hello_of(url: &Url) -> ClientId {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ClientId::Ipv4(ip),
        Some(url::Host::Ipv6(ip)) => ClientId::Ipv6(ip),
        Some(url::Host::Domain(name)) => hello(name.trim_end_matches('.')).unwrap_or(LOOPBACK),
        None => LOOPBACK,
    }
}

pub fn mailbox(text: &str) -> Result<lettre::Address, String> {
    text.parse().map_err(|_error| "must be an e-mail address, such as no-reply@example.org".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_calls_itself_by_a_name_that_mail_servers_let_in() {
        for (url, name) in [
            ("https://pay.example.org", "pay.example.org"),
            ("https://pay.example.org.", "pay.example.org"),
            ("https://кабинет.рф", "xn--80acmlhv0b.xn--p1ai"),
            ("http://localhost:8080", "[127.0.0.1]"),
            ("https://kabinet", "[127.0.0.1]"),
            ("http://127.0.0.1:8080", "[127.0.0.1]"),
            ("https://203.0.113.7", "[203.0.113.7]"),
            ("https://[2001:db8::7]", "[IPv6:2001:db8::7]"),
        ] {
            assert_eq!(hello_of(&Url::parse(url).unwrap()).to_string(), name, "{url}");
        }
        for name in ["mail.example.org", "[203.0.113.7]", "[IPv6:2001:db8::7]"] {
            assert_eq!(hello(name).unwrap().to_string(), name);
        }
        for name in ["localhost", "a b.org", "a..org", "-a.org", "203.0.113.7", "[x]", "a.org\r\nX", "", "."]
        {
            assert!(hello(name).is_err(), "{name:?}");
        }
    }
}
