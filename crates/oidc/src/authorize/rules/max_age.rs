//! OIDC Core §3.1.2.1 `max_age`: seconds, or the application's `default_max_age` (OIDC Registration §2).

use super::Asked;
use crate::{OAuthError, authorize::AuthorizationRequest};

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    request.max_age = match asked.params.get("max_age") {
        None => asked.client.default_max_age,
        // `parse` alone would take a sign.
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(text.parse().map_err(|_| refused())?)
        }
        Some(_) => return Err(refused()),
    };
    Ok(())
}

fn refused() -> OAuthError {
    OAuthError::invalid_request("max_age must be a number of seconds")
}
