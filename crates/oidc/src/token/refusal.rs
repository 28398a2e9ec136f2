//! Why a code or a token was not exchanged.

use crate::{OAuthError, dpop::BadProof, pkce::PkceMismatch};

/// Why a code or a token was not honoured: for the log alone, the public answer is the same for every reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotHonoured {
    /// It was never issued, or has expired.
    #[error("it is unknown or expired")]
    Unknown,
    /// It was used before; everything that came of it is revoked.
    #[error("it was used before, and its grant is revoked")]
    Replayed,
    /// It belongs to another application.
    #[error("it was issued to the application {issued_to:?}")]
    OtherClient {
        /// Whose it is.
        issued_to: String,
    },
    /// RFC 6749 §4.1.3.
    #[error("redirect_uri {sent:?} differs from {authorized:?} of the authorization request")]
    RedirectUri {
        /// The first 256 characters of what arrived; nothing where it is missing and the code has no PKCE challenge.
        sent: String,
        /// The one of the authorization request.
        authorized: String,
    },
    /// RFC 7636 §4.6.
    #[error(transparent)]
    Pkce(#[from] PkceMismatch),
    /// RFC 9449 §5 and §10.
    #[error(transparent)]
    Key(#[from] BadProof),
    /// The grant is revoked or over, or its user cannot sign in.
    #[error("its grant is revoked or over")]
    GrantOver,
}

impl From<NotHonoured> for OAuthError {
    fn from(reason: NotHonoured) -> Self {
        Self::invalid_grant("the code or token is unknown, expired, used or not yours").with_cause(reason)
    }
}
