//! Protocol errors as values: a registered code, a hint for the developer of the application, a private cause.

use std::{error::Error, fmt, sync::Arc};

/// The error codes this provider answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// RFC 6749 §4.1.2.1 and §5.2.
    InvalidRequest,
    /// RFC 6749 §4.1.2.1 and §5.2.
    UnauthorizedClient,
    /// RFC 6749 §4.1.2.1.
    AccessDenied,
    /// RFC 6749 §4.1.2.1.
    UnsupportedResponseType,
    /// RFC 6749 §4.1.2.1 and §5.2.
    InvalidScope,
    /// RFC 6749 §4.1.2.1.
    ServerError,
    /// RFC 6749 §4.1.2.1.
    TemporarilyUnavailable,
    /// OIDC Core §3.1.2.6.
    LoginRequired,
    /// OIDC Core §3.1.2.6.
    InteractionRequired,
    /// OIDC Core §3.1.2.6.
    ConsentRequired,
    /// OIDC Core §3.1.2.6.
    AccountSelectionRequired,
    /// OIDC Core §3.1.2.6.
    RequestUriNotSupported,
    /// OIDC Core §3.1.2.6.
    RegistrationNotSupported,
    /// OpenID Connect Core Error Code `unmet_authentication_requirements` §2.
    UnmetAuthenticationRequirements,
    /// RFC 8707 §2.
    InvalidTarget,
    /// RFC 9101 §6.2 (OIDC Core §3.1.2.6).
    InvalidRequestObject,
    /// RFC 9126 §2.3 (OIDC Core §3.1.2.6).
    InvalidRequestUri,
    /// RFC 9449 §5.
    InvalidDpopProof,
    /// RFC 9449 §8.
    UseDpopNonce,
    /// RFC 6749 §5.2.
    InvalidClient,
    /// RFC 6749 §5.2.
    InvalidGrant,
    /// RFC 6749 §5.2.
    UnsupportedGrantType,
    /// RFC 8628 §3.5.
    AuthorizationPending,
    /// RFC 8628 §3.5.
    SlowDown,
    /// RFC 8628 §3.5.
    ExpiredToken,
    /// RFC 6750 §3.1.
    InvalidToken,
    /// RFC 6750 §3.1.
    InsufficientScope,
    /// RFC 9470 §3.
    InsufficientUserAuthentication,
    /// Shown on this provider's own page, for there is nowhere to redirect to; and RFC 7591 §3.2.2.
    InvalidRedirectUri,
    /// RFC 7591 §3.2.2.
    InvalidClientMetadata,
    /// RFC 7591 §3.2.2.
    InvalidSoftwareStatement,
    /// RFC 7591 §3.2.2.
    UnapprovedSoftwareStatement,
    /// Shown on this provider's own page only: nobody has registered the `client_id`.
    UnknownClient,
}

impl ErrorCode {
    /// The code as it is sent.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::AccessDenied => "access_denied",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::ConsentRequired => "consent_required",
            Self::AccountSelectionRequired => "account_selection_required",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::InvalidClient | Self::UnknownClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::InsufficientUserAuthentication => "insufficient_user_authentication",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::InvalidSoftwareStatement => "invalid_software_statement",
            Self::UnapprovedSoftwareStatement => "unapproved_software_statement",
        }
    }

    /// The HTTP status of an answer that is not a redirect (RFC 6749 §5.2, RFC 6750 §3.1, RFC 9470 §3).
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidToken | Self::InsufficientUserAuthentication => 401,
            Self::InsufficientScope => 403,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }
}

/// A protocol error. The hint is public, the cause is for the log.
#[derive(Clone)]
pub struct OAuthError {
    /// What is sent as `error`.
    pub code: ErrorCode,
    hint: String,
    apart: Box<Apart>,
}

/// What is not sent to the application.
#[derive(Clone, Default)]
struct Apart {
    client: Option<String>,
    arrived: Option<Arrived>,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

/// What an application sent and this provider does not take. It may be shown to whoever sent it; it is no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The name of the parameter.
    pub parameter: &'static str,
    /// Its value, cut to 2048 characters.
    pub value: String,
}

/// The `client_id` that nobody has registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the client_id {0:?} is not registered")]
pub struct UnknownClientId(pub String);

/// Longer hints are cut: they travel in URLs.
const MAX_HINT: usize = 200;

/// The longest address that can be registered, in characters.
const MAX_ARRIVED: usize = 2048;

