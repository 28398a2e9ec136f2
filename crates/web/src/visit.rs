//! A request at a pool: who makes it, in which language, and what its browser is given.

use crate::{
    http::{
        client_ip::client_ip,
        cookies::Cookie,
        form::{Fields, first},
        headers::text,
        host::authority,
        misdirected::Misdirected,
        reply::{Stop, bare},
    },
    language::Spoken,
    options::WebOptions,
    paths,
};
use axum::{
    extract::{ConnectInfo, FromRequestParts},
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header, request::Parts};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use vestibule_domain::UserId;
use vestibule_flows::{App, Cx, Failure, Language, RememberedBrowserToken, SessionToken, Step};
use vestibule_oidc::OAuthError;
use vestibule_pages::{Locale, Pages};

/// How much of the name of an application goes into a log.
const LONGEST_CLIENT: usize = 128;

/// What every handler shares.
pub(crate) struct Web {
    pub(crate) app: Arc<App>,
    pub(crate) pages: Arc<Pages>,
    pub(crate) options: WebOptions,
}

/// The name of a request in logs, audit and error pages; put in place by the outermost layer.
#[derive(Clone)]
pub(crate) struct RequestName(pub(crate) String);

/// A request at a pool. Clones are the same visit.
#[derive(Clone)]
pub(crate) struct Visit {
    pub(crate) web: Arc<Web>,
    pub(crate) cx: Arc<Cx>,
    pub(crate) caller: Caller,
    client: Arc<OnceLock<String>>,
    locale: Arc<Mutex<Locale>>,
    /// The address of this page, or of the page whose form was sent.
    here: Arc<Mutex<String>>,
    new_browser: Option<Arc<str>>,
    new_language: Option<Arc<str>>,
    /// Who came in through the gate of the user center.
    pub(crate) entered: Arc<OnceLock<UserId>>,
    /// What the page has to say, sealed, as the address carries it.
    pub(crate) note: Option<Arc<str>>,
}

/// Who makes a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Somebody with a browser: it has cookies, or gets them, and a language.
    Person,
    /// A program: it has neither, and is given neither.
    Program,
}

/// Where the visit of a request is kept from the first extractor that makes it, for others and for what stops a handler.
#[derive(Clone, Default)]
pub(crate) struct Slot(Arc<Kept>);

#[derive(Default)]
struct Kept {
    visit: OnceLock<Visit>,
    readable_by: OnceLock<HeaderValue>,
    dpop_nonce: OnceLock<HeaderValue>,
}

impl Slot {
    /// The visit, once there is one.
    pub(crate) fn visit(&self) -> Option<&Visit> {
        self.0.visit.get()
    }

    /// The origin whose scripts may read the answer, whatever it is.
    pub(crate) fn readable_by(&self) -> Option<&HeaderValue> {
        self.0.readable_by.get()
    }

    /// The nonce that goes with the answer, whatever it is (RFC 9449 §8).
    pub(crate) fn dpop_nonce(&self) -> Option<&HeaderValue> {
        self.0.dpop_nonce.get()
    }

    /// Gives the sender of a proof the nonce of now.
    pub(crate) fn give_nonce(parts: &Parts, nonce: Option<String>) {
        let nonce = nonce.and_then(|nonce| HeaderValue::try_from(nonce).ok());
        if let (Some(slot), Some(nonce)) = (parts.extensions.get::<Self>(), nonce) {
            slot.0.dpop_nonce.get_or_init(|| nonce);
        }
    }

    /// Lets scripts of an origin read the answer, whatever it is.
    pub(crate) fn let_read(parts: &Parts, origin: HeaderValue) {
        if let Some(slot) = parts.extensions.get::<Self>() {
            slot.0.readable_by.get_or_init(|| origin);
        }
    }
}

impl FromRequestParts<Arc<Web>> for Visit {
    type Rejection = Stop;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Stop> {
        Self::of(parts, web, Caller::Person).await
    }
}

impl Visit {
    /// The visit that a request is; made when it is asked for the first time.
    pub(crate) async fn of(parts: &Parts, web: &Arc<Web>, caller: Caller) -> Result<Self, Stop> {
        let slot = parts.extensions.get::<Slot>();
        if let Some(visit) = slot.and_then(Slot::visit) {
            return Ok(visit.clone());
        }
        let visit = Self::arrive(parts, web, caller).await?;
        Ok(slot.map_or(visit.clone(), |slot| slot.0.visit.get_or_init(|| visit).clone()))
    }

