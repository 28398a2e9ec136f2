//! A program's request at a pool: it has neither cookies nor a language, and gets JSON.

use crate::{
    http::{
        form::{is_form, read},
        reply::status_of,
    },
    visit::{Caller, Visit, Web},
};
use axum::{
    extract::{FromRequest, FromRequestParts, Request},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use std::sync::Arc;
use vestibule_flows::Failure;
use vestibule_oidc::{ErrorCode, OAuthError};

/// A program's request at a pool.
pub(crate) struct Call(pub(crate) Visit);

impl FromRequestParts<Arc<Web>> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Arc<Web>) -> Result<Self, Response> {
        Visit::arrive(parts, web, Caller::Program).await.map(Self)
    }
}

/// A message that came as a form, from anywhere. A browser that brings one from another site leaves its cookies at home,
/// so it counts as a program: giving it a new cookie would take the old one away.
pub(crate) struct FormCall {
    pub(crate) visit: Visit,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl FromRequest<Arc<Web>> for FormCall {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Arc<Web>) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let visit = Visit::arrive(&parts, web, Caller::Program).await?;
        if !is_form(&parts.headers) {
            let error =
                OAuthError::invalid_request("the content type must be application/x-www-form-urlencoded");
            return Err(visit.oauth_json(&error));
        }
        let body = read(body, web.options.body_limit).await.map_err(|why| visit.unreadable(why))?;
        Ok(Self { visit, headers: parts.headers, body })
    }
}

impl FormCall {
    /// The same message as a query. A body that is not form-encoded would not fit into an address.
    pub(crate) fn as_get(&self, path: &str) -> Response {
        if self.body.bytes().all(|byte| byte.is_ascii_graphic()) {
            return self.visit.see_other(&format!("{path}?{}", self.body));
        }
        self.visit.oauth_page(&OAuthError::invalid_request("the request is not form-encoded"))
    }
}

impl Visit {
    /// A protocol error for a program (RFC 6749 §5.2).
    pub(crate) fn oauth_json(&self, error: &OAuthError) -> Response {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = self.json(status, error.to_json().to_string());
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static(vestibule_oidc::client_auth::basic_challenge());
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }

    /// A failure for a program.
    pub(crate) fn failed_json(&self, cause: &Failure) -> Response {
        tracing::error!(request.id = %self.cx.request_id, pool.id = %self.cx.pool.pool.id, error = %cause, "failed");
        let code =
            if cause.is_passing() { ErrorCode::TemporarilyUnavailable } else { ErrorCode::ServerError };
        let error = OAuthError::new(code, format!("try again; request {}", self.cx.request_id));
        let status = status_of(cause);
        self.json(status, error.to_json().to_string())
    }

    /// A JSON answer that no cache keeps.
    pub(crate) fn json(&self, status: StatusCode, body: String) -> Response {
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}
