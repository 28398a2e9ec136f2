//! OIDC Core §5.5 `claims`: single claims, limited to those whose scope the application is registered for.

use super::Asked;
use crate::{OAuthError, claims::ClaimsParameter};

pub(super) type Found = Option<ClaimsParameter>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let claims = asked.claims.clone().transpose()?;
    Ok(claims.map(|claims| claims.limited_to(asked.client, asked.arrival.attributes)))
}
