//! Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.4).

use super::TokenError;
use serde::Serialize;
use std::collections::BTreeMap;
use vestibule_domain::Timestamp;
use vestibule_jose::{SigningKey, sign};

/// The type of its own that keeps it from being taken for any other token.
const TYP: &str = "logout+jwt";

/// The member of `events` that makes it a logout token.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// How long it counts, in seconds: two minutes, as §2.4 advises.
const LIFETIME: i64 = 120;

/// The claims. There is never a nonce: a token without one cannot be taken for an ID token.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    sub: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
    jti: &'a str,
    events: BTreeMap<&'a str, BTreeMap<String, String>>,
    sid: &'a str,
}

/// What goes into a logout token.
pub struct LogoutTokenInput<'a> {
    /// The pool's issuer identifier.
    pub issuer: &'a str,
    /// The application: the audience.
    pub client_id: &'a str,
    /// Whose session it was, as the application knows them (OIDC Core §8).
    pub subject: &'a str,
    /// The session that has ended, as the application knows it.
    pub sid: &'a str,
    /// A fresh identifier.
    pub jti: &'a str,
    /// The moment of issue.
    pub now: Timestamp,
}

/// Signs a logout token with the key's algorithm.
///
/// # Errors
/// [`TokenError::LogoutToken`] when the signature fails.
pub fn logout_token(input: &LogoutTokenInput<'_>, key: &SigningKey) -> Result<String, TokenError> {
    let claims = Claims {
        iss: input.issuer,
        sub: input.subject,
        aud: input.client_id,
        iat: input.now.as_seconds(),
        exp: (input.now + LIFETIME).as_seconds(),
        jti: input.jti,
        events: [(EVENT, BTreeMap::new())].into(),
        sid: input.sid,
    };
    sign(key, Some(TYP), &claims).map_err(TokenError::LogoutToken)
}
