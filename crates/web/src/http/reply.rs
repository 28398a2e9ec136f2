//! Answers where there is no pool whose page could be shown: never a cause, always a way on.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use vestibule_flows::Failure;

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

pub(crate) fn status_of(cause: &Failure) -> StatusCode {
    if cause.is_passing() { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::INTERNAL_SERVER_ERROR }
}
