//! RFC 6749 §4.1.2.1 `unauthorized_client`: the application must be allowed to use the grant that the request is for.

use super::{Asked, Endpoint};
use crate::{ErrorCode, OAuthError};
use vestibule_domain::{Client, GrantType};

pub(super) type Found = ();

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    permitted(asked.endpoint, asked.client)
}

pub(in crate::authorize) fn permitted(endpoint: Endpoint, client: &Client) -> Result<(), OAuthError> {
    let (grant, hint) = match endpoint {
        Endpoint::Authorization | Endpoint::PushedAuthorization => {
            (Some(GrantType::AuthorizationCode), "the application may not use the authorization code grant")
        }
        Endpoint::DeviceAuthorization => {
            (Some(GrantType::DeviceCode), "the application may not use the device code grant")
        }
        // There is no grant yet that one of these requests could lead to.
        Endpoint::Backchannel => (None, "the application may not use this grant"),
    };
    if grant.is_some_and(|grant| client.may_use(grant)) {
        return Ok(());
    }
    Err(OAuthError::new(ErrorCode::UnauthorizedClient, hint))
}
