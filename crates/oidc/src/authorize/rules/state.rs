//! RFC 6749 §4.1.1 `state`: opaque and sent back as it came. It has no limit but that of the whole request.

use super::Asked;
use crate::OAuthError;

pub(super) type Found = Option<String>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    Ok(asked.params.get("state").map(str::to_owned))
}
