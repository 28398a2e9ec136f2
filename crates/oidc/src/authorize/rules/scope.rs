//! RFC 6749 §3.3 and OIDC Core §3.1.2.1 `scope`: what the application is registered for. What is not known or not registered
//! is left out, unless the application or its pool asks for a refusal; a request without `scope` asks for what is registered.
//! OIDC Core §11: `offline_access` is ignored for an application without the refresh token grant.

use super::Asked;
use crate::{ErrorCode, OAuthError, authorize::OFFLINE_ACCESS};
use vestibule_domain::{Client, GrantType, Strictness};

const OPENID: &str = "openid";

/// The scopes that are asked for and permitted.
pub(in crate::authorize) struct Found {
    /// Each once, in the order of the request.
    pub(in crate::authorize) scopes: Vec<String>,
    /// Refresh tokens that outlive the session are asked for and permitted.
    pub(in crate::authorize) offline: bool,
}

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    match asked.params.get("scope") {
        Some(text) => permitted(text.split(' ').filter(|scope| !scope.is_empty()), asked.client),
        None => {
            let registered = asked.client.scopes.iter().map(String::as_str);
            permitted(registered.filter(|scope| *scope != OFFLINE_ACCESS), asked.client)
        }
    }
}

pub(in crate::authorize) fn permitted<'a>(
    asked: impl Iterator<Item = &'a str>,
    client: &Client,
) -> Result<Found, OAuthError> {
    let refuse = |hint| OAuthError::new(ErrorCode::InvalidScope, hint);
    let mut scopes: Vec<String> = Vec::new();
    for scope in asked {
        let registered = scope == OPENID || client.scopes.iter().any(|known| known == scope);
        if !registered && client.is_strict(Strictness::RefuseUnknownScopes) {
            return Err(refuse(format!("the application is not registered for the scope {scope}")));
        }
        if registered && !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    if scopes.is_empty() {
        return Err(refuse("the application is registered for none of the scopes".to_owned()));
    }
    let asks_offline = scopes.iter().any(|scope| scope == OFFLINE_ACCESS);
    let offline = asks_offline && client.may_use(GrantType::RefreshToken);
    if !offline {
        scopes.retain(|scope| scope != OFFLINE_ACCESS);
    }
    Ok(Found { scopes, offline })
}
