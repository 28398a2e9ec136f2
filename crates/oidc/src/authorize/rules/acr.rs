//! OIDC Core §3.1.2.1 `acr_values` and §5.5.1.1 `acr` as a claim: which authentication context class is wanted.

use super::Asked;
use crate::{
    OAuthError,
    authorize::{AcrRequest, AuthorizationRequest},
};

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let claim = request.claims.as_ref().and_then(|claims| claims.in_id_token("acr"));
    request.acr = AcrRequest::read(claim, asked.params.get("acr_values"), asked.client)?;
    Ok(())
}
