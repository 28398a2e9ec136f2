//! The userinfo response (OIDC Core §5.3).

use crate::claims::{ClaimsParameter, UserClaim};
use serde_json::{Map, Value};
use vestibule_domain::User;

/// The claims about a user that the scopes and the `claims` parameter of the sign-in ask for.
pub fn userinfo(user: &User, scopes: &[String], claims: Option<&ClaimsParameter>) -> Value {
    let added = claims.map(ClaimsParameter::userinfo_claims).unwrap_or_default();
    let asked =
        |claim: &UserClaim| added.contains(claim) || scopes.iter().any(|scope| scope == claim.scope());
    let mut body = Map::from_iter([("sub".to_owned(), Value::from(user.id.to_string()))]);
    for claim in UserClaim::ALL.into_iter().filter(asked) {
        if let Some(value) = claim.value(user) {
            body.insert(claim.as_str().to_owned(), value);
        }
    }
    Value::Object(body)
}
