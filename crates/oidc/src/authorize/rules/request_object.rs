//! RFC 9101, OIDC Core §6: a signed request was read before, by [`crate::authorize::request_object`], and its claims are the
//! parameters here. What is left of it is refused rather than ignored, because it would change what is asked for, as is OIDC
//! Core §7.2.1 registration by parameter.

use super::Asked;
use crate::{ErrorCode, OAuthError};
use vestibule_domain::{Client, Strictness};

const UNSUPPORTED: [(&str, ErrorCode); 3] = [
    ("request", ErrorCode::InvalidRequestObject),
    ("request_uri", ErrorCode::RequestUriNotSupported),
    ("registration", ErrorCode::RegistrationNotSupported),
];

/// Whether the application signed it.
pub(super) type Found = bool;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    if let Some((name, code)) = UNSUPPORTED.into_iter().find(|(name, _)| asked.params.get(name).is_some()) {
        return Err(OAuthError::new(code, format!("{name} is not supported here")));
    }
    permitted(asked.arrival.signed, asked.client).map(|()| asked.arrival.signed)
}

pub(in crate::authorize) fn permitted(signed: bool, client: &Client) -> Result<(), OAuthError> {
    if signed || !client.is_strict(Strictness::RequireSignedRequests) {
        return Ok(());
    }
    Err(OAuthError::invalid_request("this application has to sign its requests (RFC 9101)"))
}
