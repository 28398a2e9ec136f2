//! OIDC Core §3.1.2.1 `login_hint`: a wish. What cannot be used is left out, not refused.

use super::Asked;
use crate::OAuthError;
use vestibule_domain::field::is_one_line;

/// An email address has at most 254 characters.
const MAX_CHARS: usize = 254;

pub(super) type Found = Option<String>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let usable = |hint: &&str| hint.chars().count() <= MAX_CHARS && is_one_line(hint);
    Ok(asked.params.get("login_hint").filter(usable).map(str::to_owned))
}
