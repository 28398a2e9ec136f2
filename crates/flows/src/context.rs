//! What every use case knows about the request it serves, and what it answers.

use crate::runtime::PoolRuntime;
use std::sync::Arc;
use vestibule_domain::{FlowId, LoginFlow, Session, Timestamp, User};
use vestibule_oidc::OAuthError;
use vestibule_seal::sha256;

/// The request: at which pool, by which browser, from where, when.
#[derive(Clone)]
pub struct Cx {
    /// The pool whose origin was addressed.
    pub pool: Arc<PoolRuntime>,
    /// When the request arrived.
    pub now: Timestamp,
    /// SHA-256 of the browser's own cookie, which every sign-in is bound to.
    pub browser: [u8; 32],
    /// The session cookie as it came; whether it names a living session is to be seen.
    pub session: Option<SessionToken>,
    /// The cookie of a remembered browser as it came; whether it stands for anybody is to be seen.
    pub remembered_browser: Option<RememberedBrowserToken>,
    /// The peer's address, by the configured trust in proxies.
    pub ip: Option<String>,
    /// `User-Agent`, cut to 256 characters.
    pub user_agent: Option<String>,
    /// Names the request in logs, audit and error pages.
    pub request_id: String,
}

impl Cx {
    /// What a sign-in is bound to, from the browser's own cookie.
    pub fn browser_digest(cookie: &str) -> [u8; 32] {
        sha256(cookie.as_bytes())
    }
}

/// The secret of a session, as its cookie carries it. Only its digest is stored.
#[derive(Clone)]
pub struct SessionToken(String);

impl SessionToken {
    /// Takes a token from a cookie, or a fresh one.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text, for the cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }
    /// What is stored.
    pub fn digest(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

/// The secret of a remembered browser, as its cookie carries it. Only its digest is stored.
#[derive(Clone)]
pub struct RememberedBrowserToken(String);

impl RememberedBrowserToken {
    /// Takes a token from a cookie, or a fresh one.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
    /// The text, for the cookie.
    pub fn expose(&self) -> &str {
        &self.0
    }
    /// What is stored.
    pub fn digest(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

/// A living session and its active user.
#[derive(Clone, Debug)]
pub struct Live {
    /// The session.
    pub session: Session,
    /// Its user.
    pub user: User,
}

/// What comes next. `web` turns it into a redirect in one place.
#[derive(Debug)]
pub enum Next {
    /// The first factor, for this sealed request.
    Login {
        /// Opaque.
        request: String,
    },
    /// A sign-in under way, at its stage.
    Flow(Box<LoginFlow>),
    /// The user is asked whether the application may.
    Consent {
        /// Opaque.
        request: String,
    },
    /// A recovery code was used: tell the user, then continue with the sealed request.
    Recovered {
        /// Opaque.
        request: String,
    },
    /// Back to the application, with a code or an error; or on with a request whose rules have changed.
    Leave {
        /// Absolute.
        url: String,
    },
    /// To a page of the user center.
    Home {
        /// Begins with `/u`.
        path: String,
    },
    /// An error that must not be sent anywhere else (RFC 6749 §4.1.2.1).
    Page(OAuthError),
    /// The sealed request or the flow has expired, was tampered with or belongs to another browser.
    Expired,
}

impl Next {
    /// The flow's identifier, when the next thing is a flow.
    pub fn flow_id(&self) -> Option<FlowId> {
        match self {
            Self::Flow(flow) => Some(flow.id()),
            _ => None,
        }
    }
}

/// What comes next, and the cookie to set when a session was opened or raised.
pub struct Step {
    /// What comes next.
    pub next: Next,
    /// A new session secret; replaces the browser's.
    pub session: Option<SessionToken>,
    /// The secret of a browser that is remembered from now on, and for how many seconds.
    pub remembered_browser: Option<(RememberedBrowserToken, i64)>,
}

impl From<Next> for Step {
    fn from(next: Next) -> Self {
        Self { next, session: None, remembered_browser: None }
    }
}
