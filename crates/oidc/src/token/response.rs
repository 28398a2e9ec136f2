//! What the token endpoint answers.

use crate::tokens::Confirmation;
use serde::Serialize;

/// RFC 6750; tokens that are bound to a certificate are used in the same way.
const BEARER: &str = "Bearer";

/// The `token_type` of a token.
pub(crate) const fn token_type(cnf: Option<&Confirmation>) -> &'static str {
    match cnf {
        Some(Confirmation::Key(_)) => "DPoP",
        Some(Confirmation::Certificate(_)) | None => BEARER,
    }
}

/// A successful answer (RFC 6749 §5.1, OIDC Core §3.1.3.3, RFC 8693 §2.2.1); serializes as its JSON body. It must not be cached.
/// Without `Debug`: it holds tokens.
#[derive(Serialize)]
pub struct TokenResponse {
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'static str>,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    scope: String,
}

impl TokenResponse {
    /// With an access token that lives `expires_in` seconds.
    pub fn new(access_token: String, expires_in: i64, scopes: &[String]) -> Self {
        let scope = scopes.join(" ");
        Self {
            access_token,
            issued_token_type: None,
            token_type: BEARER,
            expires_in,
            id_token: None,
            refresh_token: None,
            scope,
        }
    }

    /// The token is used as it is bound (RFC 9449 §5, RFC 8705 §3).
    #[must_use]
    pub fn bound(self, cnf: Option<&Confirmation>) -> Self {
        Self { token_type: token_type(cnf), ..self }
    }

    /// Says what was issued for another token (RFC 8693 §2.2.1).
    #[must_use]
    pub fn issued(self, issued_token_type: &'static str) -> Self {
        Self { issued_token_type: Some(issued_token_type), ..self }
    }

    /// Adds an ID token.
    #[must_use]
    pub fn with_id_token(mut self, id_token: String) -> Self {
        self.id_token = Some(id_token);
        self
    }

    /// Adds a refresh token.
    #[must_use]
    pub fn with_refresh_token(mut self, refresh_token: String) -> Self {
        self.refresh_token = Some(refresh_token);
        self
    }

    /// The JSON body.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!(self)
    }
}
