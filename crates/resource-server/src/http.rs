//! The keys of an issuer over HTTPS: OpenID Connect Discovery 1.0 §4, RFC 8414 §3, RFC 7517 §5.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, header};
use reqwest::{Client, Response, redirect::Policy};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use serde::Deserialize;
use url::{Host, Url};
use vestibule_jose::{ForeignKeys, MAX_FOREIGN_BYTES};

use crate::keys::{BoxFuture, FetchedKeys, KeySource, KeysError};

/// Reads metadata and keys of one issuer with reqwest. Every fetch reads both, so that keys can move.
pub struct HttpKeys {
    client: Client,
    issuer: String,
    /// Where the metadata may be, in this order.
    metadata: [Url; 2],
}

/// Why an issuer cannot be asked for its keys.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpKeysError {
    /// Not an `https` URL without query and fragment (RFC 8414 §2). `http` is accepted on loopback only.
    #[error("the issuer is not an https URL without query and fragment")]
    Issuer,
    /// The machine's certificates cannot be used.
    #[error("no TLS")]
    Tls(#[source] rustls::Error),
    /// The HTTP client cannot be made.
    #[error("no HTTP client")]
    Client(#[source] reqwest::Error),
}

#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: String,
}

impl HttpKeys {
    /// With a client that follows no redirects.
    ///
    /// # Errors
    /// [`HttpKeysError`].
    pub fn new(issuer: &str) -> Result<Self, HttpKeysError> {
        let url = issuer_url(issuer)?;
        let builder = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(7))
            .tls_backend_preconfigured(tls(url.scheme() == "https").map_err(HttpKeysError::Tls)?);
        Self::with_client(issuer, builder.build().map_err(HttpKeysError::Client)?)
    }

    /// With a client of the application's own. It should follow no redirects: they would lead away from the issuer.
    ///
    /// # Errors
    /// [`HttpKeysError::Issuer`].
    pub fn with_client(issuer: &str, client: Client) -> Result<Self, HttpKeysError> {
        let url = issuer_url(issuer)?;
        let path = url.path().trim_end_matches('/');
        let at = |path: String| {
            let mut url = url.clone();
            url.set_path(&path);
            url
        };
        let metadata = [
            at(format!("{path}/.well-known/openid-configuration")),
            at(format!("/.well-known/oauth-authorization-server{path}")),
        ];
        Ok(Self { client, issuer: issuer.to_owned(), metadata })
    }

    async fn read(&self) -> Result<FetchedKeys, KeysError> {
        let [first, second] = &self.metadata;
        let found = match self.metadata_at(first).await {
            // What is told is why the usual place has none.
            Err(error) => self.metadata_at(second).await.map_err(|_| error)?,
            Ok(found) => found,
        };
        // A document of somebody else would bring somebody else's keys (RFC 8414 §3.3).
        if found.issuer != self.issuer {
            return Err(KeysError::Metadata("it is of another issuer"));
        }
        let place = Url::parse(&found.jwks_uri).ok().filter(is_confidential);
        let place = place.ok_or(KeysError::Metadata("jwks_uri is not an https URL"))?;
        let response = self.get(&place).await?;
        let fresh_for = fresh_for(response.headers());
        let keys = ForeignKeys::parse(&body(response).await?).map_err(KeysError::Keys)?;
        Ok(FetchedKeys { keys, fresh_for })
    }

    async fn metadata_at(&self, place: &Url) -> Result<Metadata, KeysError> {
        let document = body(self.get(place).await?).await?;
        serde_json::from_slice(&document).map_err(|_| KeysError::Metadata("issuer or jwks_uri is missing"))
    }

    async fn get(&self, place: &Url) -> Result<Response, KeysError> {
        let request = self.client.get(place.clone()).header(header::ACCEPT, "application/json");
        let response = request.send().await.and_then(Response::error_for_status).map_err(unreachable)?;
        // `error_for_status` lets redirects pass.
        if response.status() == reqwest::StatusCode::OK {
            Ok(response)
        } else {
            Err(KeysError::Metadata("the answer is a redirect or empty"))
        }
    }
}

