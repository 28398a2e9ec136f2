//! RFC 7636 §4.3 and §4.4.1, RFC 9700 §2.1.1: a public application sends an S256 challenge. A confidential one, which proves
//! itself when it redeems the code, may; it is checked whenever it is sent, and `plain` is no way around it.

use super::Asked;
use crate::{OAuthError, pkce};
use vestibule_domain::Client;

pub(super) type Found = Option<String>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let challenge = asked.params.get("code_challenge");
    let method = asked.params.get("code_challenge_method");
    permitted(challenge.is_some() || method.is_some(), asked.client)?;
    if challenge.is_none() && method.is_none() {
        return Ok(None);
    }
    let challenge = asked.params.require("code_challenge")?;
    // Left out it would mean `plain`.
    if method != Some("S256") {
        return Err(OAuthError::invalid_request("code_challenge_method must be S256"));
    }
    if !pkce::is_challenge(challenge) {
        return Err(OAuthError::invalid_request("code_challenge is not the base64url of a SHA-256 hash"));
    }
    Ok(Some(challenge.to_owned()))
}

pub(in crate::authorize) fn permitted(sent: bool, client: &Client) -> Result<(), OAuthError> {
    if sent || !client.requires_pkce() {
        return Ok(());
    }
    Err(OAuthError::invalid_request("code_challenge is missing: this application has to use PKCE"))
}
