//! Settings of a resource server.

use std::sync::Arc;
use std::time::Duration;

use axum::http::request::Parts;
use serde_json::{Map, Value};
use url::Url;
use vestibule_jose::Alg;

use crate::access::Judge;
use crate::claims::TokenRules;
use crate::clock::{Clock, SystemClock};
use crate::dpop::Dpop;
use crate::keys::{KeyCache, KeySource};
use crate::metadata::{Description, Metadata, Told};
use crate::nonce::Nonces;
use crate::place::{self, PublicUrl};
use crate::refusal::Challenger;
use crate::replay::{ReplayCache, SeenProofs};
use crate::server::{Inner, ResourceServer};

/// The most seconds by which clocks may differ.
const MAX_LEEWAY: i64 = 300;

/// Why a resource server cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// An empty issuer or audience.
    #[error("issuer and audience must not be empty")]
    Empty,
    /// No algorithm is accepted.
    #[error("no signature algorithm is accepted")]
    NoAlgorithm,
    /// More than five minutes.
    #[error("clocks may differ by at most 300 seconds")]
    Leeway,
    /// Not an `http` or `https` URL without query and fragment.
    #[error("the public URL is not an http or https URL without query and fragment")]
    PublicUrl,
    /// Something is set about proofs, which cannot be checked without knowing the API's address.
    #[error("DPoP needs the public URL of the API: set public_url or public_url_by")]
    NoPublicUrl,
    /// The API is described, but its audience is no address that metadata could stand at (RFC 9728 §1.2).
    #[error("only an API whose audience is an http or https URL without fragment can be described")]
    Resource,
    /// The feature `reqwest` is off.
    #[error("there is no key source: set keys, or switch the feature `reqwest` on")]
    NoKeySource,
    /// The issuer cannot be asked for its keys.
    #[cfg(feature = "reqwest")]
    #[error("the keys of the issuer cannot be fetched")]
    Issuer(#[from] crate::http::HttpKeysError),
}

/// How a [`ResourceServer`] is set up. What is not set is safe.
pub struct Builder {
    rules: TokenRules,
    description: Option<Map<String, Value>>,
    keys: Option<Box<dyn KeySource>>,
    /// Seconds.
    keep: i64,
    clock: Arc<dyn Clock>,
    url: Option<Result<PublicUrl, BuildError>>,
    replay: Option<Box<dyn ReplayCache>>,
    nonces: Option<Nonces>,
    dpop_only: bool,
}

impl ResourceServer {
    /// For tokens of `issuer` that are for `audience`, both compared character by character.
    #[must_use]
    pub fn builder(issuer: &str, audience: &str) -> Builder {
        let rules = TokenRules {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            algs: Alg::ALL.to_vec(),
            plain_jwt: false,
            leeway: 5,
        };
        Builder {
            rules,
            description: None,
            keys: None,
            keep: 3600,
            clock: Arc::new(SystemClock),
            url: None,
            replay: None,
            nonces: None,
            dpop_only: false,
        }
    }
}

impl Builder {
    /// Accepts tokens with `typ` `JWT` or none besides `at+jwt`, for issuers that make no others. ID tokens do not pass
    /// even then, but only claims tell them apart: leave it off where you can.
    #[must_use]
    pub fn accept_plain_jwt(mut self) -> Self {
        self.rules.plain_jwt = true;
        self
    }

    /// The algorithms that tokens and proofs may be signed with, by default all of [`Alg::ALL`]. `none` and shared
    /// secrets cannot be named.
    #[must_use]
    pub fn algorithms(mut self, algs: &[Alg]) -> Self {
        self.rules.algs = algs.to_vec();
        self
    }

    /// By how much clocks may differ, 5 seconds by default.
    #[must_use]
    pub fn leeway(mut self, leeway: Duration) -> Self {
        self.rules.leeway = seconds(leeway);
        self
    }

    /// Where keys come from, in place of the issuer's metadata.
    #[must_use]
    pub fn keys(mut self, source: impl KeySource) -> Self {
        self.keys = Some(Box::new(source));
        self
    }

    /// How long keys are good after they were fresh, while the issuer cannot be read; one hour by default. It also
    /// bounds how long a key that was withdrawn is believed.
    #[must_use]
    pub fn keep_keys_for(mut self, time: Duration) -> Self {
        self.keep = seconds(time);
        self
    }

