//! RFC 9126 §6 `require_pushed_authorization_requests`: what a browser brings may have been changed on the way.

use super::{Asked, Endpoint};
use crate::OAuthError;
use vestibule_domain::{Client, Strictness};

pub(super) type Found = ();

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    permitted(asked.endpoint != Endpoint::Authorization, asked.client)
}

pub(in crate::authorize) fn permitted(pushed: bool, client: &Client) -> Result<(), OAuthError> {
    if pushed || !client.is_strict(Strictness::RequirePushedRequests) {
        return Ok(());
    }
    Err(OAuthError::invalid_request("this application has to push its requests (RFC 9126)"))
}
