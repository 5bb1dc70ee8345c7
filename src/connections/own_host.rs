//! The names that this portal answers to: the public URL's, as browsers write it. Whoever points a name of theirs at this machine is
//! shown nothing under it.

use actix_web::dev::RequestHead;
use actix_web::http::Version;
use actix_web::http::header::{HOST, HeaderMap};
use url::{Host, Url};

use crate::config::is_loopback;

/// Names that nobody can have outside of a network of one's own: containers and clusters, the machines of a house.
const PRIVATE: [&str; 6] = ["internal", "local", "localdomain", "lan", "home.arpa", "localhost"];

/// Host and port of the public URL.
pub struct OwnHost {
    url: Url,
    /// Both as nearly every browser writes them.
    written: String,
    /// Whoever opens a loopback address may call it by any of its names.
    loopback: bool,
}

impl OwnHost {
    pub fn of(public_url: &Url) -> OwnHost {
        let host = public_url.host_str().unwrap_or_default();
        let written = public_url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        OwnHost { url: public_url.clone(), written, loopback: is_loopback(public_url) }
    }

    /// Whether a request is for this portal, by its `Host` and by its target where that names a host as well. Only HTTP/1.0 knows
    /// requests without any.
    pub fn is_asked(&self, head: &RequestHead) -> bool {
        let mut hosts = hosts(head).peekable();
        if hosts.peek().is_none() { head.version < Version::HTTP_11 } else { hosts.all(|host| self.is(host)) }
    }

    fn is(&self, host: &[u8]) -> bool {
        if host == self.written.as_bytes() {
            return true;
        }
        let Some(named) = read(self.url.scheme(), host) else { return false };
        let same = match (named.host(), self.url.host()) {
            (Some(Host::Domain(named)), Some(Host::Domain(own))) => without_dot(named) == without_dot(own),
            (named, own) => named == own,
        };
        named.port_or_known_default() == self.url.port_or_known_default()
            && (same || self.loopback && is_loopback(&named))
    }
}

/// Whether a request names this machine alone, by any port: for a server that only this machine reaches.
pub fn is_for_loopback(head: &RequestHead) -> bool {
    let mut hosts = hosts(head).peekable();
    hosts.peek().is_some() && hosts.all(|host| read("http", host).is_some_and(|named| is_loopback(&named)))
}

/// Whether a request names nobody whom a stranger could point at this machine: an address, a name without a dot, a name of a
/// private network, or the portal's own host. At any port.
pub fn is_for_private(head: &RequestHead, public_url: &Url) -> bool {
    let private = |named: &Url| match named.host() {
        Some(Host::Domain(name)) => {
            let name = without_dot(name);
            let of = |network: &&str| name.strip_suffix(*network).is_some_and(|rest| rest.ends_with('.'));
            let own = public_url.host_str().is_some_and(|own| without_dot(own) == name);
            own || !name.contains('.') || PRIVATE.iter().any(of)
        }
        Some(_) => true,
        None => false,
    };
    hosts(head).all(|host| read("http", host).is_some_and(|named| private(&named)))
}

/// Whether a page at that origin was shown under the name that the request has.
pub fn is_host_of(headers: &HeaderMap, origin: &str) -> bool {
    let mut hosts = headers.get_all(HOST);
    let (Some(host), None) = (hosts.next(), hosts.next()) else { return false };
    let Some(page) = origin.strip_prefix("http://").and_then(|page| read("http", page.as_bytes())) else {
        return false;
    };
    read("http", host.as_bytes()).is_some_and(|named| named == page)
}

/// All that a request names: its `Host`, and its target where that names a host as well.
fn hosts(head: &RequestHead) -> impl Iterator<Item = &[u8]> {
    let target = head.uri.authority().map(|authority| authority.as_str().as_bytes());
    head.headers.get_all(HOST).map(|host| host.as_bytes()).chain(target)
}