    /// Finds the pool of a request and what is known of its caller.
    async fn arrive(parts: &Parts, web: &Arc<Web>, caller: Caller) -> Result<Self, Stop> {
        // An application that embeds this one may not tell the peer's address; then no header about it is believed either.
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let pool = match authority(parts) {
            Some(authority) => match (web.app.pool_at(&authority).await?, caller) {
                // Where applications are asked for certificates there is nothing for people.
                (None, Caller::Program) => web.app.pool_by_mutual_tls(&authority).await?,
                (pool, _) => pool,
            },
            None => None,
        };
        let misdirected = || Stop::NoPool(Box::new(Misdirected::new(parts, peer, web.app.origins())));
        let pool = pool.ok_or_else(misdirected)?;
        let headers = &parts.headers;
        let mut cx = Cx {
            now: web.app.now(),
            browser: [0; 32],
            session: None,
            remembered_browser: None,
            ip: peer.map(|peer| client_ip(peer, headers, &web.options.trusted_proxies).to_string()),
            user_agent: None,
            request_id: parts.extensions.get::<RequestName>().map(|name| name.0.clone()).unwrap_or_default(),
            language: Language::default(),
            pool,
        };
        let (mut spoken, mut new_browser) = (Spoken::english(), None);
        if caller == Caller::Person {
            let origin = &cx.pool.pool.origin;
            let known = Cookie::Browser.read(headers, origin);
            new_browser = if known.is_none() { Some(web.app.secret()) } else { None };
            cx.session = Cookie::Session.read(headers, origin).map(SessionToken::new);
            cx.remembered_browser =
                Cookie::RememberedBrowser(0).read(headers, origin).map(RememberedBrowserToken::new);
            cx.browser = Cx::browser_digest(&known.or_else(|| new_browser.clone()).unwrap_or_default());
            cx.user_agent = text(headers, header::USER_AGENT).map(|agent| agent.chars().take(256).collect());
            spoken = Spoken::read(parts, &cx.pool.pool, cx.now);
            cx.language = spoken.language();
        }
        Ok(Self {
            web: Arc::clone(web),
            cx: Arc::new(cx),
            caller,
            client: Arc::default(),
            locale: Arc::new(Mutex::new(spoken.locale)),
            here: Arc::new(Mutex::new(paths::here(&parts.uri))),
            new_browser: new_browser.map(Arc::from),
            new_language: spoken.keep.map(Arc::from),
            entered: Arc::default(),
            note: parts.uri.query().and_then(note_in).map(Arc::from),
        })
    }

    pub(crate) fn app(&self) -> &App {
        &self.web.app
    }

    /// The application that the request names, whether or not there is one: for the log.
    pub(crate) fn client(&self) -> Option<&str> {
        self.client.get().map(String::as_str)
    }

    /// Takes the name of the application from the parameters of a request. The first name counts.
    pub(crate) fn note_client(&self, parameters: &str) {
        if let Some(client) = first(parameters, "client_id").filter(|client| !client.is_empty()) {
            self.client.get_or_init(|| client.chars().take(LONGEST_CLIENT).collect());
        }
    }

    /// Gets to know the application of a request, where a document describes it. The inner error is for whoever sent it.
    pub(crate) async fn acquaint(
        &mut self,
        client_id: Option<&str>,
    ) -> Result<Result<(), OAuthError>, Failure> {
        let Some(client_id) = client_id else { return Ok(Ok(())) };
        let met = self.app().oidc().acquaint(&self.cx, client_id).await?;
        Ok(met.map(|pool| {
            if let Some(pool) = pool {
                Arc::make_mut(&mut self.cx).pool = pool;
            }
        }))
    }

    /// The language of the answer.
    pub(crate) fn locale(&self) -> Locale {
        *self.locale.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers in a language of the account or of the request from now on, unless the person has just chosen another.
    pub(crate) fn speak(&self, tag: Option<&str>) {
        if let Some(locale) = tag.and_then(Locale::parse).filter(|_| !self.cx.language.chosen) {
            self.answer_in(locale);
        }
    }

    /// Answers in this language from now on: it is what the person has chosen with this very request.
    pub(crate) fn answer_in(&self, locale: Locale) {
        *self.locale.lock().unwrap_or_else(PoisonError::into_inner) = locale;
    }

    /// The address that shows this page again.
    pub(crate) fn here(&self) -> String {
        self.here.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes what the form that was sent belongs to, so that its page can be shown again.
    pub(crate) fn note_form(&self, fields: &Fields) {
        let mut here = self.here.lock().unwrap_or_else(PoisonError::into_inner);
        *here = paths::with_form(&here, |name| fields.optional(name));
    }

    /// The same visit with the pool as it is now: after a change of its settings.
    pub(crate) async fn reloaded(mut self) -> Result<Self, Stop> {
        let authority = self.cx.pool.pool.origin.authority().to_owned();
        // A change of its settings does not move it; if it was moved at the same moment, it is still this one.
        let Some(pool) = self.web.app.pool_at(&authority).await? else { return Ok(self) };
        Arc::make_mut(&mut self.cx).pool = pool;
        Ok(self)
    }

    /// A redirect after which the browser uses GET (RFC 9700 §4.12: 303 after credentials).
    pub(crate) fn see_other(&self, to: &str) -> Response {
        let Ok(location) = HeaderValue::from_str(to) else {
            return bare(StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.");
        };
        let mut response = StatusCode::SEE_OTHER.into_response();
        response.headers_mut().insert(header::LOCATION, location);
        self.private(response)
    }

    /// A personal answer: never cached. A browser without a cookie of its own gets one.
    pub(crate) fn private(&self, mut response: Response) -> Response {
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        let cookie = self.new_browser.as_deref();
        if let Some(cookie) = cookie.and_then(|value| Cookie::Browser.set(&self.cx.pool.pool.origin, value)) {
            headers.append(header::SET_COOKIE, cookie);
        }
        let language = self.new_language.as_deref();
        if let Some(cookie) = language.and_then(|tag| Cookie::Language.set(&self.cx.pool.pool.origin, tag)) {
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

    /// Has the browser keep what the person has just chosen; none for what the browser itself asks for.
    pub(crate) fn with_language(&self, mut response: Response, chosen: Option<Locale>) -> Response {
        let origin = &self.cx.pool.pool.origin;
        let value = chosen.map(|locale| format!("{}_{}", locale.tag(), self.cx.now.as_seconds()));
        let cookie = match &value {
            Some(value) => Cookie::Language.set(origin, value),
            None => Cookie::Language.clear(origin),
        };
        if let Some(cookie) = cookie {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        response
    }
}

fn note_in(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix(paths::NOTE)?.strip_prefix('='))
}
