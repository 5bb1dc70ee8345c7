//! Settings that are addresses of the outside world.

use std::net::IpAddr;
use std::path::PathBuf;

use url::Url;
use zeroize::Zeroizing;

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
            refuse_tls_without_tls(&url)?;
            return Ok(DatabaseUrl::Postgres(Zeroizing::new(text.to_owned())));
        }
        Err("must begin with sqlite:// or postgres://".to_owned())
    }
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

pub fn mailbox(text: &str) -> Result<lettre::Address, String> {
    text.parse().map_err(|_error| "must be an e-mail address, such as no-reply@example.org".to_owned())
}

/// Headers and SMS carry the brand: short, and nothing in it that cannot be seen.
pub fn brand(text: &str) -> Result<String, String> {
    if text.chars().count() > 40 || crate::base::has_invisible(text) {
        return Err("must be 1 to 40 visible characters".to_owned());
    }
    Ok(text.to_owned())
}
