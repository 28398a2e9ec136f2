//! The answer to an authorization request (RFC 6749 §4.1.2): made here, turned into HTTP by the web alone.

use crate::{OAuthError, VerifiedRedirect, tokens::TokenError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{collections::BTreeSet, fmt};
use vestibule_domain::{Client, Strictness, Timestamp};
use vestibule_jose::{SigningKey, sign};

/// How the parameters of an answer reach the application (OAuth 2.0 Multiple Response Type Encoding Practices §2.1, OAuth 2.0
/// Form Post Response Mode §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of a redirect.
    #[default]
    Query,
    /// In a form that the browser posts: out of logs and histories.
    FormPost,
    /// As one signed parameter in the query (JWT Secured Authorization Response Mode §2.3.1).
    QueryJwt,
    /// As one signed parameter in a form (JWT Secured Authorization Response Mode §2.3.3).
    FormPostJwt,
}

impl ResponseMode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Query, Self::FormPost, Self::QueryJwt, Self::FormPostJwt];

    /// The names for discovery of those that are left where this is asked of every application, with the short one of JWT
    /// Secured Authorization Response Mode §2.3.4.
    pub fn names(strict: &BTreeSet<Strictness>) -> impl Iterator<Item = &'static str> {
        let bare = !strict.contains(&Strictness::RequireSignedResponses);
        Self::ALL.into_iter().filter(move |mode| bare || mode.is_signed()).map(Self::as_str).chain([SHORT])
    }

    /// The mode of that name.
    pub fn named(name: &str) -> Option<Self> {
        let short = (name == SHORT).then_some(Self::QueryJwt);
        short.or_else(|| Self::ALL.into_iter().find(|mode| mode.as_str() == name))
    }

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
            Self::QueryJwt => "query.jwt",
            Self::FormPostJwt => "form_post.jwt",
        }
    }

    /// Whether the browser posts a form.
    pub const fn is_form(self) -> bool {
        matches!(self, Self::FormPost | Self::FormPostJwt)
    }

    /// The same, signed.
    #[must_use]
    pub const fn signed(self) -> Self {
        if self.is_form() { Self::FormPostJwt } else { Self::QueryJwt }
    }

    /// Whether the answer is signed.
    pub const fn is_signed(self) -> bool {
        matches!(self, Self::QueryJwt | Self::FormPostJwt)
    }
}

/// Stands for the signed mode that a code is usually sent in.
const SHORT: &str = "jwt";

/// A signed answer lives for so many seconds (JWT Secured Authorization Response Mode §2.1: at most ten minutes).
const SIGNED_LIFE: i64 = 600;

/// Where and how an application is answered. Only a [`VerifiedRedirect`] makes one, and it cannot be stored:
///
/// ```compile_fail
/// use vestibule_oidc::authorize::{ResponseMode, ReturnAddress};
/// fn to(client: &vestibule_domain::Client) -> ReturnAddress {
///     ReturnAddress::new(client, "https://evil.example/".to_owned(), ResponseMode::Query, None)
/// }
/// ```
///
/// ```compile_fail
/// let to: vestibule_oidc::VerifiedRedirect = serde_json::from_str("\"https://evil.example/\"").unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnAddress {
    redirect: VerifiedRedirect,
    mode: ResponseMode,
    state: Option<String>,
    with_iss: bool,
    client_id: String,
}

impl ReturnAddress {
    /// The address of an application's request, with its `response_mode` and `state`.
    pub fn new(
        client: &Client,
        redirect: VerifiedRedirect,
        mode: ResponseMode,
        state: Option<String>,
    ) -> Self {
        let (with_iss, client_id) = (!client.omit_iss, client.id.clone());
        Self { redirect, mode, state, with_iss, client_id }
    }

    /// The address.
    pub const fn redirect(&self) -> &VerifiedRedirect {
        &self.redirect
    }

    /// What is sent back as it came.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }
}

