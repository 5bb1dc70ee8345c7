//! Settings, read once at the start from the environment and a `.env` file. A bad one names its variable.

mod env_file;
mod gateway;
mod outside;
mod setting;
mod site;
mod sms_countries;
mod trusted_proxies;

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use lettre::transport::smtp::extension::ClientId;
use url::Url;
use zeroize::Zeroizing;

use env_file::EnvFile;
pub use gateway::GatewayUrl;
pub use outside::{DatabaseUrl, MailTls, MailUrl, SmsUrl};
pub use setting::SettingError;
use setting::Source;
pub use site::{Operator, Site, Support};
pub use sms_countries::SmsCountries;
pub use trusted_proxies::TrustedProxies;

/// Browsers wait for about a minute.
const MAX_HASH_WAIT_SECONDS: u64 = 60;
const MAX_CARD_WAIT_SECONDS: u64 = 60;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// Where the number of a card is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardEntry {
    /// In a form of the portal's.
    Direct,
    /// On the gateway's own page: it never comes here.
    HostedRedirect,
}

/// How much people may do of what can be misused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitMode {
    /// As little as people need: whoever tests stolen cards, or has SMS sent at others' cost, needs more.
    Strict,
    /// Room for whoever tries the portal on their own machine, where cards are toys and messages go nowhere.
    Trial,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitModes {
    /// How many cards people may bring.
    pub cards: LimitMode,
    /// How many codes they may ask for.
    pub codes: LimitMode,
}

impl LimitModes {
    pub const STRICT: LimitModes = LimitModes { cards: LimitMode::Strict, codes: LimitMode::Strict };
}

/// Everything that can be set. `design` of each: see the table in README.md.
#[derive(Debug, Clone)]
pub struct Settings {
    pub listen: SocketAddr,
    pub public_url: Url,
    pub database: DatabaseUrl,
    pub secret_file: PathBuf,
    pub mail: Option<MailUrl>,
    /// How the portal calls itself at the mail server.
    pub mail_hello: ClientId,
    pub mail_from: lettre::Address,
    pub sms: Option<SmsUrl>,
    /// Numbers of other countries are refused wherever an SMS could follow.
    pub sms_countries: SmsCountries,
    /// None: the sandbox bank.
    pub gateway: Option<GatewayUrl>,
    /// What the gateway signs its callbacks with.
    pub gateway_secret: Option<WebhookSecret>,
    pub card_entry: CardEntry,
    pub limits: LimitModes,
    /// How long the page of a card waits for the bank's word before it answers; not at all when it is zero.
    pub card_wait: Duration,
    pub sandbox: Option<Sandbox>,
    /// Who is told by mail when money does not move.
    pub operator_mail: Option<lettre::Address>,
    pub brand: String,
    /// Who runs the site: named in the footer, the policy and the consent.
    pub operator: Option<Operator>,
    pub support: Option<Support>,
    pub trusted_proxies: TrustedProxies,
    pub metrics_listen: Option<SocketAddr>,
    /// A password that would wait for longer to be hashed is not looked at: come again in a moment.
    pub hash_wait: Duration,
    pub log: String,
    pub log_format: LogFormat,
}

/// A secret that is never printed.
#[derive(Clone)]
pub struct WebhookSecret(Zeroizing<String>);

