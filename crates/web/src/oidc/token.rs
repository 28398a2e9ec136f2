//! The token endpoint.

use crate::{call::FormCall, oidc::scripts::readable, visit::Visit};
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use vestibule_oidc::{BackChannelRequest, Headers, OAuthError, Parameters, discovery::path};

/// The token endpoint (RFC 6749 §3.2).
pub(crate) async fn token(message: FormCall) -> Response {
    let FormCall { visit, headers, body } = message;
    let answered = match back_channel(&visit, &headers, path::TOKEN, &body) {
        Ok(request) => visit.app().oidc().token(&visit.cx, request).await,
        Err(error) => Ok(Err(error)),
    };
    let response = match answered {
        Ok(Ok(tokens)) => visit.json(StatusCode::OK, tokens.to_json().to_string()),
        Ok(Err(error)) => visit.oauth_json(&error),
        Err(cause) => visit.failed_json(&cause),
    };
    readable(&visit, &headers, response)
}

/// A request of an application, as the protocol reads it. `path` is that of the endpoint below the issuer.
pub(crate) fn back_channel(
    visit: &Visit,
    headers: &HeaderMap,
    path: &str,
    body: &str,
) -> Result<BackChannelRequest, OAuthError> {
    let texts = headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
    Ok(BackChannelRequest {
        method: "POST".to_owned(),
        url: format!("{}{path}", visit.cx.pool.issuer),
        headers: Headers::new(texts),
        form: Parameters::parse(body)?,
        certificate: None,
    })
}
