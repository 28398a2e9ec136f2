//! The answer to an authorization request (RFC 6749 §4.1.2): made here, turned into HTTP by the web alone.

use crate::{OAuthError, VerifiedRedirect};
use serde::{Deserialize, Serialize};
use std::fmt;
use vestibule_domain::Client;

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
}

impl ResponseMode {
    /// All of them, for discovery.
    pub const ALL: [Self; 2] = [Self::Query, Self::FormPost];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }
}

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
}

impl ReturnAddress {
    /// The address of an application's request, with its `response_mode` and `state`.
    pub const fn new(
        client: &Client,
        redirect: VerifiedRedirect,
        mode: ResponseMode,
        state: Option<String>,
    ) -> Self {
        Self { redirect, mode, state, with_iss: !client.omit_iss }
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
pub struct AuthorizationResponse {
    to: VerifiedRedirect,
    mode: ResponseMode,
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
        if to.with_iss {
            parameters.push(("iss", issuer.to_owned()));
        }
        Self { to: to.redirect.clone(), mode: to.mode, parameters, refusal }
    }

    /// How it is sent.
    pub const fn mode(&self) -> ResponseMode {
        self.mode
    }

    /// Where it is sent.
    pub const fn target(&self) -> &VerifiedRedirect {
        &self.to
    }

    /// Names and values.
    pub fn parameters(&self) -> &[(&'static str, String)] {
        &self.parameters
    }

    /// The error that it tells, with the cause that only the log sees.
    pub const fn refusal(&self) -> Option<&OAuthError> {
        self.refusal.as_ref()
    }

    /// The URL of [`ResponseMode::Query`].
    pub fn query_url(&self) -> String {
        self.to.with(self.parameters.iter().map(|(name, value)| (*name, value.as_str())))
    }
}

impl fmt::Debug for AuthorizationResponse {
    /// Without values: a code is among them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.parameters.iter().map(|(name, _)| *name).collect();
        f.debug_struct("AuthorizationResponse")
            .field("to", &self.to.as_str())
            .field("mode", &self.mode)
            .field("parameters", &names)
            .field("refusal", &self.refusal)
            .finish()
    }
}
