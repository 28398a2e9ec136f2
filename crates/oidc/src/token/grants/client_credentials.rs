//! RFC 6749 §4.4: an application acts for itself.

use super::{GrantRequest, resources_of, scopes_of};
use crate::{ErrorCode, OAuthError, Parameters, audience::is_of_users};
use vestibule_domain::{Attribute, Client, GrantType, Strictness};

/// What an application asks for itself.
#[derive(Clone, Debug)]
pub struct ClientCredentialsGrant {
    /// The scopes, if it names any; see [`own_scopes`].
    pub scope: Option<Vec<String>>,
    /// The APIs that it names; see [`crate::audience::named_apis`].
    pub resource: Vec<String>,
}

impl GrantRequest for ClientCredentialsGrant {
    const GRANT: GrantType = GrantType::ClientCredentials;
    const PARAMETERS: &'static [&'static str] = &["scope", "resource"];

    fn read(form: &Parameters) -> Result<Self, OAuthError> {
        Ok(Self { scope: scopes_of(form), resource: resources_of(form) })
    }
}

/// The scopes of a token without a user: those that are asked for, or all that are registered, without what only a user can
/// give; `own` is what the pool declares of its users. As in a sign-in, what nobody knows is left out unless that is to be refused.
///
/// # Errors
/// `invalid_scope` for a scope of users, and for an unknown one where that is to be refused.
pub fn own_scopes(
    client: &Client,
    own: &[Attribute],
    asked: Option<&[String]>,
) -> Result<Vec<String>, OAuthError> {
    let registered = || client.scopes.iter().filter(|scope| !is_of_users(scope, own));
    let Some(asked) = asked else { return Ok(registered().cloned().collect()) };
    let refuse = |hint: String| Err(OAuthError::new(ErrorCode::InvalidScope, hint));
    let mut scopes: Vec<String> = Vec::new();
    for scope in asked {
        if is_of_users(scope, own) {
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
