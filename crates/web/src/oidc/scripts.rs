//! What a browser asks before a script of another origin may send a request.

use crate::{call::ScriptCall, visit::Slot};
use axum::{
    Extension,
    response::{IntoResponse as _, Response},
};
use http::{HeaderName, HeaderValue, StatusCode, header};

/// A preflight of a script of one of the pool's applications (Fetch §3.2.2).
pub(crate) async fn preflight(_: ScriptCall, Extension(slot): Extension<Slot>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    if slot.readable_by().is_some() {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            HeaderValue::from_static("authorization, content-type, dpop"),
        );
        headers.insert(HeaderName::from_static("access-control-max-age"), HeaderValue::from_static("600"));
    }
    response
}
