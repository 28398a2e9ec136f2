//! An address that may be asked, and where it is.

use crate::{
    AddressFault, OutboundError, OutboundRules, Resolver,
    limits::{ADDRESSES, URL_BYTES},
    places::Held,
};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::time::timeout;
use url::{Host, Url};

/// An address whose form is all right. Where it leads is not known yet.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) url: Url,
    /// For messages and as a key: without the dot at the end, which means the same host.
    pub(crate) host: String,
    literal: Option<IpAddr>,
}

impl Target {
    pub(crate) fn parse(address: &str) -> Result<Self, AddressFault> {
        if address.len() > URL_BYTES {
            return Err(AddressFault::TooLong);
        }
        let url = Url::parse(address).map_err(|_| AddressFault::Malformed)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(AddressFault::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressFault::UserInfo);
        }
        if url.fragment().is_some() {
            return Err(AddressFault::Fragment);
        }
        let (host, literal) = match url.host().ok_or(AddressFault::Malformed)? {
            Host::Domain(name) => (name.strip_suffix('.').unwrap_or(name).to_owned(), None),
            Host::Ipv4(ip) => (ip.to_string(), Some(IpAddr::V4(ip))),
            Host::Ipv6(ip) => (ip.to_string(), Some(IpAddr::V6(ip))),
        };
        if host.is_empty() {
            return Err(AddressFault::Malformed);
        }
        Ok(Self { url, host, literal })
    }

    /// Scheme, host and port.
    pub(crate) fn origin(&self) -> String {
        let port = self.url.port_or_known_default().unwrap_or_default();
        format!("{}://{}:{port}", self.url.scheme(), self.host)
    }

    /// The addresses to connect to. All that the name has are checked: a name that is half inside is not asked at all.
    pub(crate) async fn locate(
        &self,
        look_up: LookUp,
        rules: &OutboundRules,
    ) -> Result<Vec<SocketAddr>, OutboundError> {
        let host = || self.host.clone();
        let found = match self.literal {
            Some(address) => vec![address],
            None => look_up.addresses(&self.host).await?,
        };
        if found.is_empty() {
            return Err(OutboundError::NotFound { host: host() });
        }
        if !found.iter().all(|address| rules.permit(*address)) {
            return Err(OutboundError::NotPublic { host: host() });
        }
        if self.url.scheme() == "http" && !found.iter().all(IpAddr::is_loopback) {
            return Err(AddressFault::Scheme.into());
        }
        // The port 0 becomes that of the URL.
        Ok(found.into_iter().take(ADDRESSES).map(|address| SocketAddr::new(address, 0)).collect())
    }
}

/// Looking a name up.
pub(crate) struct LookUp {
    pub(crate) resolver: Arc<dyn Resolver>,
    pub(crate) patience: Duration,
    /// The places of the request. A look-up cannot be stopped, so it keeps them until it ends: whoever names hosts whose names
    /// are slow to find uses up places of their own, and no more.
    pub(crate) held: Arc<Held>,
}

impl LookUp {
    async fn addresses(self, name: &str) -> Result<Vec<IpAddr>, OutboundError> {
        let Self { resolver, patience, held } = self;
        let (host, wanted) = (name.to_owned(), name.to_owned());
        let running = tokio::spawn(async move {
            let found = resolver.addresses(&wanted).await;
            drop(held);
            found
        });
        match timeout(patience, running).await {
            Ok(Ok(Ok(found))) => Ok(found),
            Ok(_) => Err(OutboundError::NotFound { host }),
            Err(_) => Err(OutboundError::Timeout { host }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_checked_first() {
        let fault = |address: &str| Target::parse(address).unwrap_err();
        for address in ["", "no url", "//example.com/", "/path", "https://", "https://./", "https:///"] {
            assert_eq!(fault(address), AddressFault::Malformed, "{address}");
        }
        for address in
            ["ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "data:text/plain,x"]
        {
            assert_eq!(fault(address), AddressFault::Scheme, "{address}");
        }
        for address in ["https://user@example.com/", "https://:word@example.com/", "https://a:b@example.com/"]
        {
            assert_eq!(fault(address), AddressFault::UserInfo, "{address}");
        }
        for address in ["https://example.com/#", "https://example.com/#part"] {
            assert_eq!(fault(address), AddressFault::Fragment, "{address}");
        }
        assert_eq!(fault(&format!("https://example.com/{}", "a".repeat(3000))), AddressFault::TooLong);
    }

    #[test]
    fn other_spellings_of_an_ip_address_are_that_address() {
        for (address, host) in [
            ("https://0x7f.1/", "127.0.0.1"),
            ("https://2130706433/", "127.0.0.1"),
            ("https://0177.0.0.1/", "127.0.0.1"),
            ("https://127.1/", "127.0.0.1"),
            ("https://１２７.0.0.1/", "127.0.0.1"),
            ("https://127.0.0.1./", "127.0.0.1"),
            ("https://[::ffff:7f00:1]/", "::ffff:127.0.0.1"),
        ] {
            let target = Target::parse(address).unwrap();
            assert_eq!((target.host.as_str(), target.literal), (host, host.parse().ok()), "{address}");
        }
    }

    #[test]
    fn a_host_has_one_key() {
        let origin = |address: &str| Target::parse(address).unwrap().origin();
        assert_eq!(origin("https://Example.COM./a"), "https://example.com:443");
        assert_eq!(origin("https://example.com:443/b?c"), "https://example.com:443");
        assert_eq!(origin("https://example.com:8443/"), "https://example.com:8443");
    }
}
