//! The front of the site: documents that anybody may have are answered here, before the router and its layers.
//!
//! Such an answer depends on the host alone. It waits for nothing, reads no body, asks no database and draws no random
//! name, so limits on time and size and the guard against panics have nothing to do. Whatever is not exactly such a
//! request, or needs a look at the database first, goes on to the router, which answers it the same way.

use crate::{
    documents::document,
    routes::{GUARDED, router},
    visit::Web,
};
use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use http::{Method, Request, header};
use hyper::body::Incoming;
use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tower::Service as _;
use vestibule_flows::PoolRuntime;

/// The whole HTTP side of the product, ready to be served.
#[derive(Clone)]
pub struct Site {
    web: Arc<Web>,
    router: Router,
}

/// An answer on its way: at once, or when the router has it.
pub(crate) enum Answering {
    Now(Option<Response>),
    Later(<Router as tower::Service<Request<Body>>>::Future),
}

impl Site {
    pub(crate) fn new(web: Arc<Web>) -> Self {
        Self { router: router(Arc::clone(&web)), web }
    }

    /// Answers a request that `peer` sent.
    pub(crate) fn answer(&self, peer: SocketAddr, mut request: Request<Incoming>) -> Answering {
        if let Some(response) = self.at_once(&request) {
            return Answering::Now(Some(response));
        }
        request.extensions_mut().insert(ConnectInfo(peer));
        Answering::Later(self.router.clone().call(request.map(Body::new)))
    }

    /// A document of a pool that is in memory.
    fn at_once<B>(&self, request: &Request<B>) -> Option<Response> {
        if request.method() != Method::GET {
            return None;
        }
        let choose: fn(&PoolRuntime) -> &vestibule_flows::Document = match request.uri().path() {
            "/oidc/jwks" => |pool| &pool.jwks,
            "/oidc/.well-known/openid-configuration" => |pool| &pool.discovery,
            _ => return None,
        };
        let pool = self.web.app.pool_in_memory(plain_host(request)?)?;
        let response = document(GUARDED.clone(), request.headers(), choose(&pool));
        tracing::info!(
            http.method = "GET",
            http.path = request.uri().path(),
            http.status = response.status().as_u16(),
            "answered"
        );
        Some(response)
    }
}

/// The host of a request where it is written as pools are known by it. Any other spelling is the router's to judge.
fn plain_host<B>(request: &Request<B>) -> Option<&str> {
    if request.uri().authority().is_some() {
        return None;
    }
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    hosts.next().is_none().then_some(host)
}

impl Future for Answering {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            Self::Now(response) => {
                response.take().map_or(Poll::Pending, |response| Poll::Ready(Ok(response)))
            }
            Self::Later(future) => Pin::new(future).poll(cx),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host_of(uri: &str, hosts: &[&str]) -> Option<String> {
        let mut request = Request::builder().uri(uri);
        for host in hosts {
            request = request.header(header::HOST, *host);
        }
        plain_host(&request.body(()).unwrap()).map(str::to_owned)
    }

    #[test]
    fn only_a_single_host_header_is_taken_as_it_is() {
        assert_eq!(host_of("/oidc/jwks", &["a.test:8080"]).as_deref(), Some("a.test:8080"));
        assert_eq!(host_of("/oidc/jwks", &[]), None);
        assert_eq!(host_of("/oidc/jwks", &["a.test", "b.test"]), None);
        assert_eq!(host_of("http://b.test/oidc/jwks", &["a.test"]), None, "the router knows which counts");
    }
}
