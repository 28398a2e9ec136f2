//! Whose request it is: the peer, or what a trusted proxy says of it.

use http::{HeaderMap, header};
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};

/// Longer chains of proxies are not read to their end.
const MOST_PROXIES: usize = 16;

/// The client's address. What proxies have added is read from the right, and only as long as the one that added an entry
/// is a trusted proxy; what an untrusted peer claims is never believed.
///
/// `X-Forwarded-For` and `Forwarded` (RFC 7239 §4) both count. A proxy that writes one of them may hand on what a client
/// wrote into the other one, so where they disagree, neither is believed.
pub(crate) fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let peer = peer.to_canonical();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let behind = |hops: Vec<Option<IpAddr>>| {
        let mut current = peer;
        for hop in hops.into_iter().rev().take(MOST_PROXIES) {
            let Some(claimed) = hop.filter(|_| is_trusted(&current)) else { break };
            current = claimed;
        }
        current
    };
    if !is_trusted(&peer) {
        return peer;
    }
    let has = |name| headers.contains_key(name);
    match (has(X_FORWARDED_FOR), has(header::FORWARDED.as_str())) {
        (false, false) => peer,
        (true, false) => behind(x_forwarded_for(headers)),
        (false, true) => behind(forwarded(headers)),
        (true, true) => {
            let (one, other) = (behind(x_forwarded_for(headers)), behind(forwarded(headers)));
            if one == other { one } else { peer }
        }
    }
}

const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// Whether a request shows that a proxy has passed it on. Proxies are free not to show it.
pub(crate) fn is_proxied(headers: &HeaderMap) -> bool {
    let marks =
        ["x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-real-ip", "via", "forwarded"];
    marks.into_iter().chain([X_FORWARDED_FOR]).any(|name| headers.contains_key(name))
}

/// The entries of `X-Forwarded-For`, oldest first; `None` for one that names no address.
fn x_forwarded_for(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all(X_FORWARDED_FOR).iter();
    values.flat_map(|value| value.as_bytes().split(|byte| *byte == b',')).map(address).collect()
}

/// The entries of `Forwarded` (RFC 7239 §4), oldest first; `None` for one that names no address.
fn forwarded(headers: &HeaderMap) -> Vec<Option<IpAddr>> {
    let values = headers.get_all(header::FORWARDED).iter();
    let elements = values.flat_map(|value| outside_quotes(value.as_bytes(), b','));
    let of_element = |element: &[u8]| {
        outside_quotes(element, b';').into_iter().find_map(|pair| {
            let at = pair.iter().position(|byte| *byte == b'=')?;
            let (name, value) = pair.split_at_checked(at)?;
            name.trim_ascii().eq_ignore_ascii_case(b"for").then(|| address(value.get(1..)?))?
        })
    };
    elements.map(of_element).collect()
}

/// The parts of a text between separators that do not stand in a quoted string (RFC 9110 §5.6.4).
fn outside_quotes(text: &[u8], separator: u8) -> Vec<&[u8]> {
    let (mut quoted, mut escaped) = (false, false);
    text.split(|byte| {
        let splits = *byte == separator && !quoted;
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ => {}
        }
        splits
    })
    .collect()
}

/// An address as proxies write it: bare, in brackets, with a port, in quotes.
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(text).ok()?.trim().trim_matches('"');
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let with_port = || text.parse::<SocketAddr>().map(|address| address.ip());
    bare.parse::<IpAddr>().or_else(|_| with_port()).ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn told(peer: &str, told: &[(&'static str, &str)]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for (name, value) in told {
            headers.append(*name, value.parse().unwrap());
        }
        client_ip(ip(peer), &headers, &["10.0.0.0/8".parse().unwrap()])
    }

    fn seen(peer: &str, forwarded: &[&str]) -> IpAddr {
        let headers: Vec<_> = forwarded.iter().map(|value| ("x-forwarded-for", *value)).collect();
        told(peer, &headers)
    }

    #[test]
    fn forwarded_headers_count_only_from_trusted_proxies() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), ip("203.0.113.9"));
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"]), ip("198.51.100.1"));
        assert_eq!(seen("10.0.0.1", &["6.6.6.6, 198.51.100.1, 10.0.0.2"]), ip("198.51.100.1"));
        assert_eq!(seen("10.0.0.1", &["6.6.6.6", "198.51.100.1"]), ip("198.51.100.1"));
        assert_eq!(seen("10.0.0.1", &["nonsense"]), ip("10.0.0.1"));
        assert_eq!(seen("::ffff:10.0.0.1", &["198.51.100.1"]), ip("198.51.100.1"));
        assert_eq!(told("203.0.113.9", &[("forwarded", "for=198.51.100.1")]), ip("203.0.113.9"));
    }

    #[test]
    fn fault_u11_every_form_that_proxies_write_is_read() {
        for (written, meant) in [
            ("203.0.113.7:51234", "203.0.113.7"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:51234", "2001:db8::7"),
            ("\"203.0.113.7:80\"", "203.0.113.7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("203.0.113.7:51234, 10.0.0.2:443", "203.0.113.7"),
        ] {
            assert_eq!(seen("10.0.0.1", &[written]), ip(meant), "{written}");
        }
        for (written, meant) in [
            ("for=203.0.113.7", "203.0.113.7"),
            ("For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=203.0.113.7;proto=https;by=203.0.113.43, for=10.0.0.2", "203.0.113.7"),
            ("proto=https; by=\"a,b;for=6.6.6.6\"; for=\"203.0.113.7:80\"", "203.0.113.7"),
            ("for=unknown", "10.0.0.1"),
            ("for=203.0.113.7, for=_hidden", "10.0.0.1"),
            ("proto=https", "10.0.0.1"),
        ] {
            assert_eq!(told("10.0.0.1", &[("forwarded", written)]), ip(meant), "{written}");
        }
    }

    #[test]
    fn a_header_that_only_the_client_wrote_is_not_believed() {
        let (honest, forged) = ("203.0.113.7", "6.6.6.6");
        let (own, other) = (("x-forwarded-for", honest), ("forwarded", "for=6.6.6.6"));
        assert_eq!(told("10.0.0.1", &[own, other]), ip("10.0.0.1"));
        assert_eq!(
            told("10.0.0.1", &[("x-forwarded-for", forged), ("forwarded", "for=203.0.113.7")]),
            ip("10.0.0.1")
        );
        assert_eq!(told("10.0.0.1", &[own, ("forwarded", "for=203.0.113.7")]), ip(honest), "they agree");
    }
}
