//! Userinfo.

use crate::{call::Call, http::headers::text, oidc::scripts::readable, visit::Visit};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use vestibule_oidc::{OAuthError, bearer};

/// Userinfo (OIDC Core §5.3).
pub(crate) async fn userinfo(Call(visit): Call, headers: HeaderMap) -> Response {
    let response = match bearer::token(text(&headers, header::AUTHORIZATION)) {
        Ok(Some(token)) => claims(&visit, token).await,
        Ok(None) => challenged(&visit, StatusCode::UNAUTHORIZED, None),
        Err(error) => challenged(&visit, StatusCode::BAD_REQUEST, Some(&error)),
    };
    readable(&visit, &headers, response)
}

async fn claims(visit: &Visit, token: &str) -> Response {
    match visit.app().oidc().userinfo(&visit.cx, token).await {
        Ok(Ok(claims)) => visit.json(StatusCode::OK, claims.to_string()),
        Ok(Err(error)) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::UNAUTHORIZED);
            challenged(visit, status, Some(&error))
        }
        Err(cause) => visit.failed_json(&cause),
    }
}

/// As [`userinfo`]; the token still travels in the header.
pub(crate) async fn userinfo_post(call: Call, headers: HeaderMap) -> Response {
    userinfo(call, headers).await
}

fn challenged(visit: &Visit, status: StatusCode, error: Option<&OAuthError>) -> Response {
    let body = error.map(|error| error.to_json().to_string()).unwrap_or_default();
    let mut response = visit.json(status, body);
    if let Ok(value) = HeaderValue::from_str(&bearer::challenge(error, None, None)) {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, value);
    }
    response
}
