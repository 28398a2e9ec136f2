//! OIDC Core §3.1.2.1 `max_age`: seconds, or the application's `default_max_age` (OIDC Registration §2).

use super::Asked;
use crate::OAuthError;

pub(super) type Found = Option<i64>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    match asked.params.get("max_age") {
        None => Ok(asked.client.default_max_age),
        // `parse` alone would take a sign.
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse().map(Some).map_err(|_| refused())
        }
        Some(_) => Err(refused()),
    }
}

fn refused() -> OAuthError {
    OAuthError::invalid_request("max_age must be a number of seconds")
}
