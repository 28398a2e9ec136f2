//! Why a request is not served, and what it is told (RFC 6750 §3, RFC 9449 §7.1, RFC 9470 §3, RFC 9728 §5.1).

use std::error::Error;
use std::sync::Arc;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use vestibule_jose::TimeError;

use crate::claims::TokenFault;
use crate::dpop::ProofFault;
use crate::keys::KeysError;

/// The header that carries nonces (RFC 9449 §8.1).
pub(crate) static DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// Why a request is not served. For the log: the client is told less.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Reason {
    /// There is no access token.
    #[error("there is no access token")]
    NoToken,
    /// The header is malformed, or there are several.
    #[error("the request is malformed: {0}")]
    Malformed(&'static str),
    /// The token is not good here.
    #[error("the access token is refused")]
    Token(#[from] TokenFault),
    /// The proof is not good here.
    #[error("the DPoP proof is refused")]
    Proof(#[from] ProofFault),
    /// The proof has no nonce, or an old one.
    #[error("the DPoP proof has no nonce of now")]
    Nonce,
    /// A scope is missing.
    #[error("the access token lacks a scope")]
    Scope {
        /// The scopes of the route.
        required: Vec<String>,
    },
    /// The sign-in is not strong or fresh enough.
    #[error("the sign-in is not strong or fresh enough")]
    Authentication {
        /// The classes that would do.
        acr_values: Vec<String>,
        /// The greatest age, in seconds.
        max_age: Option<u32>,
    },
    /// There are no keys to verify with.
    #[error("there are no keys to verify with")]
    Keys(#[from] KeysError),
    /// Nobody can say whether the proof was used before.
    #[error("the replay cache cannot tell")]
    Replay(#[source] Box<dyn Error + Send + Sync>),
    /// A handler asks for a token on a route without a layer of this crate: a mistake of the application.
    #[error("no layer of the resource server is around this route")]
    Unprotected,
}

/// How a client came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// RFC 6750.
    Bearer,
    /// RFC 9449.
    Dpop,
}

/// A request that is not served. As a response it has status, challenge and no body, and its [`Reason`] among the
/// extensions, as `Arc<Reason>`.
#[derive(Debug)]
pub struct Refusal(Box<Inner>);

#[derive(Debug)]
struct Inner {
    reason: Reason,
    challenges: Vec<String>,
    nonce: Option<String>,
}

/// Writes the challenges of one API.
pub(crate) struct Challenger {
    /// What is protected: the audience.
    pub(crate) realm: String,
    /// Where the API's metadata is (RFC 9728 §5.1).
    pub(crate) metadata: Option<String>,
    pub(crate) bearer: bool,
    /// Separated by spaces; `None` where proofs are not accepted.
    pub(crate) dpop_algs: Option<String>,
}

impl Refusal {
    /// Why.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.0.reason
    }

    pub(crate) fn unprotected() -> Self {
        Self(Box::new(Inner { reason: Reason::Unprotected, challenges: Vec::new(), nonce: None }))
    }

    pub(crate) fn with_nonce(mut self, nonce: Option<String>) -> Self {
        self.0.nonce = nonce;
        self
    }
}

impl Reason {
    fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Scope { .. } => StatusCode::FORBIDDEN,
            Self::Keys(_) | Self::Replay(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Unprotected => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NoToken | Self::Token(_) | Self::Proof(_) | Self::Nonce | Self::Authentication { .. } => {
                StatusCode::UNAUTHORIZED
            }
        }
    }

    /// `error` and `error_description`. Which check a token failed is for the log, except that it has expired.
    fn error(&self) -> Option<(&'static str, &'static str)> {
        Some(match self {
            Self::NoToken | Self::Keys(_) | Self::Replay(_) | Self::Unprotected => return None,
            Self::Malformed(what) => ("invalid_request", what),
            Self::Token(TokenFault::Times(TimeError::Expired)) => {
                ("invalid_token", "the access token has expired")
            }
            Self::Token(TokenFault::Bound | TokenFault::NotBound | TokenFault::OtherKey) => {
                ("invalid_token", "the access token is not bound to the key of a proof of this request")
            }
            Self::Token(_) => ("invalid_token", "the access token is not valid here"),
            Self::Proof(_) => ("invalid_dpop_proof", "the DPoP proof is not valid for this request"),
            Self::Nonce => ("use_dpop_nonce", "the DPoP proof needs the nonce of this response"),
            Self::Scope { .. } => ("insufficient_scope", "the access token lacks a scope"),
            Self::Authentication { .. } => {
                ("insufficient_user_authentication", "a stronger or more recent sign-in is needed")
            }
        })
    }

    /// What else the challenge says.
    fn parameters(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Scope { required } => vec![("scope", required.join(" "))],
            Self::Authentication { acr_values, max_age } => {
                let acr = (!acr_values.is_empty()).then(|| ("acr_values", acr_values.join(" ")));
                acr.into_iter().chain(max_age.map(|age| ("max_age", age.to_string()))).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl Challenger {
    pub(crate) fn accepts(&self, scheme: Scheme) -> bool {
        match scheme {
            Scheme::Bearer => self.bearer,
            Scheme::Dpop => self.dpop_algs.is_some(),
        }
    }

    /// The refusal of a request that came by `scheme`, if it came by one.
    pub(crate) fn refuse(&self, reason: Reason, scheme: Option<Scheme>) -> Refusal {
        let mut challenges = Vec::new();
        if !matches!(reason, Reason::Keys(_) | Reason::Replay(_)) {
            // A client that sent a bound token without proof has to learn that proofs are accepted.
            let is_bound = matches!(reason, Reason::Token(TokenFault::Bound));
            let fits = |one: &Scheme| scheme.is_none_or(|scheme| scheme == *one || is_bound);
            let schemes = [Scheme::Bearer, Scheme::Dpop].into_iter().filter(|one| self.accepts(*one));
            challenges.extend(schemes.filter(fits).map(|one| self.challenge(&reason, one, scheme)));
        }
        Refusal(Box::new(Inner { reason, challenges, nonce: None }))
    }

    /// One challenge. Only the one for the scheme by which the client came says what was wrong.
    fn challenge(&self, reason: &Reason, scheme: Scheme, came_by: Option<Scheme>) -> String {
        let mut pairs: Vec<(&str, String)> = Vec::new();
        match reason.error().filter(|_| came_by.is_none_or(|came_by| came_by == scheme)) {
            Some((error, description)) => {
                pairs.push(("error", error.to_owned()));
                pairs.push(("error_description", description.to_owned()));
                pairs.extend(reason.parameters());
            }
            None => pairs.push(("realm", self.realm.clone())),
        }
        if scheme == Scheme::Dpop {
            pairs.extend(self.dpop_algs.clone().map(|algs| ("algs", algs)));
        }
        pairs.extend(self.metadata.clone().map(|url| ("resource_metadata", url)));
        let pairs: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", quotable(value))).collect();
        let name = if scheme == Scheme::Dpop { "DPoP" } else { "Bearer" };
        format!("{name} {}", pairs.join(", "))
    }
}

/// Keeps a value inside its quotes.
fn quotable(value: &str) -> String {
    value.chars().filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\')).collect()
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Inner { reason, challenges, nonce } = *self.0;
        let status = reason.status();
        if status.is_server_error() {
            tracing::warn!(error = &reason as &dyn Error, "a request was refused");
        } else {
            tracing::debug!(error = &reason as &dyn Error, "a request was refused");
        }
        let mut response = status.into_response();
        for challenge in challenges.iter().filter_map(|text| HeaderValue::from_str(text).ok()) {
            response.headers_mut().append(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(nonce) = nonce.and_then(|nonce| HeaderValue::from_str(&nonce).ok()) {
            response.headers_mut().insert(&DPOP_NONCE, nonce);
        }
        response.extensions_mut().insert(Arc::new(reason));
        response
    }
}
