//! OIDC Core §3.1.2.6, §6 and §7.2.1: request objects and registration by parameter are not supported, and are refused
//! rather than ignored, because they would change what is asked for.

use super::Asked;
use crate::{ErrorCode, OAuthError};

const UNSUPPORTED: [(&str, ErrorCode); 3] = [
    ("request", ErrorCode::RequestNotSupported),
    ("request_uri", ErrorCode::RequestUriNotSupported),
    ("registration", ErrorCode::RegistrationNotSupported),
];

pub(super) type Found = ();

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    match UNSUPPORTED.into_iter().find(|(name, _)| asked.params.get(name).is_some()) {
        None => Ok(()),
        Some((name, code)) => Err(OAuthError::new(code, format!("{name} is not supported"))),
    }
}
