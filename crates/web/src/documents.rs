//! Documents that change only with the configuration: prebuilt bytes, an entity tag, readable from anywhere.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use vestibule_flows::Document;

/// How long relying parties may keep keys and metadata, in seconds. A new key is announced longer than this before
/// it signs.
const MAX_AGE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// Sends a document, or 304 when the client has it (RFC 9110 §13.1.2).
pub(crate) fn document(headers: &HeaderMap, document: &Document) -> Response {
    let known =
        headers.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == document.etag.as_bytes());
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        (StatusCode::OK, document.body.clone()).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, MAX_AGE);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(tag) = HeaderValue::from_str(&document.etag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
