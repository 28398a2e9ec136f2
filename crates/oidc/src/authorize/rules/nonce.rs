//! OIDC Core §3.1.2.1 `nonce`: optional with codes; it is copied into the ID token, so its size is limited.

use super::Asked;
use crate::OAuthError;

const MAX_BYTES: usize = 1024;

pub(super) type Found = Option<String>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let nonce = asked.params.get("nonce");
    if nonce.is_some_and(|nonce| nonce.len() > MAX_BYTES) {
        return Err(OAuthError::invalid_request("nonce is longer than 1024 bytes"));
    }
    Ok(nonce.map(str::to_owned))
}
