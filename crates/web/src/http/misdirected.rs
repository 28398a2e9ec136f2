//! A request at a host where no pool lives: what its sender can do about it.
//!
//! Developers meet it with `127.0.0.1` in place of `localhost`, administrators behind a proxy that rewrites `Host`. Both
//! need to know what arrived and what would have been answered. A stranger from elsewhere is told no names but those
//! with the very host that they named themselves.

use crate::http::{client_ip, host::authority, log::Escaped};
use http::request::Parts;
use std::{fmt::Write as _, net::IpAddr};
use vestibule_domain::Origin;

/// More origins are not listed.
const MOST_ORIGINS: usize = 20;

/// More of what arrived is not repeated, in characters.
const LONGEST_HOST: usize = 253;

/// What arrived, and what would be answered.
pub(crate) struct Misdirected {
    arrived: Option<String>,
    /// Origins that may be named to the sender.
    origins: Vec<Origin>,
    /// Whether these are all there are.
    is_local: bool,
}

impl Misdirected {
    /// Judges a request. `peer` is who opened the connection.
    pub(crate) fn new(parts: &Parts, peer: Option<IpAddr>, all: Vec<Origin>) -> Self {
        let arrived = authority(parts);
        // A proxy on this machine is a peer on loopback, too; it is known by what it adds.
        let is_local = peer.is_some_and(|peer| peer.to_canonical().is_loopback())
            && !client_ip::is_proxied(&parts.headers);
        let host = arrived.as_deref().map(host_of);
        let named = |origin: &Origin| is_local || host == Some(origin.host());
        let mut origins: Vec<Origin> = all.into_iter().filter(named).collect();
        origins.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        Self { arrived, origins, is_local }
    }

    /// The text of the answer.
    pub(crate) fn text(&self) -> String {
        let mut text = "unknown_host: no user pool lives at this address.\n\n".to_owned();
        let arrived = self.arrived.as_deref().unwrap_or_default();
        // Writing to a text cannot fail.
        let _ = match self.arrived {
            Some(_) => {
                let arrived: String = arrived.chars().take(LONGEST_HOST).collect();
                writeln!(text, "The request was for the host \"{}\".", Escaped(&arrived))
            }
            None => writeln!(text, "The request named no host, or more than one."),
        };
        if !self.origins.is_empty() {
            text.push_str("This server answers at:\n");
            for origin in self.origins.iter().take(MOST_ORIGINS) {
                let _ = writeln!(text, "  {origin}");
            }
            if self.origins.len() > MOST_ORIGINS {
                let _ = writeln!(text, "  and {} more", self.origins.len() - MOST_ORIGINS);
            }
        } else if self.is_local {
            text.push_str("There is no pool yet: `vestibule pool create` makes one.\n");
        }
        let same_host = |origin: &&Origin| self.arrived.as_deref().map(host_of) == Some(origin.host());
        if let Some(origin) = self.origins.iter().find(same_host) {
            let _ = writeln!(
                text,
                "\nThe host fits and the port does not. Behind a proxy, let it send \"Host: {}\": in nginx\n\
                 `proxy_set_header Host $http_host;` keeps the port that `$host` drops. docs/proxies.md has examples.",
                origin.authority()
            );
        } else {
            text.push_str(
                "\nCheck the address, and behind a proxy whether it passes the Host header on. Administrators: see\n\
                 `vestibule pool list`; `vestibule check` compares origins and listening address.\n",
            );
        }
        text
    }
}

/// The host of an authority, without the port.
fn host_of(authority: &str) -> &str {
    let port = authority.rsplit_once(':').filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    port.map_or(authority, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::Request;

    fn told(host: &str, peer: &str, headers: &[(&str, &str)]) -> String {
        let mut request = Request::builder().uri("/").header("host", host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        let origins = ["http://localhost:8080", "https://id.example:8443", "https://other.example"];
        let origins = origins.map(|origin| Origin::parse(origin).unwrap()).to_vec();
        Misdirected::new(&parts, peer.parse().ok(), origins).text()
    }

    #[test]
    fn fault_c3_a_developer_on_this_machine_reads_where_the_server_answers() {
        let text = told("127.0.0.1:8080", "127.0.0.1", &[]);
        assert!(text.contains("\"127.0.0.1:8080\"") && text.contains("http://localhost:8080\n"), "{text}");
        assert!(text.contains("https://other.example"), "{text}");
        assert!(told("127.0.0.1:8080", "::ffff:127.0.0.1", &[]).contains("http://localhost:8080"));
    }

    #[test]
    fn fault_c3_strangers_read_no_names_of_others() {
        for (peer, headers) in [
            ("203.0.113.7", [].as_slice()),
            ("", &[]),
            ("127.0.0.1", &[("x-forwarded-for", "203.0.113.7")]),
            ("127.0.0.1", &[("forwarded", "for=203.0.113.7")]),
            ("127.0.0.1", &[("via", "1.1 proxy")]),
            ("127.0.0.1", &[("x-real-ip", "203.0.113.7")]),
            ("127.0.0.1", &[("x-forwarded-host", "id.example")]),
            ("127.0.0.1", &[("x-forwarded-proto", "https")]),
        ] {
            let text = told("127.0.0.1:9999", peer, headers);
            assert!(
                !text.contains("example:") && !text.contains("other") && !text.contains("localhost"),
                "{text}"
            );
            assert!(text.contains("Check the address"), "{text}");
        }
    }

    #[test]
    fn fault_c10_the_header_that_arrived_is_named_with_what_would_fit() {
        let text = told("id.example", "203.0.113.7", &[]);
        assert!(text.contains("\"id.example\"") && text.contains("Host: id.example:8443"), "{text}");
        assert!(text.contains("$http_host") && !text.contains("other.example"), "{text}");
    }

    #[test]
    fn what_strangers_write_is_cut_and_escaped() {
        let (parts, ()) = Request::builder().uri("/").header("host", "a").body(()).unwrap().into_parts();
        let mut it = Misdirected::new(&parts, None, Vec::new());
        it.arrived = Some("\u{1b}[2J".to_owned() + &"x".repeat(9000));
        assert!(it.text().len() < 1000 && it.text().contains("\\u{1b}"));
        it.arrived = None;
        assert!(it.text().contains("named no host"));
    }
}
