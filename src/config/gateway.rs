//! Where the card gateway is.

use std::time::Duration;

use url::Url;
use zeroize::Zeroizing;

const MAX_TIMEOUT_SECONDS: u64 = 20;

/// `name+https://key@host[:port]`: which gateway, where, and the key that lets us in.
#[derive(Clone)]
pub struct GatewayUrl {
    /// Which of the gateways that the program knows.
    pub name: String,
    pub base: Url,
    pub key: Zeroizing<String>,
    /// `?timeout=5`: seconds for an answer.
    pub timeout: Option<Duration>,
    /// `?without=return_url,customer_filter`: parameters that the other side does not take. For test servers.
    pub without: Vec<String>,
}

impl std::fmt::Debug for GatewayUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}", self.name, self.base)
    }
}

impl GatewayUrl {
    pub fn new(name: &str, base: Url, key: &str) -> GatewayUrl {
        let key = Zeroizing::new(key.to_owned());
        GatewayUrl { name: name.to_owned(), base, key, timeout: None, without: Vec::new() }
    }

    pub fn parse(text: &str) -> Result<GatewayUrl, String> {
        const SHAPE: &str = "must be like stripe+https://sk_…@api.stripe.com";
        let (name, rest) = text.split_once('+').ok_or(SHAPE)?;
        let usable = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase());
        let mut base = Url::parse(rest).map_err(|error| format!("is not a usable URL: {error}"))?;
        if !usable || !matches!(base.scheme(), "http" | "https") {
            return Err(SHAPE.to_owned());
        }
        if base.scheme() == "http" && !super::is_loopback(&base) {
            return Err("plain http is only for a loopback address: use https".to_owned());
        }
        let key = percent_encoding::percent_decode_str(base.username())
            .decode_utf8()
            .map_err(|_error| "the key is not valid UTF-8")?;
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) || base.password().is_some() {
            return Err("must name the key alone before the @".to_owned());
        }
        let mut url = GatewayUrl::new(name, base.clone(), &key);
        for (option, value) in base.query_pairs() {
            match &*option {
                "timeout" => url.timeout = Some(timeout(&value)?),
                "without" => url.without = value.split(',').map(str::to_owned).collect(),
                _ => return Err("knows the options `timeout` and `without` only".to_owned()),
            }
        }
        // A URL with a host takes both.
        let _ = base.set_username("");
        base.set_query(None);
        base.set_fragment(None);
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        Ok(GatewayUrl { base, ..url })
    }
}

fn timeout(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..=MAX_TIMEOUT_SECONDS).contains(seconds));
    seconds
        .map(Duration::from_secs)
        .ok_or_else(|| format!("`timeout` must be 1 to {MAX_TIMEOUT_SECONDS} seconds"))
}
