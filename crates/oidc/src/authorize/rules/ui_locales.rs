//! OIDC Core §3.1.2.1 `ui_locales`: a wish. What cannot be used is left out, not refused.

use super::Asked;
use crate::OAuthError;

/// Enough languages for anybody.
const MAX_LOCALES: usize = 8;

pub(super) type Found = Vec<String>;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let tag = |tag: &&str| {
        (1..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let locales = asked.params.get("ui_locales").unwrap_or("").split(' ');
    Ok(locales.filter(tag).take(MAX_LOCALES).map(str::to_owned).collect())
}
