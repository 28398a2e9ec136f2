//! Whose request it is: the peer, or what a trusted proxy says of it.

use http::HeaderMap;
use ipnet::IpNet;
use std::net::IpAddr;

/// The client's address. `X-Forwarded-For` is read from the right, and only as long as the one who added the entry is
/// a trusted proxy; what an untrusted peer claims is never believed.
pub(crate) fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut current = peer.to_canonical();
    let values = headers.get_all("x-forwarded-for").iter().rev();
    let entries = values.filter_map(|value| value.to_str().ok()).flat_map(|value| value.rsplit(','));
    for entry in entries.take(16) {
        if !is_trusted(&current) {
            break;
        }
        let Ok(claimed) = entry.trim().parse::<IpAddr>() else { break };
        current = claimed.to_canonical();
    }
    current
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn seen(peer: &str, forwarded: &[&str]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        client_ip(ip(peer), &headers, &["10.0.0.0/8".parse().unwrap()])
    }

    #[test]
    fn forwarded_headers_count_only_from_trusted_proxies() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), ip("203.0.113.9"));
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"]), ip("198.51.100.1"));
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"]), ip("198.51.100.1"));
        assert_eq!(seen("10.0.0.1", &["6.6.6.6", "198.51.100.1"]), ip("198.51.100.1"));
        assert_eq!(seen("10.0.0.1", &["nonsense"]), ip("10.0.0.1"));
        assert_eq!(seen("::ffff:10.0.0.1", &["198.51.100.1"]), ip("198.51.100.1"));
    }
}
