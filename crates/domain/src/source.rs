//! Where a request comes from, as far as budgets look at it.

use std::net::IpAddr;

/// Who shares a budget by source: an IPv4 address, an IPv6 network of 64 bits (what one subscriber has, RFC 6177), or
/// everything whose address is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// The address is not known: an application that embeds the product does not tell it, or it is no request at all.
    Unknown,
    /// An address of IPv4.
    V4([u8; 4]),
    /// A network of IPv6.
    V6([u8; 8]),
}

impl Source {
    /// The source of a request from an address.
    pub fn of(address: Option<IpAddr>) -> Self {
        match address.map(|address| address.to_canonical()) {
            None => Self::Unknown,
            Some(IpAddr::V4(address)) => Self::V4(address.octets()),
            Some(IpAddr::V6(address)) => {
                let mut network = [0; 8];
                network.iter_mut().zip(address.octets()).for_each(|(to, from)| *to = from);
                Self::V6(network)
            }
        }
    }

    /// The source of a request from an address in text, such as a context carries it.
    pub fn of_text(address: Option<&str>) -> Self {
        Self::of(address.and_then(|text| text.parse().ok()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_itself_and_a_network_of_ipv6_is_one_source() {
        let of = |text: &str| Source::of_text(Some(text));
        assert_eq!(of("203.0.113.7"), of("::ffff:203.0.113.7"));
        assert_ne!(of("203.0.113.7"), of("203.0.113.8"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("no address"), Source::Unknown);
        assert_eq!(Source::of_text(None), Source::Unknown);
    }
}
