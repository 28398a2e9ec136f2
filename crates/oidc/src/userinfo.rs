//! The userinfo response (OIDC Core §5.3).

use crate::{
    claims::{ClaimsParameter, UserClaim},
    tokens::TokenError,
};
use serde_json::{Map, Value};
use vestibule_domain::User;
use vestibule_jose::{SigningKey, sign};

/// The claims about a user that the scopes and the `claims` parameter of the sign-in ask for.
pub fn userinfo(user: &User, scopes: &[String], claims: Option<&ClaimsParameter>) -> Map<String, Value> {
    let added = claims.map(ClaimsParameter::userinfo_claims).unwrap_or_default();
    let asked =
        |claim: &UserClaim| added.contains(claim) || scopes.iter().any(|scope| scope == claim.scope());
    let mut body = Map::from_iter([("sub".to_owned(), Value::from(user.id.to_string()))]);
    for claim in UserClaim::ALL.into_iter().filter(asked) {
        if let Some(value) = claim.value(user) {
            body.insert(claim.as_str().to_owned(), value);
        }
    }
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
