//! RFC 6749 §3.1.1 and RFC 9700 §2.1.2: only `code`.

use super::Asked;
use crate::{ErrorCode, OAuthError};

pub(super) type Found = ();

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    match asked.params.require("response_type")? {
        "code" => Ok(()),
        _ => Err(OAuthError::new(ErrorCode::UnsupportedResponseType, "response_type must be code")),
    }
}
