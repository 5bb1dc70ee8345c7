//! Whose `X-Forwarded-For` is believed: addresses and networks.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net};

const PROBLEM: &str = "must be IP addresses or networks (10.0.0.0/8) with commas between them";

/// The proxies that stand before the portal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    pub fn parse(text: &str) -> Result<TrustedProxies, String> {
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(network).collect()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// An address as `IpAddr::to_canonical` has it.
    pub fn contains(&self, ip: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&ip))
    }
}

impl FromIterator<IpNet> for TrustedProxies {
    fn from_iter<I: IntoIterator<Item = IpNet>>(networks: I) -> TrustedProxies {
        TrustedProxies(networks.into_iter().collect())
    }
}

fn network(part: &str) -> Result<IpNet, String> {
    let Ok(network) = part.parse::<IpNet>() else {
        let ip: IpAddr = part.parse().map_err(|_error| PROBLEM.to_owned())?;
        return Ok(ip.to_canonical().into());
    };
    // Whoever means one address writes one; whoever means a network knows where it begins.
    if network.addr() != network.network() {
        return Err(format!("{PROBLEM}; {network} is neither: it would be {}", network.trunc()));
    }
    let network = canonical(network);
    if network.prefix_len() == 0 {
        return Err("must not trust everybody: then visitors name their own addresses".to_owned());
    }
    Ok(network)
}

/// IPv4 that is written as IPv6 (`::ffff:10.0.0.0/104`) is IPv4.
fn canonical(network: IpNet) -> IpNet {
    let (IpAddr::V4(ip), IpNet::V6(mapped)) = (network.addr().to_canonical(), network) else {
        return network;
    };
    let prefix = mapped.prefix_len().checked_sub(96);
    prefix.and_then(|prefix| Ipv4Net::new(ip, prefix).ok()).map_or(network, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_in_any_spelling() {
        let proxies = TrustedProxies::parse(
            "10.0.0.1, 172.16.0.0/12,,2001:db8::/32 , ::ffff:192.0.2.1,::ffff:198.51.100.0/120",
        );
        let proxies = proxies.unwrap();
        let trusted = |ip: &str| proxies.contains(ip.parse::<IpAddr>().unwrap().to_canonical());
        for ip in
            ["10.0.0.1", "::ffff:10.0.0.1", "172.31.255.255", "2001:db8:ffff::1", "192.0.2.1", "198.51.100.9"]
        {
            assert!(trusted(ip), "{ip}");
        }
        for ip in ["10.0.0.2", "172.32.0.0", "2001:db9::1", "192.0.2.2", "198.51.101.0", "::1", "::"] {
            assert!(!trusted(ip), "{ip}");
        }
        assert!(TrustedProxies::parse("").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_network_stops_the_start() {
        for wrong in [
            "proxy",
            "10.0.0.1:80",
            "10.0.0.0/33",
            "10.0.0.1/8",
            "0.0.0.0/0",
            "::/0",
            "[::1]",
            "10.0.0.1 10.0.0.2",
            "::ffff:0:0/96",
        ] {
            assert!(TrustedProxies::parse(wrong).is_err(), "{wrong}");
        }
    }
}