impl KeySource for HttpKeys {
    fn fetch(&self) -> BoxFuture<'_, Result<FetchedKeys, KeysError>> {
        Box::pin(self.read())
    }
}

/// TLS with a cryptography of its own, so that the application has to install none. Without TLS nobody is trusted with
/// any: the machine may have no certificates.
fn tls(is_used: bool) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions()?;
    let builder = if is_used {
        builder.with_platform_verifier()?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    Ok(builder.with_no_client_auth())
}

fn unreachable(error: reqwest::Error) -> KeysError {
    KeysError::Unreachable(Arc::new(error))
}

fn issuer_url(issuer: &str) -> Result<Url, HttpKeysError> {
    let fits = |url: &Url| is_confidential(url) && url.query().is_none() && url.fragment().is_none();
    Url::parse(issuer).ok().filter(fits).ok_or(HttpKeysError::Issuer)
}

/// Whether nobody on the way can change what is read.
fn is_confidential(url: &Url) -> bool {
    let on_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && on_loopback)
}

/// The body, up to the size of a key set.
async fn body(mut response: Response) -> Result<Vec<u8>, KeysError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > MAX_FOREIGN_BYTES {
            return Err(KeysError::Metadata("the answer is longer than 65536 bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The freshness lifetime that is left (RFC 9111 §4.2): `max-age` without `Age`; zero where nothing may be kept.
fn fresh_for(headers: &HeaderMap) -> Option<Duration> {
    let values = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    let directives = values.flat_map(|value| value.split(',')).map(|one| one.trim().to_ascii_lowercase());
    let mut lifetime = None;
    for directive in directives {
        match directive.split_once('=') {
            None if directive == "no-store" || directive == "no-cache" => return Some(Duration::ZERO),
            Some(("max-age", seconds)) if lifetime.is_none() => {
                lifetime = Some(seconds.trim_matches('"').parse().unwrap_or(0));
            }
            _ => {}
        }
    }
    let age = headers.get(header::AGE).and_then(|age| age.to_str().ok()?.parse::<u64>().ok()).unwrap_or(0);
    lifetime.map(|seconds: u64| Duration::from_secs(seconds.saturating_sub(age)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freshness_is_what_http_says() {
        for (cache_control, age, seconds) in [
            ("max-age=300", "", Some(300)),
            ("public, MAX-AGE=\"300\", must-revalidate", "40", Some(260)),
            ("max-age=300", "900", Some(0)),
            ("max-age=300, max-age=9000", "x", Some(300)),
            ("max-age=-1", "", Some(0)),
            ("max-age=99999999999999999999999", "", Some(0)),
            ("max-age=300, no-store", "", Some(0)),
            ("no-cache", "", Some(0)),
            ("s-maxage=3", "", None),
            ("", "", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CACHE_CONTROL, cache_control.parse().unwrap());
            headers.insert(header::AGE, age.parse().unwrap());
            assert_eq!(fresh_for(&headers), seconds.map(Duration::from_secs), "{cache_control}");
        }
        assert_eq!(fresh_for(&HeaderMap::new()), None);
    }

    #[test]
    fn metadata_is_looked_for_where_both_specifications_say() {
        let at = |issuer: &str| HttpKeys::new(issuer).unwrap().metadata.map(String::from);
        assert_eq!(
            at("http://127.0.0.1:8080/a"),
            [
                "http://127.0.0.1:8080/a/.well-known/openid-configuration",
                "http://127.0.0.1:8080/.well-known/oauth-authorization-server/a"
            ]
        );
        assert_eq!(
            at("http://127.0.0.1/"),
            [
                "http://127.0.0.1/.well-known/openid-configuration",
                "http://127.0.0.1/.well-known/oauth-authorization-server"
            ]
        );
    }

    #[test]
    fn an_issuer_that_others_can_speak_for_is_refused() {
        for good in ["https://id.example", "http://127.0.0.1:8080/oidc", "http://[::1]", "http://a.localhost"]
        {
            assert!(issuer_url(good).is_ok(), "{good}");
        }
        for bad in
            ["http://id.example", "https://id.example?a", "https://id.example#a", "id.example", "ftp://a"]
        {
            assert!(issuer_url(bad).is_err(), "{bad}");
        }
    }
}
