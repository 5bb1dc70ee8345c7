//! HTTP to a gateway: one request, one answer or none. What cannot be believed is never taken for a refusal.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

use super::breaker::Breaker;
use crate::base::{Clock, LogThrottle, seconds};
use crate::config::GatewayUrl;

const CONNECT_WITHIN: Duration = seconds(4);
/// A shopper waits for a token; the worker claims rows for longer than this.
const ANSWER_WITHIN: Duration = seconds(10);
const ANSWER_BYTES: usize = 256 * 1024;
/// Before the one repeat of a request whose connection broke.
const REPEAT_AFTER: Duration = Duration::from_millis(250);

/// How one gateway is reached.
pub(super) struct HttpClient {
    client: Client,
    base: Url,
    authorization: HeaderValue,
    /// Sent with every request.
    always: Option<(&'static str, &'static str)>,
    breaker: Breaker,
}

/// A request. It may be sent twice: everything that changes something carries its key.
pub(super) struct Ask<'a> {
    pub method: Method,
    pub path: &'a str,
    pub key: Option<(&'static str, String)>,
    pub body: Body,
}

/// Bodies may hold a card number: they are wiped when they are gone.
#[derive(Clone)]
pub(super) enum Body {
    None,
    Json(Bytes),
    Form(Bytes),
}

/// What came back.
#[derive(Debug)]
pub(super) enum Reply {
    /// An answer below 500 that can be read.
    Answer {
        status: u16,
        body: Value,
    },
    Unknown {
        why: Cow<'static, str>,
        sent: bool,
    },
}

/// What a failed attempt tells.
struct AttemptError {
    why: &'static str,
    sent: bool,
    /// The connection broke; a new one may do.
    repeat: bool,
}

impl HttpClient {
    pub(super) fn new(url: &GatewayUrl, authorization: &str, clock: Clock) -> Result<HttpClient, String> {
        let mut authorization = HeaderValue::from_str(authorization)
            .map_err(|_error| "holds characters that a key cannot have".to_owned())?;
        authorization.set_sensitive(true);
        let client = http_client(url.timeout.unwrap_or(ANSWER_WITHIN))?;
        Ok(HttpClient {
            client,
            base: url.base.clone(),
            authorization,
            always: None,
            breaker: Breaker::new(clock),
        })
    }

    pub(super) fn with_header(self, header: (&'static str, &'static str)) -> HttpClient {
        HttpClient { always: Some(header), ..self }
    }

    pub(super) fn is_asked(&self) -> bool {
        self.breaker.is_closed()
    }

    pub(super) async fn ask(&self, ask: Ask<'_>) -> Reply {
        let Ok(url) = self.base.join(ask.path) else { return unknown("no address", false) };
        let Some(pass) = self.breaker.pass() else { return unknown("left alone after failures", false) };
        let mut tried = self.attempt(&ask, &url).await;
        if matches!(tried, Err(AttemptError { repeat: true, .. })) {
            let sent_before = matches!(tried, Err(AttemptError { sent: true, .. }));
            tokio::time::sleep(REPEAT_AFTER).await;
            tried = self
                .attempt(&ask, &url)
                .await
                .map_err(|broken| AttemptError { sent: broken.sent || sent_before, ..broken });
        }
        let (status, body) = match tried {
            Ok((status, body)) => {
                if serves_nobody(status) {
                    pass.failed()
                } else {
                    pass.answered()
                }
                (status, body)
            }
            Err(broken) => {
                pass.failed();
                return unknown(broken.why, broken.sent);
            }
        };
        match status {
            409 => unknown("still at it (409)", true),
            429 => unknown("asked too often (429)", true),
            401 | 403 => {
                static SAID: LogThrottle = LogThrottle::new();
                if let Some(left_out) = SAID.next_line() {
                    tracing::error!(
                        status,
                        left_out,
                        "the card gateway does not let us in: see KABINET_GATEWAY_URL"
                    );
                }
                unknown(format!("not let in ({status})"), true)
            }
            200..300 | 400..500 => match serde_json::from_slice(&body) {
                Ok(body) => Reply::Answer { status, body },
                Err(_unreadable) => unknown(format!("not understood ({status})"), true),
            },
            _ => unknown(format!("failed ({status})"), true),
        }
    }

    async fn attempt(&self, ask: &Ask<'_>, url: &Url) -> Result<(u16, Zeroizing<Vec<u8>>), AttemptError> {
        let mut request = self
            .client
            .request(ask.method.clone(), url.clone())
            .header(AUTHORIZATION, self.authorization.clone());
        if let Some((name, value)) = self.always {
            request = request.header(name, value);
        }
        if let Some((name, key)) = &ask.key {
            request = request.header(*name, key);
        }
        request = match &ask.body {
            Body::None => request,
            Body::Json(bytes) => request.header(CONTENT_TYPE, "application/json").body(bytes.clone()),
            Body::Form(bytes) => {
                request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(bytes.clone())
            }
        };
        let mut response = request.send().await.map_err(|error| broken(&error))?;
        let status = response.status().as_u16();
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
            if body.len() + chunk.len() > ANSWER_BYTES {
                return Err(AttemptError { why: "too long an answer", sent: true, repeat: false });
            }
            body.extend_from_slice(&chunk);
        }
        Ok((status, body))
    }
}

impl Body {
    pub(super) fn json(value: &impl serde::Serialize) -> Body {
        let mut text = Zeroizing::new(Vec::with_capacity(1_024));
        // Our own types can always be written.
        let _ = serde_json::to_writer(&mut *text, value);
        Body::Json(Bytes::from_owner(text))
    }

    pub(super) fn form(fields: &[(&str, &str)]) -> Body {
        let mut form = form_urlencoded::Serializer::new(String::with_capacity(1_024));
        form.extend_pairs(fields);
        Body::Form(Bytes::from_owner(Zeroizing::new(form.finish().into_bytes())))
    }
}

/// A client that follows nobody, keeps no connection and repeats nothing of itself.
pub fn http_client(answer_within: Duration) -> Result<Client, String> {
    Client::builder()
        .tls_backend_preconfigured(tls()?)
        .redirect(Policy::none())
        .connect_timeout(CONNECT_WITHIN)
        .timeout(answer_within)
        // A kept connection may die between two requests, and then nobody knows whether the second one arrived.
        .pool_max_idle_per_host(0)
        .retry(reqwest::retry::never())
        .no_proxy()
        .user_agent(concat!("kabinet/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|error| error.to_string())
}

/// The certificates that browsers believe, inside the binary: a machine without a list of its own will do.
fn tls() -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// Whether a gateway that answers so does nothing for anybody at present: our key is wrong, it is asked too often, or it is down. A 403
/// may be about one kind of call.
fn serves_nobody(status: u16) -> bool {
    matches!(status, 401 | 429 | 500..)
}

fn unknown(why: impl Into<Cow<'static, str>>, sent: bool) -> Reply {
    Reply::Unknown { why: why.into(), sent }
}

fn broken(error: &reqwest::Error) -> AttemptError {
    match (error.is_connect(), error.is_timeout()) {
        (true, _) => AttemptError { why: "no connection", sent: false, repeat: true },
        (false, true) => AttemptError { why: "no answer in time", sent: true, repeat: false },
        (false, false) => AttemptError { why: "the connection broke", sent: true, repeat: true },
    }
}
