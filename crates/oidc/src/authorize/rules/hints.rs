//! OIDC Core §3.1.2.1 `login_hint`, `id_token_hint`, `ui_locales`: wishes. What cannot be used is left out, not refused.

use super::Asked;
use crate::{OAuthError, authorize::AuthorizationRequest};

/// An email address has at most 254 characters.
const MAX_LOGIN_HINT: usize = 254;
/// Enough languages for anybody.
const MAX_LOCALES: usize = 8;

pub(super) fn check(asked: &Asked<'_>, request: &mut AuthorizationRequest) -> Result<(), OAuthError> {
    let usable = |hint: &&str| hint.chars().count() <= MAX_LOGIN_HINT && !hint.chars().any(char::is_control);
    request.login_hint = asked.params.get("login_hint").filter(usable).map(str::to_owned);
    request.id_token_hint = asked.params.get("id_token_hint").map(str::to_owned);
    let tag = |tag: &&str| {
        (1..=35).contains(&tag.len()) && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let locales = asked.params.get("ui_locales").unwrap_or("").split(' ');
    request.ui_locales = locales.filter(tag).take(MAX_LOCALES).map(str::to_owned).collect();
    Ok(())
}
