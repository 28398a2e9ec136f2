//! OIDC Core §3.1.2.1 `acr_values` and §5.5.1.1 `acr` as a claim: which authentication context class is wanted.

use super::Asked;
use crate::{OAuthError, authorize::AcrWish};
use vestibule_domain::Strictness;

pub(super) type Found = AcrWish;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let claims = asked.claims.as_ref().and_then(|claims| claims.as_ref().ok());
    let demanded = asked.client.is_strict(Strictness::EssentialAcrValues);
    AcrWish::read(
        claims.and_then(|claims| claims.in_id_token("acr")),
        asked.params.get("acr_values"),
        demanded,
    )
}
