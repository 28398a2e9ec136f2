//! RFC 6749 §4.1.2.1: without a known application nothing is redirected.

use crate::{ErrorCode, OAuthError, Parameters};
use vestibule_domain::Client;

pub(in crate::authorize) fn check(params: &Parameters, client: &Client) -> Result<(), OAuthError> {
    if params.require("client_id")? != client.id {
        return Err(OAuthError::unknown_client());
    }
    if !client.enabled {
        return Err(OAuthError::new(ErrorCode::UnauthorizedClient, "this application is disabled"));
    }
    Ok(())
}
