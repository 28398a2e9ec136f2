//! OIDC Core §3.1.2.1 `id_token_hint`: an ID token of this issuer for this application, whose subject is expected. Its
//! signature is checked here and never again.

use super::Asked;
use crate::{OAuthError, tokens::verify_id_token_hint};

pub(super) type Found = Option<String>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let Some(hint) = asked.params.get("id_token_hint") else { return Ok(None) };
    let (keys, issuer) = (asked.arrival.keys, asked.arrival.issuer);
    verify_id_token_hint(hint, keys, issuer, Some(&asked.client.id)).map(|claims| Some(claims.sub))
}
