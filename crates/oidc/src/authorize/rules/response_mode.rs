//! OAuth 2.0 Multiple Response Type Encoding Practices §2.1: `query`, the default for codes, or `form_post` (OAuth 2.0 Form Post
//! Response Mode), each signed or not (JWT Secured Authorization Response Mode). A browser posts no form to the scheme of an app.

use super::Asked;
use crate::{OAuthError, authorize::ResponseMode};
use vestibule_domain::{Client, Strictness};

pub(super) type Found = ResponseMode;

pub(super) fn check(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let mode = named(asked)?;
    permitted(mode, asked.client).map(|()| mode)
}

pub(in crate::authorize) fn permitted(mode: ResponseMode, client: &Client) -> Result<(), OAuthError> {
    if mode.is_signed() || !client.is_strict(Strictness::RequireSignedResponses) {
        return Ok(());
    }
    Err(OAuthError::invalid_request("this application has to ask for signed answers (JARM)"))
}

/// The mode of an application that names none.
pub(super) fn usual(client: &Client) -> ResponseMode {
    if client.is_strict(Strictness::RequireSignedResponses) {
        return ResponseMode::QueryJwt;
    }
    ResponseMode::Query
}

/// The mode that is named, or the usual one of the application.
fn named(asked: &Asked<'_>) -> Result<Found, OAuthError> {
    let Some(name) = asked.params.get("response_mode") else { return Ok(usual(asked.client)) };
    let mode = ResponseMode::named(name).ok_or_else(|| {
        let names: Vec<&str> = ResponseMode::names(&asked.client.strict).collect();
        OAuthError::invalid_request(format!("response_mode must be one of {}", names.join(", ")))
    })?;
    let posts = |uri: &str| uri.starts_with("https://") || uri.starts_with("http://");
    if mode.is_form() && !asked.params.get("redirect_uri").is_some_and(posts) {
        return Err(OAuthError::invalid_request("response_mode form_post needs an http(s) redirect_uri"));
    }
    Ok(mode)
}
