//! RFC 6749 §4.4: an application acts for itself.

use super::{GrantRequest, refresh_token::scopes_of};
use crate::{ErrorCode, OAuthError, Parameters, claims::UserClaim};
use vestibule_domain::{Client, GrantType, Strictness};

/// What an application asks for itself.
#[derive(Clone, Debug)]
pub struct ClientCredentialsGrant {
    /// The scopes, if it names any; see [`own_scopes`].
    pub scope: Option<Vec<String>>,
}

impl GrantRequest for ClientCredentialsGrant {
    const GRANT: GrantType = GrantType::ClientCredentials;
    const PARAMETERS: &'static [&'static str] = &["scope"];

    fn read(form: &Parameters) -> Result<Self, OAuthError> {
        Ok(Self { scope: scopes_of(form) })
    }
}

/// The scopes of a token without a user: those that are asked for, or all that are registered, without what only a user can
/// give. As in a sign-in, what nobody knows is left out unless that is to be refused.
///
/// # Errors
/// `invalid_scope` for a scope of users, and for an unknown one where that is to be refused.
pub fn own_scopes(client: &Client, asked: Option<&[String]>) -> Result<Vec<String>, OAuthError> {
    let registered = || client.scopes.iter().filter(|scope| !is_of_users(scope));
    let Some(asked) = asked else { return Ok(registered().cloned().collect()) };
    let refuse = |hint: String| Err(OAuthError::new(ErrorCode::InvalidScope, hint));
    let mut scopes: Vec<String> = Vec::new();
    for scope in asked {
        if is_of_users(scope) {
            return refuse(format!("the scope {scope} needs a user"));
        }
        let known = registered().any(|known| known == scope);
        if !known && client.is_strict(Strictness::RefuseUnknownScopes) {
            return refuse(format!("the application is not registered for the scope {scope}"));
        }
        if known && !scopes.contains(scope) {
            scopes.push(scope.clone());
        }
    }
    Ok(scopes)
}

/// Whether a scope is about a user: identity, claims, access in a user's absence.
fn is_of_users(scope: &str) -> bool {
    matches!(scope, "openid" | "offline_access" | "address" | "phone")
        || UserClaim::ALL.into_iter().any(|claim| claim.scope() == scope)
}
