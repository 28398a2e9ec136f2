//! What is asked for at the token endpoint.

use crate::{ErrorCode, OAuthError, Parameters, pkce};
use zeroize::Zeroizing;

/// A token request that has everything its grant needs. Without `Debug`: it holds codes and tokens.
pub enum TokenRequest {
    /// RFC 6749 §4.1.3, RFC 7636 §4.5.
    AuthorizationCode {
        /// The code.
        code: Zeroizing<String>,
        /// Has to equal the one of the authorization request.
        redirect_uri: String,
        /// A well-formed verifier; whether it is the right one is for [`pkce::verify`].
        code_verifier: Zeroizing<String>,
    },
    /// RFC 6749 §6.
    RefreshToken {
        /// The token.
        refresh_token: Zeroizing<String>,
        /// A narrower scope, if asked for; see [`narrowed_scopes`].
        scope: Option<Vec<String>>,
    },
}

/// How a grant reads its parameters.
type Reader = fn(&Parameters) -> Result<TokenRequest, OAuthError>;

/// The grants.
const GRANTS: &[(&str, Reader)] =
    &[("authorization_code", authorization_code), ("refresh_token", refresh_token)];

impl TokenRequest {
    /// Reads the request; [`Parameters::parse`] has already refused repeated parameters.
    ///
    /// # Errors
    /// `unsupported_grant_type`, or `invalid_request` with the parameter that is missing or malformed.
    pub fn parse(form: &Parameters) -> Result<Self, OAuthError> {
        let grant = form.require("grant_type")?;
        match GRANTS.iter().find(|(name, _)| *name == grant) {
            Some((_, read)) => read(form),
            None => {
                let hint = "grant_type must be authorization_code or refresh_token";
                Err(OAuthError::new(ErrorCode::UnsupportedGrantType, hint))
            }
        }
    }
}

/// RFC 6749 §4.1.3 and RFC 7636 §4.5. The verifier is required: no authorization request passes without a challenge.
fn authorization_code(form: &Parameters) -> Result<TokenRequest, OAuthError> {
    let code = form.require("code")?;
    let redirect_uri = form.require("redirect_uri")?;
    let code_verifier = form.require("code_verifier")?;
    if !pkce::is_verifier(code_verifier) {
        return Err(OAuthError::invalid_request("code_verifier must have 43 to 128 unreserved characters"));
    }
    Ok(TokenRequest::AuthorizationCode {
        code: Zeroizing::new(code.to_owned()),
        redirect_uri: redirect_uri.to_owned(),
        code_verifier: Zeroizing::new(code_verifier.to_owned()),
    })
}

/// RFC 6749 §6.
fn refresh_token(form: &Parameters) -> Result<TokenRequest, OAuthError> {
    let refresh_token = Zeroizing::new(form.require("refresh_token")?.to_owned());
    let scopes = |text: &str| text.split(' ').filter(|one| !one.is_empty()).map(str::to_owned).collect();
    Ok(TokenRequest::RefreshToken { refresh_token, scope: form.get("scope").map(scopes) })
}

/// The scopes of a refreshed token: those that are asked for, if all of them were granted, or else all that were
/// granted (RFC 6749 §6). `openid` stays, because without it there would be no identity to refresh.
///
/// # Errors
/// `invalid_scope` for a scope beyond the grant.
pub fn narrowed_scopes(granted: &[String], asked: Option<&[String]>) -> Result<Vec<String>, OAuthError> {
    let Some(asked) = asked else { return Ok(granted.to_vec()) };
    if asked.iter().any(|scope| !granted.contains(scope)) {
        return Err(OAuthError::new(ErrorCode::InvalidScope, "scope is wider than what was granted"));
    }
    let kept = |scope: &&String| asked.contains(scope) || *scope == "openid";
    Ok(granted.iter().filter(kept).cloned().collect())
}
