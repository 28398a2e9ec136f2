//! RFC 6749 §4.1.2.1: without a known application nothing is redirected.

use super::Asked;
use crate::{ErrorCode, OAuthError};
use vestibule_domain::Client;

pub(super) type Found = ();

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    permitted(asked.params.require("client_id")?, asked.client)
}

pub(in crate::authorize) fn permitted(client_id: &str, client: &Client) -> Result<(), OAuthError> {
    if client_id != client.id {
        return Err(OAuthError::unknown_client(client_id));
    }
    if !client.enabled {
        return Err(OAuthError::new(ErrorCode::UnauthorizedClient, "this application is disabled"));
    }
    Ok(())
}
