//! OIDC Core §5.5 `claims`: single claims, limited to those whose scope the application is registered for.

use super::Asked;
use crate::{OAuthError, authorize::AuthorizationRequest, claims::ClaimsParameter};

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let claims = asked.params.get("claims").map(ClaimsParameter::parse).transpose()?;
    request.claims = claims.map(|claims| claims.limited_to(asked.client));
    Ok(())
}
