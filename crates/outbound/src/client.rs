//! Asking.

use crate::{
    Limits, OutboundError, OutboundRules, Resolver, SystemResolver,
    freshness::fresh_until,
    memory::Memory,
    places::{Held, Places},
    target::{LookUp, Target},
};
use bytes::{Bytes, BytesMut};
use http::{
    HeaderMap, StatusCode,
    header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE},
};
use reqwest::{Client, RequestBuilder, Response};
use rustls::{ClientConfig, RootCertStore, pki_types::CertificateDer};
use std::{error::Error as StdError, fmt, io, net::SocketAddr, sync::Arc};
use tokio::{
    sync::Semaphore,
    time::{Instant, timeout_at},
};
use vestibule_domain::{Clock, Timestamp};

/// A document, and until when it need not be asked for again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The document.
    pub body: Bytes,
    /// What its headers say, between a minute and a day from now.
    pub fresh_until: Timestamp,
}

/// Who is believed about the names of servers.
#[derive(Debug, Clone)]
pub struct Tls(ClientConfig);

impl Tls {
    /// The authorities that browsers believe, as mail does.
    ///
    /// # Errors
    /// The library offers no protocol version, which is a fault of the build.
    pub fn public() -> Result<Self, OutboundError> {
        Self::believing([])
    }

    /// The public authorities and these.
    ///
    /// # Errors
    /// A certificate cannot be read, or as for [`Tls::public`].
    pub fn believing(
        roots: impl IntoIterator<Item = CertificateDer<'static>>,
    ) -> Result<Self, OutboundError> {
        let mut store = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for root in roots {
            store.add(root).map_err(|_| OutboundError::Client)?;
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|_| OutboundError::Client)?
            .with_root_certificates(store)
            .with_no_client_auth();
        Ok(Self(config))
    }
}

/// The client. A copy is cheap and shares limits and memory.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    limits: Limits,
    tls: ClientConfig,
    resolver: Arc<dyn Resolver>,
    clock: Arc<dyn Clock>,
    all: Arc<Semaphore>,
    pools: Arc<Places>,
    hosts: Arc<Places>,
    memory: Memory,
}

impl fmt::Debug for Outbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outbound").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

impl Outbound {
    /// The client of production: the machine's resolver, public authorities, the usual limits.
    ///
    /// # Errors
    /// As for [`Tls::public`].
    pub fn new(clock: Arc<dyn Clock>) -> Result<Self, OutboundError> {
        Ok(Self::with(clock, Arc::new(SystemResolver::default()), Tls::public()?, Limits::default()))
    }

