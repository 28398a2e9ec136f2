//! RFC 9449 §10 `dpop_jkt`: the thumbprint of the key that has to be proved when the code is redeemed.

use super::Asked;
use crate::{OAuthError, dpop::is_thumbprint};

pub(super) type Found = Option<String>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let Some(text) = asked.params.get("dpop_jkt") else { return Ok(None) };
    if !is_thumbprint(text) {
        return Err(OAuthError::invalid_request("dpop_jkt is not the thumbprint of a key"));
    }
    Ok(Some(text.to_owned()))
}
