//! RFC 6749 §3.3 and OIDC Core §3.1.2.1 `scope`: `openid` and what the application is registered for. OIDC Core §11:
//! `offline_access` is ignored for an application without the refresh token grant.

use super::Asked;
use crate::{ErrorCode, OAuthError, authorize::OFFLINE_ACCESS};
use vestibule_domain::{Client, GrantType};

const OPENID: &str = "openid";

/// Standard scopes whose claims no user has here (OIDC Core §5.4). They are left out, as §3.1.2.1 has it for what is not
/// understood, so that nobody is asked for what would never be given.
const WITHOUT_CLAIMS: [&str; 2] = ["address", "phone"];

/// The scopes that are asked for and permitted.
pub(in crate::authorize) struct Found {
    /// Each once, in the order of the request.
    pub(in crate::authorize) scopes: Vec<String>,
    /// Refresh tokens are asked for and permitted.
    pub(in crate::authorize) offline: bool,
}

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let scopes = asked.params.get("scope").unwrap_or("").split(' ').filter(|scope| !scope.is_empty());
    permitted(scopes, asked.client)
}

pub(in crate::authorize) fn permitted<'a>(
    asked: impl Iterator<Item = &'a str>,
    client: &Client,
) -> Result<Found, OAuthError> {
    let refuse = |hint| OAuthError::new(ErrorCode::InvalidScope, hint);
    let mut scopes: Vec<String> = Vec::new();
    for scope in asked {
        let registered = scope == OPENID || client.scopes.iter().any(|known| known == scope);
        if !registered {
            return Err(refuse(format!("the application is not registered for the scope {scope}")));
        }
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if !scopes.iter().any(|scope| scope == OPENID) {
        return Err(refuse("scope must contain openid".to_owned()));
    }
    scopes.retain(|scope| !WITHOUT_CLAIMS.contains(&scope.as_str()));
    let asks_offline = scopes.iter().any(|scope| scope == OFFLINE_ACCESS);
    let offline = asks_offline && client.may_use(GrantType::RefreshToken);
    if !offline {
        scopes.retain(|scope| scope != OFFLINE_ACCESS);
    }
    Ok(Found { scopes, offline })
}
