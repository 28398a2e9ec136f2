//! How bytes and users are written where browsers and rows carry text.

use crate::factor::FactorError;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use uuid::Uuid;
use vestibule_domain::UserId;

/// Base64url without padding (RFC 4648 §5).
pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// The user that a user handle names: handles are the sixteen bytes of the identifier.
pub(super) fn user(handle: Option<&[u8]>) -> Result<UserId, FactorError> {
    let bytes = handle.and_then(|handle| <[u8; 16]>::try_from(handle).ok()).ok_or(FactorError::Wrong)?;
    Ok(UserId::from_uuid(Uuid::from_bytes(bytes)))
}