    /// What time it is, by default the machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Where clients reach this API, such as `https://api.example.com` or, with a proxy that takes `/orders` away,
    /// `https://api.example.com/orders`. It switches DPoP on: proofs name the address they are for.
    #[must_use]
    pub fn public_url(mut self, base: &str) -> Self {
        let fits = |url: &Url| {
            matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none()
        };
        let base = Url::parse(base).ok().filter(fits);
        self.url = Some(base.map(|base| place::below(&base)).ok_or(BuildError::PublicUrl));
        self
    }

    /// The same for an API with several addresses: tells the whole public address of a request, or `None` for a request
    /// that no proof is good for. Believe `Host` and `X-Forwarded-*` only as far as a proxy of yours sets them.
    #[must_use]
    pub fn public_url_by(mut self, url: impl Fn(&Parts) -> Option<String> + Send + Sync + 'static) -> Self {
        self.url = Some(Ok(Box::new(url)));
        self
    }

    /// Refuses bearer tokens, bound to a key or not.
    #[must_use]
    pub fn dpop_only(mut self) -> Self {
        self.dpop_only = true;
        self
    }

    /// Asks for a nonce in every proof (RFC 9449 §9).
    #[must_use]
    pub fn dpop_nonces(mut self, nonces: Nonces) -> Self {
        self.nonces = Some(nonces);
        self
    }

    /// Says where the API's metadata is in every challenge, so that clients that know the API alone find the issuer
    /// (RFC 9728): see [`ResourceServer::metadata`]. The audience has to be the API's address.
    #[must_use]
    pub fn describe(mut self, description: Description<'_>) -> Self {
        self.description = Some(description.members());
        self
    }

    /// Where proofs are remembered, by default a [`SeenProofs`] of this process.
    #[must_use]
    pub fn replay_cache(mut self, cache: impl ReplayCache) -> Self {
        self.replay = Some(Box::new(cache));
        self
    }

    /// The server. It asks for keys at the first request.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn build(self) -> Result<ResourceServer, BuildError> {
        let Self { rules, description, keys, keep, clock, url, replay, nonces, dpop_only } = self;
        if rules.issuer.is_empty() || rules.audience.is_empty() {
            return Err(BuildError::Empty);
        }
        if rules.algs.is_empty() {
            return Err(BuildError::NoAlgorithm);
        }
        if rules.leeway > MAX_LEEWAY {
            return Err(BuildError::Leeway);
        }
        if url.is_none() && (dpop_only || nonces.is_some() || replay.is_some()) {
            return Err(BuildError::NoPublicUrl);
        }
        let dpop = url.transpose()?.map(|url| Dpop {
            algs: rules.algs.clone(),
            url,
            replay: replay.unwrap_or_else(|| Box::new(SeenProofs::default())),
            nonces,
            leeway: rules.leeway,
        });
        let describe = |description| {
            let told = Told {
                audience: &rules.audience,
                issuer: &rules.issuer,
                dpop_algs: dpop.as_ref().map(|dpop| dpop.algs.iter().map(|alg| alg.as_str()).collect()),
                dpop_only,
            };
            Metadata::of(description, told).map(Arc::new).ok_or(BuildError::Resource)
        };
        let metadata = description.map(describe).transpose()?;
        let challenger = Challenger {
            realm: rules.audience.clone(),
            metadata: metadata.as_ref().map(|metadata| metadata.url.clone()),
            bearer: !dpop_only,
            dpop_algs: dpop.as_ref().map(|dpop| names(&dpop.algs)),
        };
        let source = keys.map_or_else(|| default_source(&rules.issuer), Ok)?;
        let keys = Arc::new(KeyCache::new(source, Arc::clone(&clock), keep));
        let judge = Arc::new(Judge { challenger, clock, leeway: rules.leeway });
        Ok(ResourceServer::new(Inner { rules, keys, dpop, judge, metadata }))
    }
}

#[cfg(feature = "reqwest")]
fn default_source(issuer: &str) -> Result<Box<dyn KeySource>, BuildError> {
    Ok(Box::new(crate::http::HttpKeys::new(issuer)?))
}

#[cfg(not(feature = "reqwest"))]
fn default_source(_: &str) -> Result<Box<dyn KeySource>, BuildError> {
    Err(BuildError::NoKeySource)
}

fn names(algs: &[Alg]) -> String {
    algs.iter().map(|alg| alg.as_str()).collect::<Vec<_>>().join(" ")
}

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}
