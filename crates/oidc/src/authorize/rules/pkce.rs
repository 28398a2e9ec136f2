//! RFC 7636 §4.3 and §4.4.1, RFC 9700 §2.1.1: every application sends an S256 challenge.

use super::Asked;
use crate::{OAuthError, pkce};

pub(super) type Found = String;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let challenge = asked.params.require("code_challenge")?;
    // Left out it would mean `plain`.
    if asked.params.get("code_challenge_method") != Some("S256") {
        return Err(OAuthError::invalid_request("code_challenge_method must be S256"));
    }
    if !pkce::is_challenge(challenge) {
        return Err(OAuthError::invalid_request("code_challenge is not the base64url of a SHA-256 hash"));
    }
    Ok(challenge.to_owned())
}
