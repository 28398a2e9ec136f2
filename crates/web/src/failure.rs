//! What can go wrong, as people and programs see it: never a cause, always a way on.

use crate::visit::{Frame, Visit};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use vestibule_flows::Failure;
use vestibule_oidc::{ErrorCode, OAuthError};
use vestibule_pages::{ErrorPage, Message, keys};

/// A plain answer where there is no pool whose page could be shown.
pub(crate) fn bare(status: StatusCode, text: &'static str) -> Response {
    let mut response = (status, text).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// No pool lives at this host (RFC 9110 §15.5.20).
pub(crate) fn unknown_host() -> Response {
    bare(
        StatusCode::MISDIRECTED_REQUEST,
        "unknown_host: no user pool lives at this address. Check the address; administrators: see `vestibule pool list`.\n",
    )
}

/// A failure before the pool was known.
pub(crate) fn plain(cause: &Failure) -> Response {
    tracing::error!(error = %cause, "a pool could not be loaded");
    let status = status_of(cause);
    bare(status, "unavailable: the service cannot answer just now. Try again in a moment.\n")
}

fn status_of(cause: &Failure) -> StatusCode {
    if cause.is_passing() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR }
}

impl Visit {
    /// A page that says what is wrong.
    pub(crate) fn problem(&self, status: StatusCode, detail: Message) -> Response {
        let back = format!("{}/u", self.cx.pool.pool.origin);
        self.page(status, &ErrorPage::new(status.as_u16(), detail).with_back(back), Frame::default())
    }

    /// A use case failed: the cause goes to the log, the user gets the request's name.
    pub(crate) fn failed(&self, cause: &Failure) -> Response {
        tracing::error!(request.id = %self.cx.request_id, pool.id = %self.cx.pool.pool.id, error = %cause, "failed");
        let status = status_of(cause);
        let key = if cause.is_passing() { keys::UNAVAILABLE } else { keys::INTERNAL_ERROR };
        let mut response = self.problem(status, Message::error(key));
        if cause.is_passing() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        response
    }

    /// A protocol error that is shown to the user because it must not be sent anywhere (RFC 6749 §4.1.2.1).
    pub(crate) fn oauth_page(&self, error: &OAuthError) -> Response {
        let (status, key) = match error.code {
            ErrorCode::UnknownClient => (StatusCode::BAD_REQUEST, keys::CLIENT_UNKNOWN),
            ErrorCode::InvalidRedirectUri => (StatusCode::BAD_REQUEST, keys::REDIRECT_URI_INVALID),
            ErrorCode::AccessDenied | ErrorCode::UnmetAuthenticationRequirements => {
                (StatusCode::FORBIDDEN, keys::ACCOUNT_LOCKED)
            }
            _ => (StatusCode::BAD_REQUEST, keys::MALFORMED_REQUEST),
        };
        let code = format!("{}: {}", error.code.as_str(), error.hint());
        let page = ErrorPage::new(status.as_u16(), Message::error(key)).with_code(code);
        self.page(status, &page, Frame::default())
    }

    /// A protocol error for a program (RFC 6749 §5.2).
    pub(crate) fn oauth_json(&self, error: &OAuthError) -> Response {
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = self.json(status, error.to_json().to_string());
        if status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static(vestibule_oidc::token::basic_challenge());
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
