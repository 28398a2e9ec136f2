//! What the server decides about HTTP.

use http::HeaderName;
use ipnet::IpNet;
use std::time::Duration;

/// Settings of the HTTP side.
#[derive(Clone, Debug)]
pub struct WebOptions {
    /// Peers whose `X-Forwarded-For` or `Forwarded` (RFC 7239) is believed. Anybody else's is ignored.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which those proxies hand on the certificate of an application (RFC 9440, or as nginx, HAProxy, Apache and
    /// Traefik write it). They must not let one through that they did not write themselves.
    pub client_certificate_header: Option<HeaderName>,
    /// The most bytes of a request body.
    pub body_limit: usize,
    /// The longest a request may take, its body included.
    pub request_timeout: Duration,
    /// Marks every page as a demonstration.
    pub demo: bool,
    /// What connections may hold, when the site is served by [`serve`](crate::serve).
    pub connections: ConnectionLimits,
}

/// What a stranger can hold open, and for how long. `docs/security.md` lists the defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Connections at once.
    pub most: usize,
    /// Of them, from one address: an IPv4 address, or the first 64 bits of an IPv6 address. Trusted proxies are exempt.
    pub of_address: usize,
    /// Until the first byte arrives.
    pub first_byte: Duration,
    /// From the first byte until the first request's head is complete, the preface of HTTP/2 (RFC 9113 §3.4) included; and
    /// for each further head of HTTP/1.1.
    pub head: Duration,
    /// How long a write may wait for the other side to read.
    pub write: Duration,
    /// How long a connection is kept on which nothing is asked.
    pub idle: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            most: 8192,
            of_address: 512,
            first_byte: Duration::from_secs(10),
            head: Duration::from_secs(10),
            write: Duration::from_secs(20),
            idle: Duration::from_secs(75),
        }
    }
}

impl Default for WebOptions {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            client_certificate_header: None,
            body_limit: 64 * 1024,
            request_timeout: Duration::from_secs(15),
            demo: false,
            connections: ConnectionLimits::default(),
        }
    }
}
