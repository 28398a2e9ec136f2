//! The whole HTTP side as a service.
//!
//! Documents that anybody may have are answered here, before the router and its layers: such an answer depends on the host
//! alone. It waits for nothing, reads no body, asks no database and draws no random name, so limits on time and size and
//! the guard against panics have nothing to do. Whatever is not exactly such a request, or needs a look at the database
//! first, goes on to the router, which answers it the same way.

use crate::{
    http::{headers::GUARDED, host::plain_host},
    oidc::documents::document,
    options::WebOptions,
    paths,
    routes::router,
    visit::Web,
};
use axum::{
    BoxError, Router,
    body::{Body, Bytes, HttpBody},
    response::Response,
};
use http::{Method, Request};
use std::{
    convert::Infallible,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tower::Service;
use vestibule_flows::{App, Document, PoolRuntime};
use vestibule_pages::Pages;

/// What a [`Site`] is made of.
pub struct SiteParts {
    /// The use cases.
    pub app: Arc<App>,
    /// Templates and texts.
    pub pages: Arc<Pages>,
    /// What the server decides about HTTP.
    pub options: WebOptions,
}

/// The whole HTTP side of the product: a [`Service`] for requests with any body, which never fails.
///
/// A pool is an origin of its own and owns all its paths, so a site is mounted by host: as the service of a listener, as
/// the answer for some hosts, or as the fallback of a router that has paths of its own at a pool's host. It cannot be
/// mounted below a path. Whoever mounts it inserts `axum::extract::ConnectInfo<SocketAddr>` with the peer's address, if the
/// address of clients is to be known; proxies are believed as [`WebOptions`] says.
///
/// Requests at hosts of no pool are answered with 421, which tells programs and people that they came to the wrong place.
#[derive(Clone)]
pub struct Site {
    web: Arc<Web>,
    router: Router,
}

impl Site {
    /// Puts a site together.
    #[must_use]
    pub fn new(parts: SiteParts) -> Self {
        let SiteParts { app, pages, options } = parts;
        let web = Arc::new(Web { app, pages, options });
        Self { router: router(Arc::clone(&web)), web }
    }

    /// What the server decided about HTTP.
    pub(crate) fn options(&self) -> &WebOptions {
        &self.web.options
    }

    /// Answers a request.
    pub(crate) fn answer<B>(&self, request: Request<B>) -> Answering
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        match self.at_once(&request) {
            Some(response) => Answering(State::Now(Some(response))),
            None => Answering(State::Later(self.router.clone().call(request.map(Body::new)))),
        }
    }

    /// A document of a pool that is in memory.
    fn at_once<B>(&self, request: &Request<B>) -> Option<Response> {
        if request.method() != Method::GET {
            return None;
        }
        let choose: fn(&PoolRuntime) -> &Document = match request.uri().path() {
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

impl<B> Service<Request<B>> for Site
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Answering {
        self.answer(request)
    }
}

/// An answer on its way.
pub struct Answering(State);

enum State {
    /// It is there.
    Now(Option<Response>),
    /// The router makes it.
    Later(<Router as Service<Request<Body>>>::Future),
}

impl Future for Answering {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            State::Now(response) => {
                response.take().map_or(Poll::Pending, |response| Poll::Ready(Ok(response)))
            }
            State::Later(future) => Pin::new(future).poll(cx),
        }
    }
}