impl WebhookSecret {
    pub fn parse(text: &str) -> Result<WebhookSecret, String> {
        const LEAST: usize = 16;
        if text.len() < LEAST {
            return Err(format!("must have at least {LEAST} characters"));
        }
        Ok(WebhookSecret(Zeroizing::new(text.to_owned())))
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

/// The outside world of a first run.
#[derive(Debug, Clone)]
pub struct Sandbox {
    pub listen: SocketAddr,
    pub database: PathBuf,
}

impl Sandbox {
    /// The bank's own file, beside the mailbox's.
    pub fn bank(&self) -> PathBuf {
        self.database.with_file_name("bank.db")
    }
}

impl Settings {
    /// Reads the process's environment, and `.env` for what that does not name.
    pub fn from_environment() -> Result<Settings, SettingError> {
        let file = EnvFile::find()?;
        Settings::read(&|name| std::env::var_os(name).or_else(|| file.get(name)))
    }

    /// Reads the settings out of any source of variables.
    pub fn read(source: &Source) -> Result<Settings, SettingError> {
        let public_url =
            setting::parsed(source, "KABINET_PUBLIC_URL", "http://127.0.0.1:8080", outside::public_url)?;
        let listen = setting::parsed(source, "KABINET_LISTEN", "127.0.0.1:8080", setting::listen)?;
        let sandbox = sandbox(source, &public_url, listen)?;
        let gateway = setting::optional(source, "KABINET_GATEWAY_URL", GatewayUrl::parse)?;
        let test_bank = sandbox.is_some() && gateway.is_none();
        let sms = setting::optional(source, "KABINET_SMS_URL", SmsUrl::parse)?;
        let mode =
            |name, is_toy| setting::parsed(source, name, if is_toy { "trial" } else { "strict" }, limit_mode);
        let limits = LimitModes {
            cards: mode("KABINET_CARD_LIMITS", test_bank)?,
            codes: mode("KABINET_CODE_LIMITS", sandbox.is_some() && sms.is_none())?,
        };
        let settings = Settings {
            listen,
            sms,
            limits,
            database: setting::parsed(
                source,
                "KABINET_DATABASE_URL",
                "sqlite://data/kabinet.db",
                DatabaseUrl::parse,
            )?,
            secret_file: setting::text(source, "KABINET_SECRET_FILE", "data/secret.key")?.into(),
            mail: setting::optional(source, "KABINET_SMTP_URL", MailUrl::parse)?,
            mail_hello: setting::optional(source, "KABINET_SMTP_HELLO", outside::hello)?
                .unwrap_or_else(|| outside::hello_of(&public_url)),
            mail_from: setting::parsed(source, "KABINET_MAIL_FROM", "no-reply@localhost", outside::mailbox)?,
            sms_countries: setting::parsed(
                source,
                "KABINET_SMS_COUNTRIES",
                sms_countries::DEFAULT,
                SmsCountries::parse,
            )?,
            gateway,
            gateway_secret: setting::optional(
                source,
                "KABINET_GATEWAY_WEBHOOK_SECRET",
                WebhookSecret::parse,
            )?,
            card_entry: setting::parsed(source, "KABINET_CARD_ENTRY", "direct", card_entry)?,
            card_wait: setting::parsed(source, "KABINET_CARD_WAIT_SECONDS", "4", card_wait)?,
            operator_mail: setting::optional(source, "KABINET_OPERATOR_MAIL", outside::mailbox)?,
            brand: setting::parsed(source, "KABINET_BRAND", "Alipay", site::brand)?,
            operator: setting::optional(source, "KABINET_OPERATOR", site::operator)?,
            support: setting::optional(source, "KABINET_SUPPORT", site::support)?,
            trusted_proxies: setting::parsed(source, "KABINET_TRUSTED_PROXIES", "", TrustedProxies::parse)?,
            metrics_listen: setting::optional(source, "KABINET_METRICS_LISTEN", setting::listen)?,
            hash_wait: setting::parsed(source, "KABINET_HASH_WAIT_SECONDS", "2", hash_wait)?,
            log: setting::text(
                source,
                "KABINET_LOG",
                "info,actix_server=warn,actix_http::h1::dispatcher=off",
            )?,
            log_format: setting::parsed(source, "KABINET_LOG_FORMAT", "text", log_format)?,
            sandbox,
            public_url,
        };
        settings.holds_together()?;
        Ok(settings)
    }

    /// What is allowed and yet looks like a mistake.
    pub fn warnings(&self) -> Vec<&'static str> {
        let behind_a_proxy = self.https() && self.listen.ip().is_loopback();
        let mut warnings = Vec::new();
        if behind_a_proxy && self.trusted_proxies.is_empty() {
            warnings.push("KABINET_TRUSTED_PROXIES is empty: every visitor seems to come from the proxy, and all share its limits");
        }
        if self.gateway.is_some() && self.gateway_secret.is_none() {
            warnings.push(
                "KABINET_GATEWAY_WEBHOOK_SECRET is empty: callbacks are refused, and what becomes of a payment is known later",
            );
        }
        if self.gateway.is_some() && self.operator_mail.is_none() {
            warnings
                .push("KABINET_OPERATOR_MAIL is empty: when money does not move, the log alone tells of it");
        }
        if self.https() && self.operator.is_none() {
            warnings.push("KABINET_OPERATOR is empty: nobody is named on the pages, in the policy and the consent, which the law on personal data wants");
        }
        if self.https() && self.support.is_none() {
            warnings.push("KABINET_SUPPORT is empty: people whose account or money is in trouble find nobody to turn to");
        }
        warnings
    }

    /// What texts say of the site.
    pub fn site(&self, card_brands: Vec<&'static str>) -> Site {
        Site {
            card_brands,
            brand: self.brand.clone(),
            host: self.public_url.host_str().unwrap_or_default().to_owned(),
            operator: self.operator.clone(),
            support: self.support.clone(),
        }
    }

    /// Whether people come over https: then cookies are `Secure` and HSTS is sent.
    pub fn https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// A link into the portal: built from the public URL only, whatever a request says about itself.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }

    fn holds_together(&self) -> Result<(), SettingError> {
        let plain = !self.https();
        if plain && !(is_loopback(&self.public_url) && is_own(self.listen)) {
            return Err(SettingError::new(
                "KABINET_PUBLIC_URL",
                "plain http is only for a portal that listens on a loopback address and is opened as http://localhost or http://127.0.0.1; \
                 set an https:// address and put a TLS proxy before KABINET_LISTEN",
            ));
        }
        if self.sandbox.is_none() && self.mail.is_none() {
            return Err(SettingError::new(
                "KABINET_SMTP_URL",
                "must be set when the sandbox is off: mail has to go somewhere",
            ));
        }
        if self.sandbox.is_none() && self.sms.is_none() {
            return Err(SettingError::new(
                "KABINET_SMS_URL",
                "must be set when the sandbox is off: SMS have to go somewhere",
            ));
        }
        if self.sandbox.is_none() && self.gateway.is_none() {
            return Err(SettingError::new(
                "KABINET_GATEWAY_URL",
                "must be set when the sandbox is off: cards are charged at a gateway, such as stripe+https://sk_…@api.stripe.com",
            ));
        }
        if self.limits.codes == LimitMode::Trial && (self.sandbox.is_none() || self.sms.is_some()) {
            return Err(SettingError::new(
                "KABINET_CODE_LIMITS",
                "can be `trial` only where SMS go to the sandbox mailbox: real ones need `strict`, or others have them sent at your cost",
            ));
        }
        if self.limits.cards == LimitMode::Trial && (self.sandbox.is_none() || self.gateway.is_some()) {
            return Err(SettingError::new(
                "KABINET_CARD_LIMITS",
                "can be `trial` only where the sandbox bank is the gateway: real cards need `strict`, or stolen ones are tested here",
            ));
        }
        tracing_subscriber::EnvFilter::try_new(&self.log).map(|_filter| ()).map_err(|_repeats_it| {
            SettingError::new("KABINET_LOG", "must be a tracing filter, such as info,kabinet=debug")
        })
    }
}

/// Whether a URL leads to this machine only.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => matches!(name, "localhost" | "localhost."),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        None => false,
    }
}

