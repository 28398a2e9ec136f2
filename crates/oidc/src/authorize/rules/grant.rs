//! RFC 6749 §4.1.2.1 `unauthorized_client`: the application must be allowed to use codes.

use super::Asked;
use crate::{ErrorCode, OAuthError, authorize::AuthorizationRequest};
use vestibule_domain::GrantType;

pub(super) fn check(asked: &Asked<'_>, _: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    if asked.client.may_use(GrantType::AuthorizationCode) {
        return Ok(());
    }
    let hint = "the application may not use the authorization code grant";
    Err(OAuthError::new(ErrorCode::UnauthorizedClient, hint))
}
