//! What is told of a token to whoever may know (RFC 7662, RFC 9701).

use crate::{
    token::token_type,
    tokens::{AccessTokenClaims, TokenError},
};
use serde::Serialize;
use vestibule_domain::Timestamp;
use vestibule_jose::{SigningKey, sign};

/// The media type of a signed answer (RFC 9701 §4), which is asked for in `Accept`.
pub const SIGNED: &str = "application/token-introspection+jwt";

/// The `typ` of a signed answer (RFC 9701 §5).
const TYP: &str = "token-introspection+jwt";

/// What a token says (RFC 7662 §2.2); serializes as the JSON body.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Introspection {
    /// It stands for nothing, or is none of the caller's business: nobody can tell which (§2.2).
    Inactive {
        /// `false`.
        active: bool,
    },
    /// An access token.
    Access {
        /// `true`.
        active: bool,
        /// How it is used.
        token_type: &'static str,
        /// What it says.
        #[serde(flatten)]
        claims: Box<AccessTokenClaims>,
    },
    /// A refresh token, told to its own application.
    Refresh(Box<RefreshInfo>),
}

/// What a refresh token stands for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RefreshInfo {
    active: bool,
    /// The issuer.
    pub iss: String,
    /// The user, as the application knows them.
    pub sub: String,
    /// The application.
    pub client_id: String,
    /// Space-separated.
    pub scope: String,
    /// When it ends unless it is used, in seconds since the epoch.
    pub exp: i64,
    /// When it was issued, in seconds since the epoch.
    pub iat: i64,
}

impl Introspection {
    /// Nothing is told.
    pub const fn inactive() -> Self {
        Self::Inactive { active: false }
    }

    /// A living access token.
    pub fn access(claims: AccessTokenClaims) -> Self {
        Self::Access { active: true, token_type: token_type(claims.cnf.as_ref()), claims: Box::new(claims) }
    }

    /// A living refresh token of a user.
    pub fn refresh(iss: &str, sub: String, client_id: &str, scopes: &[String], times: RefreshTimes) -> Self {
        Self::Refresh(Box::new(RefreshInfo {
            active: true,
            iss: iss.to_owned(),
            sub,
            client_id: client_id.to_owned(),
            scope: scopes.join(" "),
            exp: times.expires_at.as_seconds(),
            iat: times.issued_at.as_seconds(),
        }))
    }

    /// The answer as a signed token for the application that asked (RFC 9701 §5).
    ///
    /// # Errors
    /// [`TokenError::Answer`] when the signature fails.
    pub fn signed(
        &self,
        issuer: &str,
        client_id: &str,
        now: Timestamp,
        key: &SigningKey,
    ) -> Result<String, TokenError> {
        #[derive(Serialize)]
        struct Signed<'a> {
            iss: &'a str,
            aud: &'a str,
            iat: i64,
            token_introspection: &'a Introspection,
        }
        let claims = Signed { iss: issuer, aud: client_id, iat: now.as_seconds(), token_introspection: self };
        sign(key, Some(TYP), &claims).map_err(TokenError::Answer)
    }
}

/// The life of a refresh token.
#[derive(Clone, Copy, Debug)]
pub struct RefreshTimes {
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
}