impl OAuthError {
    /// An error with a sentence for the developer of the application, sent as `error_description`. Characters outside
    /// the set of RFC 6749 §5.2 are replaced.
    pub fn new(code: ErrorCode, hint: impl AsRef<str>) -> Self {
        let safe = |c: char| match c {
            '"' => '\'',
            '\\' => '/',
            ' '..='~' => c,
            _ => '?',
        };
        Self { code, hint: hint.as_ref().chars().take(MAX_HINT).map(safe).collect(), apart: Box::default() }
    }

    /// The same under another code, for an endpoint that knows other ones.
    #[must_use]
    pub fn recoded(self, code: ErrorCode) -> Self {
        Self { code, ..self }
    }

    /// `invalid_request` (RFC 6749 §4.1.2.1).
    pub fn invalid_request(hint: impl AsRef<str>) -> Self {
        Self::new(ErrorCode::InvalidRequest, hint)
    }

    /// `invalid_grant` (RFC 6749 §5.2).
    pub fn invalid_grant(hint: impl AsRef<str>) -> Self {
        Self::new(ErrorCode::InvalidGrant, hint)
    }

    /// `invalid_client` (RFC 6749 §5.2), the same for every reason.
    pub fn invalid_client() -> Self {
        Self::new(ErrorCode::InvalidClient, "client authentication failed")
    }

    /// The page for a `client_id` that nobody has registered.
    pub fn unknown_client(client_id: &str) -> Self {
        Self::new(ErrorCode::UnknownClient, "client_id is not registered here")
            .with_client(client_id)
            .with_arrived("client_id", client_id)
            .with_cause(UnknownClientId(client_id.chars().take(MAX_HINT).collect()))
    }

    /// `invalid_token` (RFC 6750 §3.1), the same for every reason.
    pub fn invalid_token() -> Self {
        Self::new(ErrorCode::InvalidToken, "the access token is invalid, expired or revoked")
    }

    /// `server_error` (RFC 6749 §4.1.2.1); what happened stays in the cause.
    pub fn server_error(cause: impl Error + Send + Sync + 'static) -> Self {
        Self::new(ErrorCode::ServerError, "something went wrong on our side").with_cause(cause)
    }

    /// Adds for the log which application is refused, as it names itself. Where that was said before, it stays.
    #[must_use]
    pub fn with_client(mut self, client_id: &str) -> Self {
        if self.apart.client.is_none() && !client_id.is_empty() {
            self.apart.client = Some(client_id.chars().take(MAX_HINT).collect());
        }
        self
    }

    /// The application that is refused, where it is known.
    pub fn client(&self) -> Option<&str> {
        self.apart.client.as_deref()
    }

    /// Adds what the log should know and the public should not.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Error + Send + Sync + 'static) -> Self {
        self.apart.cause = Some(Arc::new(cause));
        self
    }

    /// What the log is told, if anything was.
    pub(crate) fn cause(&self) -> Option<Arc<dyn Error + Send + Sync>> {
        self.apart.cause.clone()
    }

    /// Adds what arrived, for the page that the developer of the application sees.
    #[must_use]
    pub fn with_arrived(mut self, parameter: &'static str, value: &str) -> Self {
        let value = value.chars().take(MAX_ARRIVED).collect();
        self.apart.arrived = Some(Arrived { parameter, value });
        self
    }

    /// What arrived, where that is what is wrong.
    pub fn arrived(&self) -> Option<&Arrived> {
        self.apart.arrived.as_ref()
    }

    /// The sentence sent as `error_description`: printable ASCII without quotes and backslashes.
    pub fn hint(&self) -> &str {
        &self.hint
    }

    /// The HTTP status of an answer that is not a redirect.
    pub const fn status(&self) -> u16 {
        self.code.status()
    }

    /// The body of an error response (RFC 6749 §5.2).
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({ "error": self.code.as_str(), "error_description": self.hint })
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.hint)
    }
}

impl fmt::Debug for OAuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for OAuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.apart.cause.as_deref().map(|cause| cause as &(dyn Error + 'static))
    }
}

impl PartialEq for OAuthError {
    /// Two errors are equal when the public sees the same; what is for the log is not compared.
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code && self.hint == other.hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_keep_to_the_character_set() {
        let error = OAuthError::invalid_request("a \"b\" \\ \r\n\u{e9}".to_owned() + &"x".repeat(500));
        assert!(error.hint().starts_with("a 'b' / ???x"));
        assert_eq!(error.hint().len(), MAX_HINT);
    }

    #[test]
    fn causes_stay_private() {
        let error = OAuthError::server_error(std::io::Error::other("disk 7 is full"));
        assert!(!format!("{error} {error:?} {}", error.to_json()).contains("disk"));
        assert_eq!(error.source().unwrap().to_string(), "disk 7 is full");
        assert_eq!(error.status(), 500);
    }
}
