//! OAuth 2.0 Multiple Response Type Encoding Practices §2.1: only `query`, the default for codes.

use super::Asked;
use crate::{OAuthError, authorize::ResponseMode};

pub(super) type Found = ResponseMode;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let Some(asked) = asked.params.get("response_mode") else { return Ok(ResponseMode::default()) };
    let mode = ResponseMode::ALL.into_iter().find(|mode| mode.as_str() == asked);
    mode.ok_or_else(|| OAuthError::invalid_request("response_mode must be query"))
}
