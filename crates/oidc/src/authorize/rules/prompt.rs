//! OIDC Core §3.1.2.1 `prompt`: known values, and `none` only alone.

use super::Asked;
use crate::{
    OAuthError,
    authorize::{AuthorizationRequest, Prompts},
};

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    request.prompt = Prompts::parse(asked.params.get("prompt").unwrap_or(""))?;
    Ok(())
}
