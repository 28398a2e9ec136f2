//! The token of a request, verified.

use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;

use crate::claims::Claims;
use crate::clock::Clock;
use crate::refusal::{Challenger, Refusal, Scheme};
use crate::require::Requirement;

/// What every token of one API is judged with.
pub(crate) struct Judge {
    pub(crate) challenger: Challenger,
    pub(crate) clock: Arc<dyn Clock>,
    /// Seconds.
    pub(crate) leeway: i64,
}

/// The access token of a request: valid, and for this API. Only the layers of this crate make one, so a handler that
/// takes it is never run without; where no layer is around the route, the answer is 500.
///
/// It reads like its [`Claims`]: `token.sub`, `token.scopes`.
#[derive(Clone)]
pub struct AccessToken(Arc<Inner>);

struct Inner {
    claims: Claims,
    scheme: Scheme,
    judge: Arc<Judge>,
}

impl AccessToken {
    pub(crate) fn new(claims: Claims, scheme: Scheme, judge: Arc<Judge>) -> Self {
        Self(Arc::new(Inner { claims, scheme, judge }))
    }

    /// Whether the server that has this judge verified the token.
    pub(crate) fn is_of(&self, judge: &Arc<Judge>) -> bool {
        Arc::ptr_eq(&self.0.judge, judge)
    }

    /// How the client sent it.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.0.scheme
    }

    /// Whether the token has a scope.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }

    /// Asks for more in the middle of a handler, where it depends on what is asked for: `token.require(..)?`.
    ///
    /// # Errors
    /// [`Refusal`], which is a response with the challenge.
    pub fn require(&self, requirement: impl Into<Requirement>) -> Result<(), Refusal> {
        let judge = &self.0.judge;
        let checked = requirement.into().check(&self.0.claims, judge.clock.now(), judge.leeway);
        checked.map_err(|reason| judge.challenger.refuse(reason, Some(self.0.scheme)))
    }
}

impl Deref for AccessToken {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.0.claims
    }
}

/// Says nothing about the person: print the claims that are needed.
impl fmt::Debug for AccessToken {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("AccessToken(..)")
    }
}

impl<S: Sync> FromRequestParts<S> for AccessToken {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Refusal::unprotected)
    }
}

/// For handlers that stand on routes with and without a layer.
impl<S: Sync> OptionalFromRequestParts<S> for AccessToken {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}
