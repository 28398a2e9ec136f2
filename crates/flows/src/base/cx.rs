//! What every use case knows about the request that it serves.

use crate::base::runtime::PoolRuntime;
use std::sync::Arc;
use vestibule_domain::{Session, Source, Timestamp, User};
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
    /// The session cookie as it came; whether it names a living session is not known yet.
    pub session: Option<SessionToken>,
    /// The cookie of a remembered browser as it came; whether it is valid is not known yet.
    pub remembered_browser: Option<RememberedBrowserToken>,
    /// The peer's address, by the configured trust in proxies.
    pub ip: Option<String>,
    /// `User-Agent`, cut to 256 characters.
    pub user_agent: Option<String>,
    /// Names the request in logs, audit and error pages.
    pub request_id: String,
    /// The language that the person is answered in.
    pub language: Language,
}

/// The language of a request: that of its sign-in, which travels with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Language {
    /// A BCP 47 tag; empty for the pool's own.
    pub tag: String,
    /// Whether the person has just chosen it, so that it becomes that of the account they sign in to.
    pub chosen: bool,
}

impl Language {
    /// The tag, where there is one.
    pub fn known(&self) -> Option<&str> {
        Some(self.tag.as_str()).filter(|tag| !tag.is_empty())
    }
}

impl Cx {
    /// What a sign-in is bound to, from the browser's own cookie.
    pub fn browser_digest(cookie: &str) -> [u8; 32] {
        sha256(cookie.as_bytes())
    }

    /// Who shares a budget by source with this request.
    pub(crate) fn source(&self) -> Source {
        Source::of_text(self.ip.as_deref())
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
