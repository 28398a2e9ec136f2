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
    /// A network of 56 bits, what one customer may have (RFC 6177 §2), as one of those around a source.
    V6Of56([u8; 7]),
    /// A network of 48 bits, what anybody may have for the asking (RFC 6177 §2), as one of those around a source.
    V6Of48([u8; 6]),
}

/// How many times as much as one source a network of 56 bits gets, and one of 48 bits. Whoever has such a network has 256, or
/// 65536, of those of 64 bits, and it can be many people.
const WIDER: [u32; 2] = [4, 16];

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

    /// The source and the networks around it, the narrowest first, each with how many times as much as a source it gets.
    pub fn with_networks(self) -> impl Iterator<Item = (Self, u32)> {
        let wider = match self {
            Self::V6([a, b, c, d, e, f, g, _]) => {
                Some([Self::V6Of56([a, b, c, d, e, f, g]), Self::V6Of48([a, b, c, d, e, f])])
            }
            Self::Unknown | Self::V4(_) | Self::V6Of56(_) | Self::V6Of48(_) => None,
        };
        std::iter::once((self, 1)).chain(wider.into_iter().flatten().zip(WIDER))
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
    fn fault_s9_networks_around_a_source_get_more_than_one_and_less_than_all() {
        let around = |text: &str| Source::of_text(Some(text)).with_networks().collect::<Vec<_>>();
        assert_eq!(around("203.0.113.7").len(), 1, "neighbours of IPv4 are strangers");
        let [one, other, far] = ["2001:db8:1:2::1", "2001:db8:1:3::1", "2001:db8:1:200::1"].map(around);
        assert_eq!(one.iter().map(|(_, times)| *times).collect::<Vec<_>>(), [1, 4, 16]);
        assert!(one[0] != other[0] && one[1..] == other[1..]);
        assert!(one[1] != far[1] && one[2] == far[2]);
        assert_ne!(one[2], around("2001:db8:2:2::1")[2]);
    }

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
