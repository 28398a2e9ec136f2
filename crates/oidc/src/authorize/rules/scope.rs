//! RFC 6749 §3.3 and OIDC Core §3.1.2.1 `scope`: `openid` and what the application is registered for. OIDC Core §11:
//! `offline_access` is ignored for an application without the refresh token grant.

use super::Asked;
use crate::{
    ErrorCode, OAuthError,
    authorize::{AuthorizationRequest, OFFLINE_ACCESS},
};
use vestibule_domain::GrantType;

const OPENID: &str = "openid";

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let refuse = |hint| OAuthError::new(ErrorCode::InvalidScope, hint);
    for scope in asked.params.get("scope").unwrap_or("").split(' ').filter(|scope| !scope.is_empty()) {
        let registered = scope == OPENID || asked.client.scopes.iter().any(|known| known == scope);
        if !registered {
            return Err(refuse(format!("the application is not registered for the scope {scope}")));
        }
        if !request.scopes.iter().any(|known| known == scope) {
            request.scopes.push(scope.to_owned());
        }
    }
    if !request.scopes.iter().any(|scope| scope == OPENID) {
        return Err(refuse("scope must contain openid".to_owned()));
    }
    let asks_offline = request.scopes.iter().any(|scope| scope == OFFLINE_ACCESS);
    request.offline = asks_offline && asked.client.may_use(GrantType::RefreshToken);
    if !request.offline {
        request.scopes.retain(|scope| scope != OFFLINE_ACCESS);
    }
    Ok(())
}
