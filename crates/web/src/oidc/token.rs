//! The token endpoint.

use crate::{
    call::{FormCall, ScriptCall},
    http::reply::{Reply, Stop},
    visit::Visit,
};
use http::{HeaderMap, StatusCode};
use vestibule_oidc::{BackChannelRequest, Headers, OAuthError, Parameters, discovery::path};

/// The token endpoint (RFC 6749 §3.2).
pub(crate) async fn token(script: ScriptCall, message: FormCall) -> Reply {
    let ScriptCall { visit, headers } = script;
    visit.note_client(&message.body);
    let refused = |error| Stop::back_channel(&headers, error);
    let request = back_channel(&visit, &headers, path::TOKEN, &message.body).map_err(refused)?;
    let tokens = visit.app().oidc().token(&visit.cx, request).await?.map_err(refused)?;
    Ok(visit.json(StatusCode::OK, tokens.to_json().to_string()))
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