/// The sandbox shows everybody's codes and messages to whoever opens it, and lets them sign in with these: only where all of the
/// portal is this machine's own.
fn sandbox(source: &Source, public_url: &Url, portal: SocketAddr) -> Result<Option<Sandbox>, SettingError> {
    let loopback = is_loopback(public_url);
    let wanted =
        setting::parsed(source, "KABINET_SANDBOX", if loopback { "on" } else { "off" }, setting::switch)?;
    if wanted && !loopback {
        return Err(SettingError::new(
            "KABINET_SANDBOX",
            "cannot be `on` unless KABINET_PUBLIC_URL is a loopback address: everybody's messages stand open there",
        ));
    }
    if wanted && !is_own(portal) {
        return Err(SettingError::new(
            "KABINET_SANDBOX",
            "cannot be `on` unless KABINET_LISTEN is a loopback address: everybody's messages stand open there, and others could sign in \
             with them. Set it to `off`, or let the portal listen on 127.0.0.1",
        ));
    }
    let listen = setting::parsed(source, "KABINET_SANDBOX_LISTEN", "127.0.0.1:8081", setting::listen)?;
    if wanted && !is_own(listen) {
        return Err(SettingError::new(
            "KABINET_SANDBOX_LISTEN",
            "must be a loopback address: everybody's messages stand open there",
        ));
    }
    let database = setting::text(source, "KABINET_SANDBOX_FILE", "data/sandbox.db")?.into();
    Ok(wanted.then_some(Sandbox { listen, database }))
}

/// Whether only this machine can connect there.
fn is_own(listen: SocketAddr) -> bool {
    listen.ip().to_canonical().is_loopback()
}

fn card_entry(text: &str) -> Result<CardEntry, String> {
    match text {
        "direct" => Ok(CardEntry::Direct),
        "hosted_redirect" => Ok(CardEntry::HostedRedirect),
        _ => Err("must be direct or hosted_redirect".to_owned()),
    }
}

/// Reads whole seconds within a range.
fn seconds_within(text: &str, range: RangeInclusive<u64>) -> Result<Duration, String> {
    let (least, most) = (*range.start(), *range.end());
    text.parse()
        .ok()
        .filter(|seconds| range.contains(seconds))
        .map(Duration::from_secs)
        .ok_or_else(|| format!("must be {least} to {most} seconds"))
}

fn hash_wait(text: &str) -> Result<Duration, String> {
    seconds_within(text, 1..=MAX_HASH_WAIT_SECONDS)
}

fn card_wait(text: &str) -> Result<Duration, String> {
    seconds_within(text, 0..=MAX_CARD_WAIT_SECONDS)
}

fn limit_mode(text: &str) -> Result<LimitMode, String> {
    match text {
        "strict" => Ok(LimitMode::Strict),
        "trial" => Ok(LimitMode::Trial),
        _ => Err("must be strict or trial".to_owned()),
    }
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err("must be `text` or `json`".to_owned()),
    }
}
