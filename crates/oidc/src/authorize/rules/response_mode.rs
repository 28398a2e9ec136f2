//! OAuth 2.0 Multiple Response Type Encoding Practices §2.1: `query`, the default for codes, or `form_post` (OAuth 2.0 Form Post
//! Response Mode). A browser posts no form to the scheme of an app.

use super::Asked;
use crate::{OAuthError, authorize::ResponseMode};

pub(super) type Found = ResponseMode;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let Some(name) = asked.params.get("response_mode") else { return Ok(ResponseMode::default()) };
    let mode = ResponseMode::ALL.into_iter().find(|mode| mode.as_str() == name);
    let mode = mode.ok_or_else(|| OAuthError::invalid_request("response_mode must be query or form_post"))?;
    let posts = |uri: &str| uri.starts_with("https://") || uri.starts_with("http://");
    if mode == ResponseMode::FormPost && !asked.params.get("redirect_uri").is_some_and(posts) {
        return Err(OAuthError::invalid_request("response_mode form_post needs an http(s) redirect_uri"));
    }
    Ok(mode)
}
