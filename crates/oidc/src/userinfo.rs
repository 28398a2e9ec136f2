//! The userinfo response (OIDC Core §5.3).

use crate::{
    claims::{AskedClaims, ToldIn},
    tokens::TokenError,
};
use serde_json::{Map, Value};
use vestibule_domain::User;
use vestibule_jose::{SigningKey, sign};

/// The claims about a user that the scopes and the `claims` parameter of the sign-in ask for. `sub` is the user, as the
/// application knows them (OIDC Core §8).
pub fn userinfo(user: &User, sub: &str, asked: AskedClaims<'_>) -> Map<String, Value> {
    let mut body = asked.about(user, ToldIn::Userinfo);
    body.insert("sub".to_owned(), sub.into());
    body
}

/// The same claims, signed for the application (§5.3.2). There is neither a time nor a session in it: it cannot be taken for an
/// ID token.
///
/// # Errors
/// [`TokenError::Answer`] when the signature fails.
pub fn signed_userinfo(
    claims: Map<String, Value>,
    issuer: &str,
    client_id: &str,
    key: &SigningKey,
) -> Result<String, TokenError> {
    let mut claims = claims;
    claims.insert("iss".to_owned(), issuer.into());
    claims.insert("aud".to_owned(), client_id.into());
    sign(key, None, &claims).map_err(TokenError::Answer)
}
