//! OIDC Core §3.1.2.1 `prompt`: known values, and `none` only alone. Initiating User Registration §2: `create` is known where
//! people can register.

use super::Asked;
use crate::{OAuthError, authorize::Prompts};

pub(super) type Found = Prompts;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let prompts = Prompts::parse(asked.params.get("prompt").unwrap_or(""))?;
    if prompts.create && !asked.arrival.registration {
        return Err(OAuthError::invalid_request("prompt=create: people cannot register here"));
    }
    Ok(prompts)
}