/// `pay.example.org.` is the same host as without its last dot.
fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// Host and port alone, in the spelling that all spellings share.
fn read(scheme: &str, host: &[u8]) -> Option<Url> {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(byte);
    let text = std::str::from_utf8(host).ok().filter(|_| host.iter().all(plain))?;
    Url::parse(&format!("{scheme}://{text}/")).ok()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(own: &str, target: &str, host: Option<&str>, version: Version) -> bool {
        let mut request = TestRequest::with_uri(target).version(version);
        if let Some(host) = host {
            request = request.insert_header((HOST, host));
        }
        OwnHost::of(&Url::parse(own).unwrap()).is_asked(request.to_srv_request().head())
    }

    fn host(own: &str, host: &str) -> bool {
        asked(own, "/", Some(host), Version::HTTP_11)
    }

    #[test]
    fn a_host_is_ours_in_every_spelling_that_browsers_send() {
        for (own, ours) in [
            (
                "https://pay.example.org",
                "pay.example.org pay.example.org:443 PAY.Example.ORG pay.example.org. pay.example.org.:443",
            ),
            ("https://pay.example.org:8443", "pay.example.org:8443 PAY.example.org.:8443"),
            ("https://[2001:db8::7]", "[2001:db8::7] [2001:DB8:0:0::7]:443"),
            ("https://pay.example.org.", "pay.example.org"),
            (
                "http://127.0.0.1:8080",
                "127.0.0.1:8080 localhost:8080 LOCALHOST:8080 [::1]:8080 127.0.0.2:8080",
            ),
            ("http://localhost", "localhost localhost:80 127.0.0.1 [::1]:80"),
        ] {
            for ours in ours.split(' ') {
                assert!(host(own, ours), "{ours} at {own}");
            }
        }
    }

    #[test]
    fn any_other_host_is_somebody_else_s() {
        for (own, others) in [
            (
                "https://pay.example.org",
                "evil.example example.org xpay.example.org pay.example.org.evil.example pay.example.org:80 pay.example.org:8443 \
                 pay.example.org.. .pay.example.org pay.example.org/ pay.example.org:443@evil.example a@pay.example.org \
                 pay.example.org#a pay%2eexample.org pay.example.org,evil.example 127.0.0.1 localhost [::1] pay.example.org:x :443 []",
            ),
            ("https://[2001:db8::7]", "2001:db8::7 [2001:db8::8] [2001:db8::7]:80 [2001:db8::7"),
            (
                "http://127.0.0.1:8080",
                "127.0.0.1 127.0.0.1:8081 127.0.0.1:80 evil.example:8080 localhost:8081 [::1] 10.0.0.1:8080 0.0.0.0:8080 \
                 127.0.0.1.evil.example:8080 a.localhost:8080",
            ),
        ] {
            for other in others.split_whitespace().chain([""]) {
                assert!(!host(own, other), "{other} at {own}");
            }
        }
    }

    #[test]
    fn the_target_of_a_request_counts_as_well() {
        const OWN: &str = "https://pay.example.org";
        let ours = Some("pay.example.org");
        assert!(asked(OWN, "http://pay.example.org/help", ours, Version::HTTP_11));
        assert!(asked(OWN, "https://pay.example.org:443/help", None, Version::HTTP_11));
        assert!(!asked(OWN, "http://evil.example/help", ours, Version::HTTP_11));
        assert!(!asked(OWN, "http://pay.example.org/help", Some("evil.example"), Version::HTTP_11));
        // Before HTTP/1.1 nobody had to say whom they meant; lynx and w3m do.
        assert!(asked(OWN, "/help", None, Version::HTTP_10) && asked(OWN, "/help", ours, Version::HTTP_10));
        assert!(!asked(OWN, "/help", Some("evil.example"), Version::HTTP_10));
        assert!(!asked(OWN, "/help", None, Version::HTTP_11));
    }
}