    /// A client with another resolver, other authorities or other limits.
    #[must_use]
    pub fn with(clock: Arc<dyn Clock>, resolver: Arc<dyn Resolver>, tls: Tls, limits: Limits) -> Self {
        Self(Arc::new(Inner {
            limits,
            tls: tls.0,
            resolver,
            clock,
            all: Arc::new(Semaphore::new(limits.all)),
            pools: Places::new(limits.pool),
            hosts: Places::new(limits.host),
            memory: Memory::default(),
        }))
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Fetches a document of one of the types in `accept`, such as `application/json`.
    ///
    /// # Errors
    /// See [`OutboundError`]; anything but status 200 is one.
    pub async fn get(
        &self,
        rules: &OutboundRules,
        url: &str,
        accept: &[&str],
    ) -> Result<Fetched, OutboundError> {
        let accepted = accept.join(", ");
        let request = |client: Client, url| client.get(url).header(ACCEPT, &accepted);
        let read = async |host: &str, response: Response| {
            if response.status() != StatusCode::OK {
                return Err(OutboundError::Status {
                    host: host.to_owned(),
                    status: response.status().as_u16(),
                });
            }
            if !is_plain(response.headers()) {
                return Err(OutboundError::Encoded { host: host.to_owned() });
            }
            if !is_of_type(response.headers(), accept) {
                return Err(OutboundError::ContentType {
                    host: host.to_owned(),
                    expected: accept.join(" or "),
                });
            }
            let fresh_until = fresh_until(response.headers(), self.now());
            Ok(Fetched { body: self.body(host, response).await?, fresh_until })
        };
        self.ask(rules, url, request, read).await
    }

    /// Posts a form (`application/x-www-form-urlencoded`) and gives the status. The answer's body is not read.
    ///
    /// # Errors
    /// See [`OutboundError`]; no status is one, except a redirect.
    pub async fn post_form(
        &self,
        rules: &OutboundRules,
        url: &str,
        form: &[(&str, &str)],
    ) -> Result<StatusCode, OutboundError> {
        let request = |client: Client, url| client.post(url).form(form);
        self.ask(rules, url, request, async |_: &str, response: Response| Ok(response.status())).await
    }

    /// One request, from the check of the address to what `read` makes of the answer.
    async fn ask<T>(
        &self,
        rules: &OutboundRules,
        url: &str,
        request: impl FnOnce(Client, url::Url) -> RequestBuilder,
        read: impl AsyncFnOnce(&str, Response) -> Result<T, OutboundError>,
    ) -> Result<T, OutboundError> {
        let started = Instant::now();
        let target = Target::parse(url)?;
        let host = target.host.as_str();
        let key = (rules.on_behalf_of.clone(), target.origin());
        self.remembered(&key)?;
        let places = timeout_at(started + self.0.limits.wait, self.places(rules, host)).await;
        let Ok(Some(held)) = places else { return Err(OutboundError::Busy { host: host.to_owned() }) };
        // Somebody who was before in the queue may have found out by now.
        self.remembered(&key)?;
        let work = async {
            let (resolver, patience) = (Arc::clone(&self.0.resolver), self.0.limits.connect);
            let look_up = LookUp { resolver, patience, held: Arc::clone(&held) };
            let addresses = target.locate(look_up, rules).await?;
            let client = self.client(addresses)?;
            let request = request(client, target.url.clone()).header(ACCEPT_ENCODING, "identity");
            let response = request.send().await.map_err(|error| failure(host, &error))?;
            if response.status().is_redirection() {
                return Err(OutboundError::Redirect {
                    host: host.to_owned(),
                    status: response.status().as_u16(),
                });
            }
            read(host, response).await
        };
        let outcome = timeout_at(started + self.0.limits.total, work)
            .await
            .unwrap_or_else(|_| Err(OutboundError::Timeout { host: host.to_owned() }));
        if let Err(failure) = &outcome
            && failure.is_of_the_host()
        {
            let now = self.now();
            self.0.memory.keep(key, failure.clone(), now, now + self.0.limits.remember);
        }
        outcome
    }

    fn remembered(&self, key: &(String, String)) -> Result<(), OutboundError> {
        self.0.memory.failure(key, self.now()).map_or(Ok(()), Err)
    }

    /// The narrowest first: whoever waits for a slow host holds no place of the others'.
    async fn places(&self, rules: &OutboundRules, host: &str) -> Option<Arc<Held>> {
        // A host is slow to one pool, and may be quick to another.
        let host = self.0.hosts.enter(&format!("{} {host}", rules.on_behalf_of)).await?;
        let pool = self.0.pools.enter(&rules.on_behalf_of).await?;
        let all = Arc::clone(&self.0.all).acquire_owned().await.ok()?;
        Some(Arc::new(Held { _host: host, _pool: pool, _all: all }))
    }

    /// A client for one request, which connects to these addresses whatever the name. No connection is used again: it was
    /// checked by the rules of one pool at one time.
    fn client(&self, addresses: Vec<SocketAddr>) -> Result<Client, OutboundError> {
        Client::builder()
            .dns_resolver(Checked(addresses))
            .tls_backend_preconfigured(self.0.tls.clone())
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .http1_only()
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .pool_max_idle_per_host(0)
            .connect_timeout(self.0.limits.connect)
            .timeout(self.0.limits.total)
            .user_agent("vestibule")
            .build()
            .map_err(|_| OutboundError::Client)
    }

    /// The body, as long as it is small.
    async fn body(&self, host: &str, mut response: Response) -> Result<Bytes, OutboundError> {
        let limit = self.0.limits.body;
        let too_large = || OutboundError::TooLarge { host: host.to_owned(), limit };
        if response.content_length().is_some_and(|length| length > limit as u64) {
            return Err(too_large());
        }
        let mut body = BytesMut::new();
        while let Some(part) = response.chunk().await.map_err(|error| failure(host, &error))? {
            if body.len() + part.len() > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&part);
        }
        Ok(body.freeze())
    }
}

/// The only addresses that a client can find, for any name.
#[derive(Debug)]
struct Checked(Vec<SocketAddr>);

impl reqwest::dns::Resolve for Checked {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        let addresses = self.0.clone();
        Box::pin(async move { Ok(Box::new(addresses.into_iter()) as reqwest::dns::Addrs) })
    }
}

/// No encoding but the one that is none.
fn is_plain(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).iter().all(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// One type, without its parameters, which is one of these.
fn is_of_type(headers: &HeaderMap, accept: &[&str]) -> bool {
    let mut values = headers.get_all(CONTENT_TYPE).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return false };
    let essence = value.to_str().ok().and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    accept.iter().any(|accepted| accepted.eq_ignore_ascii_case(essence))
}

/// What a failure of the library means. Its own text is not kept, since it contains the whole address.
fn failure(host: &str, error: &reqwest::Error) -> OutboundError {
    let host = host.to_owned();
    if error.is_timeout() {
        OutboundError::Timeout { host }
    } else if is_of_tls(error) {
        OutboundError::Tls { host }
    } else if error.is_connect() {
        OutboundError::Connect { host }
    } else {
        OutboundError::Broken { host }
    }
}

/// Whether TLS is among the causes. An `io::Error` hides the error that it wraps from the chain.
fn is_of_tls(error: &(dyn StdError + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if error.is::<rustls::Error>() || wrapped.is_some_and(|inner| is_of_tls(inner)) {
            return true;
        }
        cause = error.source();
    }
    false
}
