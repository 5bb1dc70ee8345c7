//! The IP address that a request really comes from.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::Method;
use sha2::{Digest, Sha256};

use crate::base::{LogThrottle, random_bytes};
use crate::config::TrustedProxies;

const HEADER: &str = "x-forwarded-for";
/// How much of a header a log line shows.
const SHOWN: usize = 80;

/// The client's address: the peer's, unless the peer is a proxy that the settings trust. Then `X-Forwarded-For` is read from
/// its end (the part that trusted proxies wrote) to the first address that is not a trusted proxy.
///
/// What a trusted proxy wrote there and is no address stands for somebody unknown, never for the proxy: one person's
/// failures would count for all who come through it. A proxy that sends no such header asks for itself.
pub fn of(req: &HttpRequest, trusted: &TrustedProxies) -> IpAddr {
    let peer = req.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
    if !trusted.contains(peer) {
        return peer;
    }
    let values: Vec<&[u8]> = req.headers().get_all(HEADER).map(|value| value.as_bytes()).collect();
    let hops = values.iter().rev().flat_map(|value| value.rsplit(|byte| *byte == b','));
    let (mut nearest, mut empty) = (None, !values.is_empty());
    for hop in hops.map(<[u8]>::trim_ascii).filter(|hop| !hop.is_empty()) {
        empty = false;
        let Some(ip) = read(hop) else {
            warn(nearest.unwrap_or(peer), hop);
            return unknown(hop);
        };
        nearest = Some(ip);
        if !trusted.contains(ip) {
            break;
        }
    }
    if empty {
        warn(peer, b"");
        return unknown(b"");
    }
    // A health check of the proxy's own has no such header; a form is sent by somebody.
    if nearest.is_none() && req.method() == Method::POST {
        static SAID: LogThrottle = LogThrottle::new();
        if let Some(left_out) = SAID.next_line() {
            tracing::warn!(proxy = %peer, left_out, "a trusted proxy sends no X-Forwarded-For: all its visitors share one person's limits. Correct the proxy");
        }
    }
    nearest.unwrap_or(peer)
}

fn warn(proxy: IpAddr, hop: &[u8]) {
    static SAID: LogThrottle = LogThrottle::new();
    if let Some(left_out) = SAID.next_line() {
        let part: String = String::from_utf8_lossy(hop).chars().take(SHOWN).collect();
        tracing::warn!(%proxy, ?part, left_out, "X-Forwarded-For of a trusted proxy has no address: limits per address do not hold for its visitors. Correct the proxy");
    }
}

/// An address as proxies write it: bare or in quotes, with or without a port, IPv6 with or without brackets or a zone.
fn read(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?;
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).trim();
    // The zone names an interface of the proxy, which is nobody else's business.
    let bare = match (text.split_once('%'), text.split_once(']')) {
        (Some((before, _)), Some((_, after))) => format!("{before}]{after}"),
        (Some((before, _)), None) => before.to_owned(),
        (None, _) => text.to_owned(),
    };
    let in_brackets = || bare.strip_prefix('[')?.strip_suffix(']')?.parse().ok().map(IpAddr::V6);
    let ip = bare.parse::<IpAddr>().ok().or_else(in_brackets);
    let ip = ip.or_else(|| bare.parse::<SocketAddr>().ok().map(|address| address.ip()))?.to_canonical();
    (!ip.is_unspecified()).then_some(ip)
}

/// An address for somebody who has none, in a private network that nobody has (RFC 4193). Proxies that hide addresses name each
/// client in their own way, with a number in it: the same words are the same person then. A bare word (`unknown`, `-`, `_hidden`)
/// names everybody alike, and is another person each time.
fn unknown(hop: &[u8]) -> IpAddr {
    let drawn: [u8; 5] = if hop.iter().any(|byte| matches!(byte, b'1'..=b'9')) {
        let hash = Sha256::digest(hop);
        hash.first_chunk().copied().unwrap_or_default()
    } else {
        random_bytes()
    };
    let [a, b, c, d, e] = drawn;
    let mut octets = [0; 16];
    for (octet, value) in octets.iter_mut().zip([0xfd, a, b, c, d, e]) {
        *octet = value;
    }
    Ipv6Addr::from(octets).into()
}

#[cfg(test)]
mod tests;
