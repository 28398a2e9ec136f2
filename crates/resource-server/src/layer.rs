//! The layers that stand around routes.

use std::mem;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::http::{HeaderValue, Request};
use axum::response::{IntoResponse, Response};
use tower::{Layer, Service};

use crate::keys::BoxFuture;
use crate::refusal::{DPOP_NONCE, Scheme};
use crate::require::Requirement;
use crate::server::ResourceServer;

impl ResourceServer {
    /// The layer that lets only requests with a valid token through.
    #[must_use]
    pub fn layer(&self) -> Protect {
        Protect { server: self.clone(), required: Arc::new([]) }
    }

    /// The layer that asks for more besides: [`crate::RequireScope`] or [`crate::RequireAuthentication`]. It needs no
    /// other layer around it, and may stand inside of one: a token is verified once.
    #[must_use]
    pub fn require(&self, requirement: impl Into<Requirement>) -> Protect {
        self.layer().and(requirement)
    }
}

/// Lets requests through that have a valid token and meet the requirements. Put CORS outside of it: browsers send no
/// token with a preflight.
#[derive(Clone)]
pub struct Protect {
    server: ResourceServer,
    required: Arc<[Requirement]>,
}

impl Protect {
    /// Asks for more; the first requirement that is not met is told.
    #[must_use]
    pub fn and(mut self, requirement: impl Into<Requirement>) -> Self {
        self.required = self.required.iter().cloned().chain([requirement.into()]).collect();
        self
    }
}

impl<S> Layer<S> for Protect {
    type Service = Protected<S>;

    fn layer(&self, inner: S) -> Protected<S> {
        Protected { protect: self.clone(), inner }
    }
}

/// A service with a [`Protect`] around it.
#[derive(Clone)]
pub struct Protected<S> {
    protect: Protect,
    inner: S,
}

impl<S, B> Service<Request<B>> for Protected<S>
where
    S: Service<Request<B>, Response = Response> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = Response;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Protect { server, required } = self.protect.clone();
        // The service that is ready is the one that is called.
        let other = self.inner.clone();
        let mut inner = mem::replace(&mut self.inner, other);
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let token = match server.admit_for(&parts, &required).await {
                Ok(token) => token,
                Err(refusal) => return Ok(refusal.into_response()),
            };
            let scheme = token.scheme();
            parts.extensions.insert(token);
            let mut response = inner.call(Request::from_parts(parts, body)).await?;
            // So a client learns of the next nonce before its own is refused (RFC 9449 §8.2).
            let nonce = server.nonce().filter(|_| scheme == Scheme::Dpop);
            if let Some(nonce) = nonce.and_then(|nonce| HeaderValue::from_str(&nonce).ok()) {
                response.headers_mut().insert(&DPOP_NONCE, nonce);
            }
            Ok(response)
        })
    }
}
