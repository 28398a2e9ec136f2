//! RFC 6749 §4.1.1 `state`: opaque, sent back as it came, so only its size is judged.

use super::Asked;
use crate::OAuthError;

/// Redirect addresses have to fit into request lines.
const MAX_BYTES: usize = 2048;

pub(super) type Found = Option<String>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let state = asked.params.get("state");
    if state.is_some_and(|state| state.len() > MAX_BYTES) {
        return Err(OAuthError::invalid_request("state is longer than 2048 bytes"));
    }
    Ok(state.map(str::to_owned))
}
