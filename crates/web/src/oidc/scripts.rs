//! What scripts of a pool's own applications may read (Fetch §3.2).

use crate::{call::Call, visit::Visit};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// Lets scripts of the pool's own applications read the answer; no credentials travel with such requests.
pub(crate) fn readable(visit: &Visit, headers: &HeaderMap, mut response: Response) -> Response {
    let origin = headers
        .get(header::ORIGIN)
        .filter(|origin| origin.to_str().is_ok_and(|origin| visit.cx.pool.serves_origin(origin)));
    if let Some(origin) = origin {
        let answered = response.headers_mut();
        answered.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        answered.insert(header::VARY, HeaderValue::from_static("Origin"));
    }
    response
}

/// A preflight of a script of one of the pool's applications (Fetch §3.2.2).
pub(crate) async fn preflight(Call(visit): Call, headers: HeaderMap) -> Response {
    let mut response = readable(&visit, &headers, StatusCode::NO_CONTENT.into_response());
    let answered = response.headers_mut();
    if answered.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        answered.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        answered.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type"),
        );
        answered.insert(HeaderName::from_static("access-control-max-age"), HeaderValue::from_static("600"));
    }
    response
}
