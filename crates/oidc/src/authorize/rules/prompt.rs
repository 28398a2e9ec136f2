//! OIDC Core §3.1.2.1 `prompt`: known values, and `none` only alone.

use super::Asked;
use crate::{OAuthError, authorize::Prompts};

pub(super) type Found = Prompts;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    Prompts::parse(asked.params.get("prompt").unwrap_or(""))
}
