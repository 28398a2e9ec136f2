//! The token endpoint.

use crate::{call::FormCall, http::headers::text, oidc::scripts::readable};
use axum::response::Response;
use http::{StatusCode, header};

/// The token endpoint (RFC 6749 §3.2).
pub(crate) async fn token(message: FormCall) -> Response {
    let FormCall { visit, headers, body } = message;
    let authorization = text(&headers, header::AUTHORIZATION);
    let answered = visit.app().oidc().token(&visit.cx, authorization, &body).await;
    let response = match answered {
        Ok(Ok(tokens)) => visit.json(StatusCode::OK, tokens.to_json().to_string()),
        Ok(Err(error)) => visit.oauth_json(&error),
        Err(cause) => visit.failed_json(&cause),
    };
    readable(&visit, &headers, response)
}