/// An answer on its way to the application. There is no other way to make one than from a [`ReturnAddress`]:
///
/// ```compile_fail
/// use vestibule_oidc::authorize::AuthorizationResponse;
/// let answer: AuthorizationResponse = "https://evil.example/?code=1".to_owned().into();
/// ```
#[derive(Clone)]
pub struct AuthorizationResponse(Box<Parts>);

/// What an answer is made of.
#[derive(Clone)]
struct Parts {
    to: ReturnAddress,
    issuer: String,
    parameters: Vec<(&'static str, String)>,
    refusal: Option<OAuthError>,
}

impl AuthorizationResponse {
    /// A code (RFC 6749 §4.1.2), with the issuer (RFC 9207 §2) unless the application is registered without.
    pub fn code(to: &ReturnAddress, code: &str, issuer: &str) -> Self {
        Self::new(to, vec![("code", code.to_owned())], issuer, None)
    }

    /// An error (RFC 6749 §4.1.2.1), with the issuer as above.
    pub fn error(to: &ReturnAddress, error: OAuthError, issuer: &str) -> Self {
        let parameters =
            vec![("error", error.code.as_str().to_owned()), ("error_description", error.hint().to_owned())];
        Self::new(to, parameters, issuer, Some(error))
    }

    fn new(
        to: &ReturnAddress,
        mut parameters: Vec<(&'static str, String)>,
        issuer: &str,
        refusal: Option<OAuthError>,
    ) -> Self {
        parameters.extend(to.state.clone().map(|state| ("state", state)));
        // A signed answer says it in the token.
        if to.with_iss && !to.mode.is_signed() {
            parameters.push(("iss", issuer.to_owned()));
        }
        Self(Box::new(Parts { to: to.clone(), issuer: issuer.to_owned(), parameters, refusal }))
    }

    /// How it is sent.
    pub fn mode(&self) -> ResponseMode {
        self.0.to.mode
    }

    /// Where it is sent.
    pub fn target(&self) -> &VerifiedRedirect {
        &self.0.to.redirect
    }

    /// For which application it is.
    pub fn client_id(&self) -> &str {
        &self.0.to.client_id
    }

    /// Names and values, as they are sent: of a signed answer the one parameter that carries all (JWT Secured Authorization
    /// Response Mode §2.1). `key` is asked for only then.
    ///
    /// # Errors
    /// What `key` says, or [`TokenError::Answer`] when the signature fails.
    pub fn parameters<'k, E: From<TokenError>>(
        &self,
        now: Timestamp,
        key: impl FnOnce() -> Result<&'k SigningKey, E>,
    ) -> Result<Vec<(&'static str, String)>, E> {
        if !self.0.to.mode.is_signed() {
            return Ok(self.0.parameters.clone());
        }
        let mut claims: Map<String, Value> = self
            .0
            .parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone().into()))
            .collect();
        claims.insert("iss".to_owned(), self.0.issuer.clone().into());
        claims.insert("aud".to_owned(), self.0.to.client_id.clone().into());
        claims.insert("exp".to_owned(), (now + SIGNED_LIFE).as_seconds().into());
        let token = sign(key()?, None, &claims).map_err(TokenError::Answer)?;
        Ok(vec![("response", token)])
    }

    /// The error that it tells, with the cause that only the log sees.
    pub fn refusal(&self) -> Option<&OAuthError> {
        self.0.refusal.as_ref()
    }

    /// The URL with what [`AuthorizationResponse::parameters`] gave.
    pub fn query_url(&self, parameters: &[(&'static str, String)]) -> String {
        self.0.to.redirect.with(parameters.iter().map(|(name, value)| (*name, value.as_str())))
    }
}

impl fmt::Debug for AuthorizationResponse {
    /// Without values: a code is among them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.parameters.iter().map(|(name, _)| *name).collect();
        f.debug_struct("AuthorizationResponse")
            .field("to", &self.0.to.redirect.as_str())
            .field("mode", &self.0.to.mode)
            .field("parameters", &names)
            .field("refusal", &self.0.refusal)
            .finish()
    }
}
