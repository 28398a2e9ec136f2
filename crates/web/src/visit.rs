//! A request at a pool: extracting it, trusting its form, and answering it.

use crate::{client_ip::client_ip, cookies::Cookie, failure, options::WebOptions};
use axum::{
    body::{Body, to_bytes},
    extract::{ConnectInfo, FromRequest, FromRequestParts, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};
use vestibule_domain::User;
use vestibule_flows::{Account, App, Cx, RememberedBrowserToken, SessionToken, Step};
use vestibule_pages::{Chrome, ChromeUser, Locale, Message, Nav, Page, Pages, keys};
use zeroize::Zeroizing;

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

/// What surrounds a page beside the pool.
#[derive(Default)]
pub(crate) struct Frame {
    /// Where a form's redirect may lead beside this origin.
    pub(crate) form_target: Option<String>,
    /// Who is signed in.
    pub(crate) user: Option<ChromeUser>,
    /// Where in the user center.
    pub(crate) nav: Option<Nav>,
    /// Whether the user may change the pool's settings.
    pub(crate) admin: bool,
}

impl Frame {
    /// A page of a sign-in, which may end with a redirect to the application.
    pub(crate) fn toward(form_target: Option<String>) -> Self {
        Self { form_target, ..Self::default() }
    }

    /// A page of the user center.
    pub(crate) fn center(visit: &Visit, account: &Account, nav: Nav) -> Self {
        let (user, admin) = (&account.live.user, account.as_admin(&visit.cx).is_some());
        let display_name = user.name.clone().unwrap_or_else(|| user.username.clone());
        let user = ChromeUser { display_name, username: user.username.clone() };
        Self { form_target: None, user: Some(user), nav: Some(nav), admin }
    }
}

/// Who makes a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody with a browser: it has cookies, or gets them, and a language.
    Person,
    /// A program: it has neither, and is given neither.
    Program,
}

/// A program's request at a pool.
pub(crate) struct Call(pub(crate) Visit);

impl FromRequestParts<Arc<Web>> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        Self::arrive(parts, web, Caller::Person).await
    }
}

impl FromRequestParts<Arc<Web>> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        Visit::arrive(parts, web, Caller::Program).await.map(Self)
    }
}

impl Visit {
    /// Finds the pool of a request and what is known of its caller.
    pub(crate) async fn arrive(parts: &Parts, web: &Arc<Web>, caller: Caller) -> Result<Self, Response> {
        let authority = authority(parts).ok_or_else(failure::unknown_host)?;
        let pool = match web.app.pool_at(&authority).await {
            Ok(Some(pool)) => pool,
            Ok(None) => return Err(failure::unknown_host()),
            Err(cause) => return Err(failure::plain(&cause)),
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
}

/// Host and port that the request is for: the URI's authority (HTTP/2) or the `Host` header, without default ports.
fn authority(parts: &Parts) -> Option<String> {
    let from_uri = parts.uri.authority().map(|authority| authority.as_str().to_owned());
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let from_header = hosts.next().and_then(|host| host.to_str().ok()).map(str::to_owned);
    if hosts.next().is_some() {
        return None;
    }
    let authority = from_uri.or(from_header)?.to_ascii_lowercase();
    let bare = authority.strip_suffix(":443").or_else(|| authority.strip_suffix(":80"));
    Some(bare.map_or(authority.clone(), str::to_owned))
}

pub(crate) fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl Visit {
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
            Ok(None) => Err(failure::unknown_host()),
            Err(cause) => Err(failure::plain(&cause)),
        }
    }

