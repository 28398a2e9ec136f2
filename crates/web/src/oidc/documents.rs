//! Documents that change only with the configuration: prebuilt bytes, an entity tag, readable from anywhere.

use crate::call::Call;
use axum::{body::Body, response::Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use vestibule_flows::Document;

/// How long relying parties may keep keys and metadata, in seconds. A new key is announced longer than this before
/// it signs.
const MAX_AGE: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// Sends a document, or 304 when the client has it (RFC 9110 §13.1.2), with the headers that it is given and its own.
pub(crate) fn document(mut headers: HeaderMap, asked: &HeaderMap, document: &Document) -> Response {
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, MAX_AGE);
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if let Ok(tag) = HeaderValue::from_maybe_shared(document.etag.clone()) {
        headers.insert(header::ETAG, tag);
    }
    let known = asked.get(header::IF_NONE_MATCH).is_some_and(|tag| tag.as_bytes() == document.etag);
    let (status, body) = if known {
        (StatusCode::NOT_MODIFIED, Body::empty())
    } else {
        (StatusCode::OK, Body::from(document.body.clone()))
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Discovery (OIDC Discovery §4).
pub(crate) async fn discovery(Call(visit): Call, headers: HeaderMap) -> Response {
    document(HeaderMap::new(), &headers, &visit.cx.pool.discovery)
}

/// The key set (RFC 7517 §5).
pub(crate) async fn jwks(Call(visit): Call, headers: HeaderMap) -> Response {
    document(HeaderMap::new(), &headers, &visit.cx.pool.jwks)
}
