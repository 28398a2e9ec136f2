//! RFC 6749 §6: a refresh token for new tokens.

use super::{GrantRequest, resources_of, scopes_of};
use crate::{ErrorCode, OAuthError, Parameters};
use vestibule_domain::{Client, GrantType, Strictness};
use zeroize::Zeroizing;

/// A refresh token. Without `Debug`: it holds the token.
#[derive(Clone)]
pub struct RefreshToken {
    /// The token.
    pub refresh_token: Zeroizing<String>,
    /// A narrower scope, if asked for; see [`narrowed_scopes`].
    pub scope: Option<Vec<String>>,
    /// Fewer APIs, if it names any (RFC 8707 §2.2).
    pub resource: Vec<String>,
}

impl GrantRequest for RefreshToken {
    const GRANT: GrantType = GrantType::RefreshToken;
    const PARAMETERS: &'static [&'static str] = &["refresh_token", "scope", "resource"];

    fn read(form: &Parameters) -> Result<Self, OAuthError> {
        let refresh_token = Zeroizing::new(form.require("refresh_token")?.to_owned());
        Ok(Self { refresh_token, scope: scopes_of(form), resource: resources_of(form) })
    }
}

/// The scopes of a refreshed token: those that are asked for, if all of them were granted; without a wish, all that were
/// granted (RFC 6749 §6). What the sign-in left out because nobody knows it is left out here as well: libraries repeat what
/// they asked for. `openid` stays, because without it there would be no identity to refresh.
///
/// # Errors
/// `invalid_scope` for a scope beyond the grant.
pub fn narrowed_scopes(
    client: &Client,
    granted: &[String],
    asked: Option<&[String]>,
) -> Result<Vec<String>, OAuthError> {
    let Some(asked) = asked else { return Ok(granted.to_vec()) };
    let counts =
        |scope: &String| client.is_strict(Strictness::RefuseUnknownScopes) || client.scopes.contains(scope);
    if asked.iter().any(|scope| !granted.contains(scope) && counts(scope)) {
        return Err(OAuthError::new(ErrorCode::InvalidScope, "scope is wider than what was granted"));
    }
    let kept = |scope: &&String| asked.contains(scope) || *scope == "openid";
    Ok(granted.iter().filter(kept).cloned().collect())
}