    /// Renders a page with everything that guards it.
    pub(crate) fn page<P: Page>(&self, status: StatusCode, page: &P, frame: Frame) -> Response {
        let pool = &self.cx.pool.pool;
        let accent = pool.settings.accent.as_ref();
        let chrome = Chrome {
            pool_name: pool.name.clone(),
            support_email: pool.settings.support_email.clone(),
            accent_css: accent.map(|colour| format!("/assets/pool.css?v={}", colour.trim_start_matches('#'))),
            locale: self.locale,
            csrf: self.app().csrf_token(&self.cx),
            request_id: self.cx.request_id.clone(),
            user: frame.user,
            active_nav: frame.nav,
            demo: self.web.options.demo,
            texts: self.cx.pool.texts(),
            experimental: pool.settings.enrolment.experimental,
            admin: frame.admin,
        };
        match self.web.pages.render(&chrome, page) {
            Ok(html) => {
                let mut response = (status, html).into_response();
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
                if let Some(policy) = content_security_policy(frame.form_target.as_deref()) {
                    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
                }
                self.private(response)
            }
            Err(error) => {
                tracing::error!(request.id = %self.cx.request_id, error = %error, "a page could not be rendered");
                failure::bare(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
            }
        }
    }

    /// A redirect after which the browser uses GET (RFC 9700 §4.12: 303 after credentials).
    pub(crate) fn see_other(&self, to: &str) -> Response {
        let Ok(location) = HeaderValue::from_str(to) else {
            return failure::bare(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.");
        };
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(header::LOCATION, location);
        self.private(response)
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

/// The one policy of all pages. Browsers hold `form-action` against every redirect that follows a form (CSP Level 3
/// §6.4.1), so a sign-in that ends at the application names its origin, and `https:` for wherever the application
/// sends its user from there: it may itself be a broker for others.
fn content_security_policy(form_target: Option<&str>) -> Option<HeaderValue> {
    let target = form_target.map(|target| format!(" https: {target}")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src 'self'; form-action 'self'{target}; frame-ancestors 'none'; base-uri 'none'"
    );
    HeaderValue::from_str(&policy).ok()
}

/// The fields of a form. Each name once.
pub(crate) struct Fields(BTreeMap<String, Zeroizing<String>>);

impl Fields {
    /// A field, or the empty text.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.as_str())
    }

    /// A field that may be missing or empty.
    pub(crate) fn optional(&self, name: &str) -> Option<&str> {
        Some(self.get(name)).filter(|value| !value.is_empty())
    }

    /// A secret field, wiped after use.
    pub(crate) fn secret(&self, name: &str) -> Zeroizing<String> {
        Zeroizing::new(self.get(name).to_owned())
    }

    /// All fields, for a factor to read its own.
    pub(crate) fn for_factor(&self) -> vestibule_mfa::FactorInput {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
    }
}

/// A form of one of our own pages: right pool, same origin, right content type, this browser's token.
pub(crate) struct Posted {
    pub(crate) visit: Visit,
    pub(crate) fields: Fields,
}

impl FromRequest<Arc<Web>> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, web).await?;
        if !is_same_origin(&parts.headers, visit.cx.pool.pool.origin.as_str()) {
            return Err(visit.problem(StatusCode::FORBIDDEN, Message::error(keys::CROSS_SITE)));
        }
        if !is_form(&parts.headers) {
            return Err(visit.problem(StatusCode::FORBIDDEN, Message::error(keys::UNSUPPORTED_MEDIA_TYPE)));
        }
        let body = read(&visit, body, web.options.body_limit).await?;
        let Some(fields) = parse(&body) else {
            return Err(visit.problem(StatusCode::BAD_REQUEST, Message::error(keys::MALFORMED_REQUEST)));
        };
        if !visit.app().csrf_is_valid(&visit.cx, fields.get("csrf")) {
            return Err(visit.problem(StatusCode::FORBIDDEN, Message::error(keys::FORM_EXPIRED)));
        }
        Ok(Self { visit, fields })
    }
}

pub(crate) async fn read(visit: &Visit, body: Body, limit: usize) -> Result<String, Response> {
    let bytes = to_bytes(body, limit).await;
    let bytes =
        bytes.map_err(|_| visit.problem(StatusCode::PAYLOAD_TOO_LARGE, Message::error(keys::TOO_LARGE)))?;
    String::from_utf8(bytes.to_vec())
        .map_err(|_| visit.problem(StatusCode::BAD_REQUEST, Message::error(keys::MALFORMED_REQUEST)))
}

/// `Sec-Fetch-Site` where the browser sends it, else `Origin`. A request without either still needs the token.
fn is_same_origin(headers: &HeaderMap, origin: &str) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    headers.get(header::ORIGIN).is_none_or(|value| value == origin)
}

pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let kind = text(headers, header::CONTENT_TYPE).and_then(|value| value.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

fn parse(body: &str) -> Option<Fields> {
    let mut fields = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(body.as_bytes()) {
        if fields.insert(name.into_owned(), Zeroizing::new(value.into_owned())).is_some() || fields.len() > 64
        {
            return None;
        }
    }
    Some(Fields(fields))
}
