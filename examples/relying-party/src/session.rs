//! Sessions of the application: in memory, behind a random cookie.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use openidconnect::core::CoreIdToken;
use openidconnect::{AccessToken, CsrfToken, Nonce, PkceCodeVerifier, RefreshToken};
use serde_json::{Map, Value};

const COOKIE: &str = "rp_session";
const LIFETIME: Duration = Duration::from_secs(8 * 3600);
const MOST_SESSIONS: usize = 10_000;
const MOST_PENDING: usize = 20;

/// One visitor.
#[derive(Default)]
pub(crate) struct Session {
    /// Sign-ins that were begun and have not come back, oldest first.
    pub(crate) pending: Vec<Pending>,
    /// Who is signed in.
    pub(crate) tokens: Option<Tokens>,
    /// What came of the last call of the API, one line a step.
    pub(crate) api_steps: Vec<String>,
    /// A line to show once.
    pub(crate) notice: Option<String>,
    /// `state` of a sign-out that was begun.
    pub(crate) sign_out_state: Option<String>,
}

impl Session {
    /// Remembers a sign-in that begins, and forgets the oldest when there are too many.
    pub(crate) fn begin(&mut self, pending: Pending) {
        if self.pending.len() >= MOST_PENDING {
            self.pending.remove(0);
        }
        self.pending.push(pending);
    }

    /// The sign-in that this `state` began; it can come back once.
    pub(crate) fn take_pending(&mut self, state: &str) -> Option<Pending> {
        let position = self.pending.iter().position(|pending| pending.state.secret() == state)?;
        Some(self.pending.remove(position))
    }
}

/// A sign-in that was begun.
pub(crate) struct Pending {
    pub(crate) state: CsrfToken,
    pub(crate) nonce: Nonce,
    pub(crate) verifier: PkceCodeVerifier,
    /// The `acr` that the answer must have, when it was asked for as essential.
    pub(crate) required_acr: Option<String>,
    /// Whether to call the API again once this comes back.
    pub(crate) then_call_api: bool,
}

/// What the provider gave.
#[derive(Clone)]
pub(crate) struct Tokens {
    pub(crate) id_token: CoreIdToken,
    /// The payload of the ID token, after its verification.
    pub(crate) claims: Map<String, Value>,
    pub(crate) access_token: AccessToken,
    pub(crate) refresh_token: Option<RefreshToken>,
    /// What to call the person, where the provider tells.
    pub(crate) name: Option<String>,
}

/// All sessions, by cookie value.
pub(crate) struct Sessions {
    all: Mutex<HashMap<String, (Instant, Session)>>,
    secure: bool,
}

impl Sessions {
    pub(crate) fn new(secure: bool) -> Self {
        Self { all: Mutex::default(), secure }
    }

    /// Looks into the session of a request; into an empty one when it has none.
    pub(crate) fn with<T>(&self, headers: &HeaderMap, look: impl FnOnce(&mut Session) -> T) -> T {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        match cookie(headers).and_then(|id| all.get_mut(id)).filter(|(since, _)| since.elapsed() < LIFETIME) {
            Some((_, session)) => look(session),
            None => look(&mut Session::default()),
        }
    }

    /// Changes the session of a request, making one when there is none, and redirects with its cookie.
    ///
    /// `renew` gives it a new cookie value: knowing the old one from before the sign-in is of no use.
    pub(crate) fn redirect(
        &self,
        headers: &HeaderMap,
        renew: bool,
        location: &str,
        change: impl FnOnce(&mut Session),
    ) -> Response {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_SESSIONS {
            all.retain(|_, (since, _)| since.elapsed() < LIFETIME);
        }
        let known = cookie(headers).and_then(|id| all.remove_entry(id));
        let (id, since, mut session) = match known.filter(|(_, (since, _))| since.elapsed() < LIFETIME) {
            Some((_, (since, session))) if renew => (fresh_id(), since, session),
            Some((id, (since, session))) => (id, since, session),
            None => (fresh_id(), Instant::now(), Session::default()),
        };
        change(&mut session);
        let secure = if self.secure { "; Secure" } else { "" };
        let value = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax{secure}");
        if all.len() < MOST_SESSIONS {
            all.insert(id, (since, session));
        }
        let mut response = Redirect::to(location).into_response();
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }
}

fn fresh_id() -> String {
    CsrfToken::new_random_len(32).into_secret()
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}
