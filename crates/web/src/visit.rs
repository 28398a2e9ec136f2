//! A request at a pool: who makes it, in which language, and what its browser is given.

use crate::{
    http::{
        client_ip::client_ip,
        cookies::Cookie,
        headers::text,
        host::authority,
        reply::{plain, unknown_host},
    },
    options::WebOptions,
};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    response::Response,
};
use http::{HeaderValue, header, request::Parts};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};
use vestibule_domain::User;
use vestibule_flows::{App, Cx, RememberedBrowserToken, SessionToken, Step};
use vestibule_pages::{Locale, Pages};

/// What every handler shares.
pub(crate) struct Web {
    pub(crate) app: Arc<App>,
    pub(crate) pages: Arc<Pages>,
    pub(crate) options: WebOptions,
}

/// The name of a request in logs, audit and error pages; put in place by the outermost layer.
#[derive(Clone)]
pub(crate) struct RequestName(pub(crate) String);

/// A request at a pool.
pub(crate) struct Visit {
    pub(crate) web: Arc<Web>,
    pub(crate) cx: Cx,
    pub(crate) locale: Locale,
    new_browser: Option<String>,
}

/// Who makes a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody with a browser: it has cookies, or gets them, and a language.
    Person,
    /// A program: it has neither, and is given neither.
    Program,
}

impl FromRequestParts<Arc<Web>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        Self::arrive(parts, web, Caller::Person).await
    }
}

impl Visit {
    /// Finds the pool of a request and what is known of its caller.
    pub(crate) async fn arrive(parts: &Parts, web: &Arc<Web>, caller: Caller) -> Result<Self, Response> {
        let authority = authority(parts).ok_or_else(unknown_host)?;
        let pool = match web.app.pool_at(&authority).await {
            Ok(Some(pool)) => pool,
            Ok(None) => return Err(unknown_host()),
            Err(cause) => return Err(plain(&cause)),
        };
        let headers = &parts.headers;
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        let mut cx = Cx {
            now: web.app.now(),
            browser: [0; 32],
            session: None,
            remembered_browser: None,
            ip: Some(client_ip(peer, headers, &web.options.trusted_proxies).to_string()),
            user_agent: None,
            request_id: parts.extensions.get::<RequestName>().map(|name| name.0.clone()).unwrap_or_default(),
            pool,
        };
        if caller == Caller::Program {
            return Ok(Self { web: Arc::clone(web), cx, locale: Locale::english(), new_browser: None });
        }
        let origin = &cx.pool.pool.origin;
        let known = Cookie::Browser.read(headers, origin);
        let new_browser = if known.is_none() { Some(web.app.secret()) } else { None };
        cx.session = Cookie::Session.read(headers, origin).map(SessionToken::new);
        cx.remembered_browser =
            Cookie::RememberedBrowser(0).read(headers, origin).map(RememberedBrowserToken::new);
        cx.browser = Cx::browser_digest(&known.or_else(|| new_browser.clone()).unwrap_or_default());
        cx.user_agent = text(headers, header::USER_AGENT).map(|agent| agent.chars().take(256).collect());
        let language = text(headers, header::ACCEPT_LANGUAGE);
        let locale = Locale::negotiate(None, language, &cx.pool.pool.settings.locale);
        Ok(Self { web: Arc::clone(web), cx, locale, new_browser })
    }

    pub(crate) fn app(&self) -> &App {
        &self.web.app
    }

    /// Speaks a signed-in user's own language.
    pub(crate) fn speak_to(&mut self, user: &User) {
        if let Some(locale) = user.locale.as_deref().and_then(Locale::parse) {
            self.locale = locale;
        }
    }

    /// The same visit with the pool as it is now: after a change of its settings.
    pub(crate) async fn reloaded(mut self) -> Result<Self, Response> {
        let authority = self.cx.pool.pool.origin.authority().to_owned();
        match self.web.app.pool_at(&authority).await {
            Ok(Some(pool)) => {
                self.cx.pool = pool;
                Ok(self)
            }
            Ok(None) => Err(unknown_host()),
            Err(cause) => Err(plain(&cause)),
        }
    }

    /// Personal: never cached; and a browser without a cookie of its own gets one.
    pub(crate) fn private(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let cookie = self.new_browser.as_deref();
        if let Some(cookie) = cookie.and_then(|value| Cookie::Browser.set(&self.cx.pool.pool.origin, value)) {
            headers.append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// Gives the browser a new session.
    pub(crate) fn with_session(&self, mut response: Response, session: Option<&SessionToken>) -> Response {
        let cookie = session.and_then(|token| Cookie::Session.set(&self.cx.pool.pool.origin, token.expose()));
        if let Some(cookie) = cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// Gives the browser what a step brings: a new session, and to be remembered.
    pub(crate) fn with_step(&self, response: Response, step: &Step) -> Response {
        let mut response = self.with_session(response, step.session.as_ref());
        let origin = &self.cx.pool.pool.origin;
        let remembered = step.remembered_browser.as_ref();
        let cookie = remembered
            .and_then(|(token, seconds)| Cookie::RememberedBrowser(*seconds).set(origin, token.expose()));
        if let Some(cookie) = cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }

    /// Takes the session cookie away.
    pub(crate) fn without_session(&self, mut response: Response) -> Response {
        if let Some(cookie) = Cookie::Session.clear(&self.cx.pool.pool.origin) {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}
