//! An API that takes access tokens.

use std::sync::Arc;

use axum::Router;
use axum::http::request::Parts;
use vestibule_jose::VerifyError;

use crate::access::{AccessToken, Judge};
use crate::certificate::ClientCertificate;
use crate::claims::{Binding, Claims, TokenFault, TokenRules};
use crate::dpop::{Dpop, ProofFault};
use crate::keys::KeyCache;
use crate::metadata::Metadata;
use crate::nonce::Nonces;
use crate::presented::{Presented, proof};
use crate::refusal::{Reason, Refusal, Scheme};
use crate::require::Requirement;

/// One API and the issuer whose tokens it takes. Clones share keys and memory; make one for each API, once.
#[derive(Clone)]
pub struct ResourceServer(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) rules: TokenRules,
    pub(crate) keys: Arc<KeyCache>,
    pub(crate) dpop: Option<Dpop>,
    pub(crate) judge: Arc<Judge>,
    pub(crate) metadata: Option<Arc<Metadata>>,
}

impl ResourceServer {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Verifies the token of a request, for routers that are not axum's. A proof counts once, so ask once for each
    /// request. The layers do this.
    ///
    /// # Errors
    /// [`Refusal`], which is a response with the challenge.
    pub async fn admit(&self, parts: &Parts) -> Result<AccessToken, Refusal> {
        if let Some(token) = parts.extensions.get::<AccessToken>().filter(|token| token.is_of(&self.0.judge))
        {
            return Ok(token.clone());
        }
        let refuse = |reason, scheme| self.0.judge.challenger.refuse(reason, scheme);
        let presented = Presented::find(&parts.headers).map_err(|reason| refuse(reason, None))?;
        if !self.0.judge.challenger.accepts(presented.scheme) {
            return Err(refuse(Reason::NoToken, None));
        }
        match self.claims(parts, presented).await {
            Ok(claims) => Ok(AccessToken::new(claims, presented.scheme, Arc::clone(&self.0.judge))),
            Err(reason) => {
                let nonce = matches!(reason, Reason::Nonce).then(|| self.nonce()).flatten();
                Err(refuse(reason, Some(presented.scheme)).with_nonce(nonce))
            }
        }
    }

    /// The route of the API's metadata, to be merged into the router of its host, outside of every layer of this crate.
    /// Scripts of any origin may read it. Without [`crate::Builder::describe`] there is none.
    pub fn metadata<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        self.0.metadata.as_ref().map_or_else(Router::new, Metadata::router)
    }

    /// The nonce that the next proofs should have.
    pub(crate) fn nonce(&self) -> Option<String> {
        self.0.dpop.as_ref()?.nonces.as_ref().map(|nonces| nonces.current(self.0.judge.clock.now()))
    }

    async fn claims(&self, parts: &Parts, presented: Presented<'_>) -> Result<Claims, Reason> {
        let claims = self.verified(presented.token).await?;
        match (presented.scheme, claims.binding()?, &self.0.dpop) {
            (Scheme::Bearer, Binding::None, _) => {}
            (Scheme::Bearer, Binding::Certificate(bound), _) => {
                let shown = parts.extensions.get::<ClientCertificate>();
                if shown.is_none_or(|shown| shown.thumbprint() != bound) {
                    return Err(TokenFault::OtherCertificate.into());
                }
            }
            (Scheme::Dpop, Binding::Key(jkt), Some(dpop)) => {
                self.prove(dpop, parts, presented.token, jkt).await?
            }
            (Scheme::Bearer, Binding::Key(_), _) => return Err(TokenFault::Bound.into()),
            (Scheme::Dpop, ..) => return Err(TokenFault::NotBound.into()),
        }
        Ok(claims)
    }

    async fn verified(&self, token: &str) -> Result<Claims, Reason> {
        let Inner { rules, keys: cache, judge, .. } = &*self.0;
        let keys = cache.get().await?;
        match rules.verify(&keys, token, judge.clock.now()) {
            Err(fault @ TokenFault::Jws(VerifyError::UnknownKey)) => {
                let newer = cache.newer_than(&keys).await.ok_or(fault)?;
                Ok(rules.verify(&newer, token, judge.clock.now())?)
            }
            verified => Ok(verified?),
        }
    }

    /// The proof is remembered last: one that is refused costs no memory.
    async fn prove(&self, dpop: &Dpop, parts: &Parts, token: &str, jkt: &str) -> Result<(), Reason> {
        let now = self.0.judge.clock.now();
        let proved = dpop.verify(parts, token, proof(&parts.headers)?, now)?;
        if proved.thumbprint != jkt {
            return Err(TokenFault::OtherKey.into());
        }
        let fresh = |nonces: &Nonces| proved.nonce.as_deref().is_some_and(|nonce| nonces.accepts(nonce, now));
        if !dpop.nonces.as_ref().is_none_or(fresh) {
            return Err(Reason::Nonce);
        }
        match dpop.replay.is_new(proved.id, proved.until, now).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(ProofFault::Replayed.into()),
            Err(error) => Err(Reason::Replay(error)),
        }
    }

    /// Verifies, then asks for more.
    pub(crate) async fn admit_for(
        &self,
        parts: &Parts,
        required: &[Requirement],
    ) -> Result<AccessToken, Refusal> {
        let token = self.admit(parts).await?;
        required.iter().try_for_each(|one| token.require(one.clone()))?;
        Ok(token)
    }
}
