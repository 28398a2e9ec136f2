//! What the server decides about HTTP.

use ipnet::IpNet;
use std::time::Duration;

/// Settings of the HTTP side.
#[derive(Clone, Debug)]
pub struct WebOptions {
    /// Peers whose `X-Forwarded-For` or `Forwarded` (RFC 7239) is believed. Anybody else's is ignored.
    pub trusted_proxies: Vec<IpNet>,
    /// The most bytes of a request body.
    pub body_limit: usize,
    /// The longest a request may take, its body included.
    pub request_timeout: Duration,
    /// Marks every page as a demonstration.
    pub demo: bool,
}

impl Default for WebOptions {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            body_limit: 64 * 1024,
            request_timeout: Duration::from_secs(15),
            demo: false,
        }
    }
}
