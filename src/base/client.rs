//! Where a request comes from, as rows and messages keep it.

use std::net::{IpAddr, Ipv6Addr};

/// Who asks: the address and the browser. Empty for what the program does by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The IP address, as text.
    pub ip: String,
    /// The `User-Agent` header.
    pub user_agent: String,
}

impl Client {
    /// What one customer holds: an IPv4 address, or the /64 of an IPv6 one. Rate limits count it.
    pub fn ip_prefix(&self) -> String {
        match self.ip.parse() {
            Ok(IpAddr::V6(ip)) => prefix(ip, 4),
            _ => self.ip.clone(),
        }
    }

    /// The network around it: a /24, or a /48.
    pub fn ip_block(&self) -> String {
        match self.ip.parse() {
            Ok(IpAddr::V4(ip)) => {
                let [a, b, c, _] = ip.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            Ok(IpAddr::V6(ip)) => prefix(ip, 3),
            Err(_none) => String::new(),
        }
    }

    /// The wide network around that, as one provider holds it: a /16, or a /32.
    pub fn ip_network(&self) -> String {
        match self.ip.parse() {
            Ok(IpAddr::V4(ip)) => {
                let [a, b, ..] = ip.octets();
                format!("{a}.{b}.0.0/16")
            }
            Ok(IpAddr::V6(ip)) => prefix(ip, 2),
            Err(_none) => String::new(),
        }
    }
}

fn prefix(ip: Ipv6Addr, groups: usize) -> String {
    let kept: Vec<String> = ip.segments().iter().take(groups).map(|group| format!("{group:x}")).collect();
    format!("{}::/{}", kept.join(":"), groups * 16)
}
