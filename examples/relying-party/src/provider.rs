//! The identity provider: its discovery document, its keys, and the HTTP client that reaches it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreJwsSigningAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::{
    AdditionalProviderMetadata, AsyncHttpClient, ClientId, ClientSecret, EndSessionUrl, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IssuerUrl, ProviderMetadata, RedirectUrl,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::Settings;

/// What discovery tells beyond the crate's own fields.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Extra {
    /// Where a sign-out goes (OpenID Connect RP-Initiated Logout section 2.1).
    pub(crate) end_session_endpoint: Option<EndSessionUrl>,
    /// Whether every answer carries `iss` (RFC 9207 section 3).
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Extra {}

pub(crate) type Metadata = ProviderMetadata<
    Extra,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

pub(crate) type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// Algorithms that an ID token may be signed with.
pub(crate) const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

const ATTEMPTS: u32 = 6;

/// The identity provider, read when it is first needed.
pub(crate) struct Provider {
    http: Http,
    issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: Option<ClientSecret>,
    redirect_uri: RedirectUrl,
    metadata: Mutex<Option<Arc<Metadata>>>,
}

impl Provider {
    pub(crate) fn new(settings: &Settings) -> anyhow::Result<Self> {
        Ok(Self {
            http: Http(http_client(&settings.issuer)?),
            issuer: IssuerUrl::new(settings.issuer.clone()).context("the issuer is not a URL")?,
            client_id: ClientId::new(settings.client_id.clone()),
            client_secret: settings.client_secret.clone().map(ClientSecret::new),
            redirect_uri: RedirectUrl::new(format!("{}/callback", settings.base_url))
                .context("the base URL is not a URL")?,
            metadata: Mutex::new(None),
        })
    }

    pub(crate) fn client_id(&self) -> &ClientId {
        &self.client_id
    }

    /// The HTTP client; it follows no redirects, which would let forged requests through.
    pub(crate) fn http(&self) -> &Http {
        &self.http
    }

    /// The discovery document with the keys, read at first use and tried again while the provider is starting.
    pub(crate) async fn metadata(&self) -> anyhow::Result<Arc<Metadata>> {
        let mut cached = self.metadata.lock().await;
        if let Some(metadata) = cached.as_ref() {
            return Ok(Arc::clone(metadata));
        }
        let mut attempt = 1;
        loop {
            match Metadata::discover_async(self.issuer.clone(), &self.http).await {
                Ok(metadata) => return Ok(Arc::clone(cached.insert(Arc::new(metadata)))),
                Err(error) if attempt == ATTEMPTS => {
                    return Err(error)
                        .with_context(|| format!("no discovery document from {}", *self.issuer));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(60 << attempt.min(5))).await,
            }
            attempt += 1;
        }
    }

    /// Forgets the discovery document, so that keys that were rotated are seen.
    pub(crate) async fn forget(&self) {
        *self.metadata.lock().await = None;
    }

    /// The OpenID Connect client for this provider.
    pub(crate) async fn client(&self) -> anyhow::Result<(Client, Arc<Metadata>)> {
        let metadata = self.metadata().await?;
        let client = CoreClient::from_provider_metadata(
            Metadata::clone(&metadata),
            self.client_id.clone(),
            self.client_secret.clone(),
        );
        Ok((client.set_redirect_uri(self.redirect_uri.clone()), metadata))
    }
}

/// reqwest, in the shape in which the `openidconnect` crate wants an HTTP client.
pub(crate) struct Http(pub(crate) reqwest::Client);

impl AsyncHttpClient<'_> for Http {
    type Error = reqwest::Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, reqwest::Error>> + Send>>;

    fn call(&self, request: HttpRequest) -> Self::Future {
        let client = self.0.clone();
        Box::pin(async move {
            let response = client.execute(request.try_into()?).await?;
            let mut built = HttpResponse::new(Vec::new());
            *built.status_mut() = response.status();
            *built.headers_mut() = response.headers().clone();
            *built.body_mut() = response.bytes().await?.to_vec();
            Ok(built)
        })
    }
}

fn http_client(issuer: &str) -> anyhow::Result<reqwest::Client> {
    let url = url::Url::parse(issuer).context("the issuer is not a URL")?;
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(Duration::from_secs(3))
        .timeout(Duration::from_secs(10));
    if url.scheme() == "http" {
        // Only for a provider on this machine; a machine without CA certificates will do.
        builder = builder.tls_certs_only([]);
    }
    if let Some(host) = url.host_str().filter(|host| host.ends_with(".localhost")) {
        // RFC 6761 section 6.3: these names are loopback, though not every resolver knows.
        builder = builder.resolve(host, ([127, 0, 0, 1], 0).into());
    }
    builder.build().context("no HTTP client")
}
