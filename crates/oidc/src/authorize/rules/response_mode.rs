//! OAuth 2.0 Multiple Response Type Encoding Practices §2.1: only `query`, the default for codes.

use super::Asked;
use crate::{OAuthError, authorize::AuthorizationRequest};

pub(super) fn check(asked: &Asked<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    match asked.params.get("response_mode") {
        None | Some("query") => Ok(()),
        Some(_) => Err(OAuthError::invalid_request("response_mode must be query")),
    }
}
