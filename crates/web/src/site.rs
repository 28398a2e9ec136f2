//! The front of the site: documents that anybody may have are answered here, before the router and its layers.
//!
//! Such an answer depends on the host alone. It waits for nothing, reads no body, asks no database and draws no random
//! name, so limits on time and size and the guard against panics have nothing to do. Whatever is not exactly such a
//! request, or needs a look at the database first, goes on to the router, which answers it the same way.

use crate::{
    http::{headers::GUARDED, host::plain_host},
    oidc::documents::document,
    options::WebOptions,
    paths,
    routes::router,
    visit::Web,
};
use axum::{Router, body::Body, extract::ConnectInfo, response::Response};
use http::{Method, Request};
use hyper::body::Incoming;
use std::{
    convert::Infallible,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tower::Service as _;
use vestibule_flows::{App, PoolRuntime};
use vestibule_pages::Pages;

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

/// The whole HTTP side of the product.
pub fn site(app: Arc<App>, pages: Arc<Pages>, settings: WebOptions) -> Site {
    Site::new(Arc::new(Web { app, pages, options: settings }))
}

impl Site {
    fn new(web: Arc<Web>) -> Self {
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
            paths::JWKS => |pool| &pool.jwks,
            paths::DISCOVERY => |pool| &pool.discovery,
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
